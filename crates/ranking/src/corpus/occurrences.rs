//! Where a name stands in a tree: who looks for one asks no file.

use repo_map_model::DefinitionKind;

use super::file::Role;
use super::{Corpus, FileId};
use crate::symbols::Symbol;

/// So many names are looked for one by one; more of them by one pass over all that stands in a file.
const FEW: usize = 16;

/// A definition of a name, by its position in the tags of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DefinedAt {
    /// The file.
    pub file: FileId,
    /// The position in the file's tags.
    pub definition: u32,
    /// What it defines.
    pub kind: DefinitionKind,
    /// How near it is to what somebody asks for who names it.
    pub standing: Standing,
}

/// What a definition is to somebody who asks for its name, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The thing itself.
    Definition,
    /// A prototype or forward declaration.
    Declaration,
    /// In the body of a function.
    Local,
    /// A test, or among the tests of its file.
    Test,
}

/// A file that uses names, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsedIn {
    /// The file.
    pub file: FileId,
    /// How often; what prose mentions is no use.
    pub count: u32,
}

/// Where some names stand, in the order of the files' ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Occurrences {
    /// Every definition.
    pub definitions: Vec<DefinedAt>,
    /// Every file with a use.
    pub uses: Vec<UsedIn>,
}

impl Corpus {
    /// The names that are wanted, each once, in no order that means anything; some may stand in no file any more. Costs a call a name of
    /// the tree.
    pub fn names(&self, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        self.symbols.names().filter(move |name| wanted(name))
    }

    /// Where any of these names stands. Of few names it costs a look-up a file and name and a pass over all definitions, of many a
    /// pass over all names in all files.
    pub fn occurrences<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Occurrences {
        let mut symbols: Vec<Symbol> = names.into_iter().filter_map(|name| self.symbols.get(name)).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let is_one = |symbol: Symbol| match symbols.len() {
            ..=FEW => symbols.contains(&symbol),
            _ => symbols.binary_search(&symbol).is_ok(),
        };
        let mut found = Occurrences::default();
        for (slot, file) in self.files.iter().zip(0..).filter(|(slot, _)| slot.present) {
            let file = FileId(file);
            for (definition, at) in slot.definitions.iter().zip(0..).filter(|(of, _)| is_one(of.symbol)) {
                let standing = match definition.role {
                    Role::Definition => Standing::Definition,
                    Role::Declaration => Standing::Declaration,
                    Role::Local => Standing::Local,
                    Role::Test => Standing::Test,
                };
                found.definitions.push(DefinedAt { file, definition: at, kind: definition.kind, standing });
            }
            let of_symbol = |symbol: &Symbol| {
                let at = slot.references.binary_search_by_key(symbol, |row| row.symbol).ok()?;
                Some(slot.references[at].count)
            };
            let count = match symbols.len() {
                ..=FEW => symbols.iter().filter_map(of_symbol).sum(),
                _ => slot.references.iter().filter(|row| is_one(row.symbol)).map(|row| row.count).sum(),
            };
            if count > 0 {
                found.uses.push(UsedIn { file, count });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use repo_map_model::RepoPath;

    use super::*;

    fn corpus() -> Corpus {
        let mut corpus = Corpus::new();
        let path = |text: &str| RepoPath::new(text).unwrap();
        let class = DefinitionKind::Class;
        corpus.set_file(&path("a"), [("Engine", class, false), ("run", class, false)], [("run", 2)]);
        corpus.set_file(&path("b"), [("Engine", class, true)], [("Engine", 3), ("stop", 1)]);
        corpus.set_file(&path("c"), [("Engine", class, false)], [("Engine", 1)]);
        corpus.remove_file("c");
        corpus
    }

    #[test]
    fn a_name_stands_where_it_is_defined_and_used_and_not_in_what_is_gone() {
        let corpus = corpus();
        let found = corpus.occurrences(["Engine", "nobody"]);
        let at = |file, standing| DefinedAt {
            file: FileId(file),
            definition: 0,
            kind: DefinitionKind::Class,
            standing,
        };
        assert_eq!(found.definitions, [at(0, Standing::Definition), at(1, Standing::Declaration)]);
        assert_eq!(found.uses, [UsedIn { file: FileId(1), count: 3 }]);
        assert_eq!(corpus.occurrences([]), Occurrences::default());
    }

    #[test]
    fn many_names_are_found_as_few_are() {
        let mut corpus = corpus();
        let many: Vec<String> = (0..40).map(|at| format!("n{at}")).collect();
        let path = RepoPath::new("d").unwrap();
        corpus.set_file(&path, [], many.iter().map(|name| (name.as_str(), 1)));
        let all = corpus.occurrences(corpus.names(|name| name != "stop"));
        let uses: Vec<_> = all.uses.iter().map(|of| (of.file.index(), of.count)).collect();
        assert_eq!(uses, [(0, 2), (1, 3), (3, 40)]);
        assert_eq!(all.definitions.len(), 3);
    }
}
