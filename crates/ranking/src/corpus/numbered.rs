//! Tags that say their names by numbers: each name is looked up once, however many tags have it.

use repo_map_model::{DefinitionKind, FileTags, LineSpan, ReferenceKind, RepoPath};

use super::{Corpus, CorpusDefinition, CorpusFile, CorpusReference, FileId, Role, distinct, merged};
use crate::symbols::Symbol;

/// The tags of a file, with a table of names.
pub trait NumberedTags {
    /// The names, from number 0 on.
    fn names(&self) -> impl Iterator<Item = &str>;

    /// Name, kind, whether it is a mere declaration, and the lines from that of its name to its last one; in the order of the file's tags.
    fn definitions(&self) -> impl Iterator<Item = (u32, DefinitionKind, bool, LineSpan)>;

    /// Name and kind, in any order, a name as often as it is there.
    fn references(&self) -> impl Iterator<Item = (u32, ReferenceKind)>;

    /// Whether a program wrote the file, as far as it says so.
    fn is_generated(&self) -> bool {
        false
    }
}

impl Corpus {
    /// [`set_file`](Self::set_file), [`set_spans`](Self::set_spans), [`set_imports`](Self::set_imports),
    /// [`set_mentions`](Self::set_mentions) and [`set_generated`](Self::set_generated) at once. A number without a name stands for the empty one.
    pub fn set_tags(&mut self, path: &RepoPath, tags: &impl NumberedTags) -> FileId {
        let mut symbols: Vec<Symbol> = self.symbols.intern_all(tags.names());
        let named = symbols.len();
        let mut number = |name: u32| match (name as usize) < named {
            true => name as usize,
            false => {
                if symbols.len() == named {
                    symbols.push(self.symbols.intern(""));
                }
                named
            }
        };
        let (mut definitions, mut spans) = (Vec::new(), Vec::new());
        for (name, kind, is_declaration, span) in tags.definitions() {
            let role = if is_declaration { Role::Declaration } else { Role::Definition };
            definitions.push((number(name), kind, role));
            spans.push(span);
        }
        let mut counts = vec![0_u32; named + 1];
        let (mut imports, mut mentions) = (Vec::new(), Vec::new());
        for (name, kind) in tags.references() {
            let name = number(name);
            match kind {
                ReferenceKind::Mention => mentions.push(name),
                ReferenceKind::Import => {
                    imports.push(name);
                    counts[name] = counts[name].saturating_add(1);
                }
                _ => counts[name] = counts[name].saturating_add(1),
            }
        }
        let all = |of: Vec<usize>| distinct(of.into_iter().map(|name| symbols[name]).collect());
        let definition = |(name, kind, role): (usize, _, _)| CorpusDefinition {
            symbol: symbols[name],
            kind,
            role,
            lines: 0,
        };
        let before = self.file(path.as_str()).map(|file| self.files[file.index()].clone());
        let counted = symbols.iter().zip(counts).filter(|(_, count)| *count > 0);
        let file = self.insert(CorpusFile {
            path: path.clone(),
            present: true,
            definitions: definitions.into_iter().map(definition).collect(),
            references: merged(counted.map(|(&symbol, count)| CorpusReference { symbol, count }).collect()),
            imports: all(imports),
            mentions: all(mentions),
            generated: false,
        });
        self.set_spans(file, spans);
        if tags.is_generated() {
            self.set_generated(file);
        }
        // Most edits of a line leave the tags as they were, but for where they stand.
        if before.as_ref() == Some(&self.files[file.index()]) {
            self.changes -= 1;
        }
        file
    }
}

impl NumberedTags for FileTags {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.names().iter().map(|name| &**name)
    }

    fn definitions(&self) -> impl Iterator<Item = (u32, DefinitionKind, bool, LineSpan)> {
        let span = |line, end_line| LineSpan::new(line, end_line);
        self.definitions().iter().map(move |d| (d.name.0, d.kind, d.declaration, span(d.line, d.end_line)))
    }

    fn references(&self) -> impl Iterator<Item = (u32, ReferenceKind)> {
        self.references().iter().map(|reference| (reference.name.0, reference.kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of two names, and tags that ask for a third.
    struct Damaged;

    impl NumberedTags for Damaged {
        fn names(&self) -> impl Iterator<Item = &str> {
            ["run", "stop"].into_iter()
        }

        fn definitions(&self) -> impl Iterator<Item = (u32, DefinitionKind, bool, LineSpan)> {
            [7, 1].into_iter().map(|name| (name, DefinitionKind::Function, false, LineSpan::new(0, 3)))
        }

        fn references(&self) -> impl Iterator<Item = (u32, ReferenceKind)> {
            [(0, ReferenceKind::Call), (u32::MAX, ReferenceKind::Import), (2, ReferenceKind::Mention)]
                .into_iter()
        }
    }

    #[test]
    fn tags_that_say_the_same_again_are_no_change() {
        let (mut corpus, path) = (Corpus::new(), RepoPath::new("a").unwrap());
        let mut changes = Vec::new();
        for tags in [&FileTags::default(), &FileTags::default()] {
            corpus.set_tags(&path, tags);
            changes.push(corpus.changes());
        }
        corpus.set_tags(&path, &Damaged);
        changes.push(corpus.changes());
        corpus.set_tags(&path, &Damaged);
        changes.push(corpus.changes());
        corpus.remove_file("a");
        changes.push(corpus.changes());
        corpus.set_tags(&path, &Damaged);
        changes.push(corpus.changes());
        assert_eq!(changes, [1, 1, 2, 2, 3, 4]);
    }

    #[test]
    fn a_number_without_a_name_moves_no_other_tag() {
        let mut corpus = Corpus::new();
        let file = corpus.set_tags(&RepoPath::new("a").unwrap(), &Damaged);
        assert_eq!([0, 1].map(|at| corpus.definition_name(file, at)), [Some(""), Some("stop")]);
        let slot = &corpus.slots()[file.index()];
        let names: Vec<_> =
            slot.references.iter().map(|of| (corpus.symbols().name(of.symbol), of.count)).collect();
        assert_eq!(names, [("run", 1), ("", 1)]);
        assert_eq!((slot.imports.len(), slot.definitions[0].lines), (1, 4));
        assert_eq!(corpus.mentions(file).collect::<Vec<_>>(), [""]);
    }
}
