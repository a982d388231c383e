//! A corpus that is kept and read again: names by their numbers, so that none is looked up.

use repo_map_model::{DefinitionKind, RepoPath};

use super::{Corpus, CorpusDefinition, CorpusFile, CorpusReference, FileId, Role};
use crate::symbols::Symbol;

/// A file by numbers of names.
pub trait KeptFile {
    /// What it defines, in the order of its tags.
    fn definitions(&self) -> impl Iterator<Item = KeptDefinition>;

    /// The names that it references, ascending, each once, with how often.
    fn references(&self) -> impl Iterator<Item = (u32, u32)>;

    /// The names that it imports, ascending, each once.
    fn imports(&self) -> impl Iterator<Item = u32>;

    /// The names that it has in prose, ascending, each once.
    fn mentions(&self) -> impl Iterator<Item = u32>;
}

/// A definition by the number of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptDefinition {
    /// The number of its name.
    pub name: u32,
    /// What it defines.
    pub kind: DefinitionKind,
    /// What it is for, as [`Corpus::kept`] gives it.
    pub role: u8,
    /// How long it is.
    pub lines: u16,
}

/// What the number of a role has beside it in a file that a program wrote.
const OF_GENERATED: u8 = 1 << 7;

struct OfCorpus<'c>(&'c CorpusFile);

impl KeptFile for OfCorpus<'_> {
    fn definitions(&self) -> impl Iterator<Item = KeptDefinition> {
        self.0.definitions.iter().map(|of| KeptDefinition {
            name: of.symbol.0,
            kind: of.kind,
            role: of.role.code() | if self.0.generated { OF_GENERATED } else { 0 },
            lines: of.lines,
        })
    }

    fn references(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.references.iter().map(|of| (of.symbol.0, of.count))
    }

    fn imports(&self) -> impl Iterator<Item = u32> {
        self.0.imports.iter().map(|symbol| symbol.0)
    }

    fn mentions(&self) -> impl Iterator<Item = u32> {
        self.0.mentions.iter().map(|symbol| symbol.0)
    }
}

impl Corpus {
    /// All names by their numbers, from 0, also those that no file has any more.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.symbols.names()
    }

    /// A file by the numbers of its names.
    ///
    /// # Panics
    /// When the id is another corpus's and larger than any of this one.
    pub fn kept(&self, file: FileId) -> impl KeptFile + '_ {
        OfCorpus(&self.files[file.index()])
    }

    /// Takes further names, which get the next numbers. They stand end to end in `text`, each with its end, and none of them was there before:
    /// of equal ones the first look-up finds any. `None` where the ends are no ends of names: then the corpus is of no use.
    pub fn add_names(&mut self, text: &str, ends: impl Iterator<Item = u32>) -> Option<()> {
        self.symbols.append(text, ends)
    }

    /// Takes a file as [`kept`](Self::kept) has given it; that a file without definitions is [generated](Self::set_generated) is to be said
    /// again. `None` where a number has no name or means nothing, or rows are in another order: then
    /// the file is as it was.
    pub fn add_kept(&mut self, path: &RepoPath, file: &impl KeptFile) -> Option<FileId> {
        let names = self.symbols.len();
        let symbol = |name: u32| ((name as usize) < names).then_some(Symbol(name));
        let ascending = |symbols: &[Symbol]| symbols.is_sorted_by(|a, b| a < b);
        let definition = |of: KeptDefinition| {
            let (symbol, role) = (symbol(of.name)?, Role::from_code(of.role & !OF_GENERATED)?);
            Some(CorpusDefinition { symbol, kind: of.kind, role, lines: of.lines })
        };
        let references: Box<[CorpusReference]> = file
            .references()
            .map(|(name, count)| Some(CorpusReference { symbol: symbol(name)?, count }))
            .collect::<Option<_>>()?;
        let imports: Box<[Symbol]> = file.imports().map(symbol).collect::<Option<_>>()?;
        let mentions: Box<[Symbol]> = file.mentions().map(symbol).collect::<Option<_>>()?;
        let is_sorted = references.is_sorted_by(|a, b| a.symbol < b.symbol);
        if !is_sorted || !ascending(&imports) || !ascending(&mentions) {
            return None;
        }
        Some(self.insert(CorpusFile {
            path: path.clone(),
            present: true,
            generated: file.definitions().next().is_some_and(|of| of.role & OF_GENERATED != 0),
            definitions: file.definitions().map(definition).collect::<Option<_>>()?,
            references,
            imports,
            mentions,
        }))
    }
}

#[cfg(test)]
mod tests {
    use repo_map_model::LineSpan;

    use super::*;
    use crate::{Evidence, Preset, RankRequest, ReferenceGraph, Weights, combine};

    struct Row {
        definitions: Vec<KeptDefinition>,
        references: Vec<(u32, u32)>,
        imports: Vec<u32>,
    }

    impl KeptFile for Row {
        fn definitions(&self) -> impl Iterator<Item = KeptDefinition> {
            self.definitions.iter().copied()
        }

        fn references(&self) -> impl Iterator<Item = (u32, u32)> {
            self.references.iter().copied()
        }

        fn imports(&self) -> impl Iterator<Item = u32> {
            self.imports.iter().copied()
        }

        fn mentions(&self) -> impl Iterator<Item = u32> {
            std::iter::empty()
        }
    }

    fn sample() -> Corpus {
        let mut corpus = Corpus::new();
        for at in 0..30_u32 {
            let path = RepoPath::new(&format!("p{}/m{at}.py", at % 4)).unwrap();
            let names = [format!("f{at}"), format!("Class{}", at % 7), format!("f{}", (at * 7 + 1) % 30)];
            let defined = [
                (names[0].as_str(), DefinitionKind::Function, false),
                (&names[1], DefinitionKind::Class, true),
            ];
            let file = corpus.set_file(&path, defined, [(names[2].as_str(), at % 3 + 1), (&names[1], 1)]);
            corpus.set_spans(file, [LineSpan::new(0, at), LineSpan::new(1, at)]);
            corpus.set_imports(file, [format!("m{}", (at * 7 + 1) % 30).as_str()]);
            corpus.set_mentions(file, [names[1].as_str()]);
        }
        corpus
    }

    fn read_again(corpus: &Corpus) -> Corpus {
        let mut again = Corpus::new();
        let names: Vec<&str> = corpus.all_names().collect();
        for part in names.chunks(11) {
            let ends = part.iter().scan(0, |end, name| {
                *end += name.len() as u32;
                Some(*end)
            });
            again.add_names(&part.concat(), ends).unwrap();
        }
        for slot in corpus.slots().iter().filter(|slot| slot.present) {
            let file = corpus.file(slot.path.as_str()).unwrap();
            again.add_kept(&slot.path, &corpus.kept(file)).unwrap();
        }
        again
    }

    fn ranked(corpus: &Corpus) -> Vec<(String, u32, u64)> {
        let graph = ReferenceGraph::build(corpus, Preset::default());
        let chat = [RepoPath::new("p1/m5.py").unwrap()];
        let mut told = Vec::new();
        for chat in [&chat[..], &[]] {
            let request = RankRequest { limit: usize::MAX, chat_files: chat, ..RankRequest::default() };
            let chances = combine(corpus, &graph, &request, &Evidence::new(), &Weights::default());
            let definitions = chances.definitions.iter();
            told.extend(
                definitions.map(|of| (corpus.path(of.file).to_string(), of.definition, of.chance.to_bits())),
            );
        }
        told
    }

    #[test]
    fn a_corpus_that_was_kept_ranks_as_the_one_that_was_filled_and_goes_on_as_that() {
        let mut filled = sample();
        filled.remove_file("p3/m7.py");
        let mut again = read_again(&filled);
        assert_eq!(ranked(&again), ranked(&filled));
        for corpus in [&mut filled, &mut again] {
            let path = RepoPath::new("p1/m5.py").unwrap();
            corpus.set_file(
                &path,
                [("f5", DefinitionKind::Class, false), ("new", DefinitionKind::Class, false)],
                [("f9", 2)],
            );
        }
        assert_eq!(ranked(&again), ranked(&filled));
        assert_eq!(again.all_names().collect::<Vec<_>>(), filled.all_names().collect::<Vec<_>>());
    }

    #[test]
    fn numbers_that_mean_nothing_are_refused() {
        let mut corpus = sample();
        let names = corpus.all_names().count() as u32;
        let path = RepoPath::new("x.py").unwrap();
        let of = |name, role| KeptDefinition { name, kind: DefinitionKind::Class, role, lines: 1 };
        let row = |definitions: Vec<_>, references: Vec<_>, imports| Row { definitions, references, imports };
        for bad in [
            row(vec![of(names, 0)], vec![], vec![]),
            row(vec![of(0, 4)], vec![], vec![]),
            row(vec![], vec![(names, 1)], vec![]),
            row(vec![], vec![(2, 1), (1, 1)], vec![]),
            row(vec![], vec![], vec![1, 1]),
        ] {
            assert_eq!(corpus.add_kept(&path, &bad), None);
        }
        assert!(corpus.file("x.py").is_none());
        for (text, ends) in [("ab", vec![2, 1]), ("ab", vec![3]), ("ä", vec![1, 2]), ("ab", vec![1])] {
            assert_eq!(Corpus::new().add_names(text, ends.into_iter()), None, "{text}");
        }
    }
}
