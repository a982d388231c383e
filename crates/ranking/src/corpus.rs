mod compact;
mod file;
mod kept;
mod numbered;
mod occurrences;

use ahash::HashMap;
use repo_map_model::{DefinitionKind, LineSpan, RepoPath};

pub use kept::{KeptDefinition, KeptFile};
pub use numbered::NumberedTags;
pub use occurrences::{DefinedAt, Occurrences, Standing, UsedIn};

use crate::symbols::{Symbol, SymbolTable};

pub(crate) use file::{CorpusDefinition, CorpusFile, CorpusReference, Role};

/// A file of a [`Corpus`]. A path keeps its id until the corpus is [compacted](Corpus::compact), also when it is removed and set again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// The tags of all files in compact form: the input of a [`ReferenceGraph`](crate::ReferenceGraph).
///
/// Names are held once for all files; a reference is 8 bytes a (file, name) pair, a definition 8 bytes. Setting a
/// file costs one look-up a name. Names of replaced and removed files stay in the table until [`compact`](Self::compact) is called.
///
/// ```
/// use repo_map_model::{DefinitionKind, RepoPath};
/// use repo_map_ranking::Corpus;
///
/// let mut corpus = Corpus::new();
/// let path = RepoPath::new("src/engine.py").unwrap();
/// let file = corpus.set_file(&path, [("Engine", DefinitionKind::Class, false)], [("open", 1), ("open", 1)]);
/// assert_eq!(corpus.path(file), &path);
/// assert_eq!(corpus.definition_name(file, 0), Some("Engine"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    symbols: SymbolTable,
    files: Vec<CorpusFile>,
    by_path: HashMap<RepoPath, FileId>,
    present: usize,
    /// How many names the files that were replaced or removed since the last count had, each name once a use.
    dropped: usize,
    changes: u64,
}

impl FileId {
    /// A small number for tables beside the corpus: ids are given from 0 without gaps.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Corpus {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file or replaces what was known of it.
    ///
    /// `definitions` are (name, kind, whether it is a mere declaration) in the order of the file's tags: their
    /// positions come back as [`RankedDefinition::definition`](crate::RankedDefinition::definition). `references`
    /// are (name, how often), in any order; a name may come several times and its counts add up.
    pub fn set_file<'a>(
        &mut self,
        path: &RepoPath,
        definitions: impl IntoIterator<Item = (&'a str, DefinitionKind, bool)>,
        references: impl IntoIterator<Item = (&'a str, u32)>,
    ) -> FileId {
        let definitions = definitions
            .into_iter()
            .map(|(name, kind, declaration)| CorpusDefinition {
                symbol: self.symbols.intern(name),
                kind,
                role: if declaration { Role::Declaration } else { Role::Definition },
                lines: 0,
            })
            .collect();
        let references = references
            .into_iter()
            .filter(|&(_, count)| count > 0)
            .map(|(name, count)| CorpusReference { symbol: self.symbols.intern(name), count })
            .collect();
        self.insert(CorpusFile {
            path: path.clone(),
            present: true,
            definitions,
            references: merged(references),
            imports: Box::default(),
            mentions: Box::default(),
            generated: false,
        })
    }

    /// Says that a program wrote a file: hand-written ones stand before it in every order. Setting the file again forgets it.
    pub fn set_generated(&mut self, file: FileId) {
        self.files[file.index()].generated = true;
    }

    /// Says where each definition of a file stands, from the line of its name to its last one, in their order: how long it is, and whether it
    /// is among the tests of its file or in the body of a function. A member of a type is in no body, though the type may be: it is
    /// reached through the type, which a function may give (`fn List(comptime T: type) type`, mixins). Setting the file again forgets it.
    pub fn set_spans(&mut self, file: FileId, spans: impl IntoIterator<Item = LineSpan>) {
        let symbols = &self.symbols;
        let CorpusFile { path, definitions, .. } = &mut self.files[file.index()];
        // In other languages such names are not of tests alone: `test_bit` of Linux.
        let has_test_names = matches!(path.extension(), Some("py" | "rs"));
        let mut tests = None;
        let mut body: Option<LineSpan> = None;
        for (definition, span) in definitions.iter_mut().zip(spans) {
            definition.lines = u16::try_from(span.last.saturating_sub(span.first) + 1).unwrap_or(u16::MAX);
            let name = symbols.name(definition.symbol);
            if definition.kind == DefinitionKind::Module && matches!(name, "test" | "tests") {
                tests = Some(span.last).max(tests);
            }
            let is_test = has_test_names && definition.kind.is_callable() && name.starts_with("test_");
            // Each is reached through its type, also what a constructor sets.
            let is_member = matches!(
                definition.kind,
                DefinitionKind::Field | DefinitionKind::Method | DefinitionKind::Constructor
            );
            let within = |of: LineSpan| of.first < span.first && span.last <= of.last;
            if is_test || tests.is_some_and(|last| span.last <= last) {
                definition.role = Role::Test;
            } else if !is_member && body.is_some_and(within) {
                definition.role = Role::Local;
            }
            if definition.kind.is_callable() && body.is_none_or(|of| of.last < span.last) {
                body = Some(span);
            }
        }
    }

    /// Says which names a file imports: modules, and what is taken from them; setting the file again forgets it.
    pub fn set_imports<'a>(&mut self, file: FileId, names: impl IntoIterator<Item = &'a str>) {
        self.files[file.index()].imports = self.interned(names);
    }

    /// Says which names a file has in prose: in code spans of a document, in comments. They are no references; setting the file again forgets it.
    pub fn set_mentions<'a>(&mut self, file: FileId, names: impl IntoIterator<Item = &'a str>) {
        self.files[file.index()].mentions = self.interned(names);
    }

    /// The names that a file has in prose, each once, in no order that means anything.
    pub fn mentions(&self, file: FileId) -> impl Iterator<Item = &str> {
        let symbols = self.files.get(file.index()).map_or(&[][..], |file| &*file.mentions);
        symbols.iter().map(|symbol| self.symbols.name(*symbol))
    }

    fn interned<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Box<[Symbol]> {
        distinct(names.into_iter().map(|name| self.symbols.intern(name)).collect())
    }

    /// Forgets a file; whether it was there.
    pub fn remove_file(&mut self, path: &str) -> bool {
        let Some(id) = self.file(path) else { return false };
        let file = &mut self.files[id.index()];
        self.dropped += file.uses();
        self.changes += 1;
        file.present = false;
        file.definitions = Box::default();
        file.references = Box::default();
        file.imports = Box::default();
        file.mentions = Box::default();
        self.present -= 1;
        true
    }

    /// How often a file was set to something else than it was, or removed: as long as this stays, so does what was built of the corpus.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.present
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.present == 0
    }

    /// The id of a path, if the file is there.
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied().filter(|id| self.files[id.index()].present)
    }

    /// The path of a file, also of a removed one.
    ///
    /// # Panics
    /// When the id is another corpus's and larger than any of this one.
    pub fn path(&self, file: FileId) -> &RepoPath {
        &self.files[file.index()].path
    }

    /// The name of a definition by its position in the file's tags.
    pub fn definition_name(&self, file: FileId, definition: u32) -> Option<&str> {
        let definitions = &self.files.get(file.index())?.definitions;
        definitions.get(definition as usize).map(|definition| self.symbols.name(definition.symbol))
    }

    pub(crate) fn symbols(&self) -> &SymbolTable {
        &self.symbols
    }

    /// Every id that was ever given, with its file.
    pub(crate) fn slots(&self) -> &[CorpusFile] {
        &self.files
    }

    fn insert(&mut self, file: CorpusFile) -> FileId {
        self.changes += 1;
        if let Some(&id) = self.by_path.get(&file.path) {
            let slot = &mut self.files[id.index()];
            self.present += usize::from(!slot.present);
            self.dropped += slot.uses();
            *slot = file;
            return id;
        }
        let id = FileId(u32::try_from(self.files.len()).expect("a repository has fewer than 2^32 files"));
        self.by_path.insert(file.path.clone(), id);
        self.files.push(file);
        self.present += 1;
        id
    }
}

impl CorpusFile {
    /// Its names, each once a use.
    fn symbols(&self) -> impl Iterator<Item = Symbol> {
        let of_definitions = self.definitions.iter().map(|definition| definition.symbol);
        let of_references = self.references.iter().map(|reference| reference.symbol);
        of_definitions.chain(of_references).chain(self.imports.iter().chain(&self.mentions).copied())
    }

    fn uses(&self) -> usize {
        self.definitions.len() + self.references.len() + self.imports.len() + self.mentions.len()
    }
}

/// In the order of symbols, each once.
fn distinct(mut symbols: Vec<Symbol>) -> Box<[Symbol]> {
    symbols.sort_unstable();
    symbols.dedup();
    symbols.into()
}

/// One row a symbol, in the order of symbols.
fn merged(mut rows: Vec<CorpusReference>) -> Box<[CorpusReference]> {
    rows.sort_unstable_by_key(|row| row.symbol);
    rows.dedup_by(|next, kept| {
        let same = next.symbol == kept.symbol;
        if same {
            kept.count = kept.count.saturating_add(next.count);
        }
        same
    });
    rows.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use repo_map_model::{Definition, FileTags, LineSpan, Reference, ReferenceKind};

    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    #[test]
    fn references_of_a_name_add_up() {
        let mut corpus = Corpus::new();
        let file = corpus.set_file(&path("a"), [], [("x", 1), ("y", 2), ("x", 3), ("z", 0)]);
        let rows: Vec<_> = corpus.slots()[file.index()]
            .references
            .iter()
            .map(|row| (corpus.symbols().name(row.symbol), row.count))
            .collect();
        assert_eq!(rows, [("x", 4), ("y", 2)]);
    }

    #[test]
    fn tags_give_their_names_and_counts() {
        let mut tags = FileTags::builder();
        let (run, stop) = (tags.name("run"), tags.name("stop"));
        tags.definition(Definition {
            name: stop,
            kind: DefinitionKind::Method,
            declaration: true,
            line: 0,
            name_start: 0,
            signature: LineSpan::new(0, 0),
            signature_end: 0,
            end_line: 0,
            scope: None,
        });
        for line in 0..3 {
            tags.reference(Reference { name: run, kind: ReferenceKind::Call, line });
        }
        for name in [run, stop] {
            tags.reference(Reference { name, kind: ReferenceKind::Mention, line: 4 });
        }
        let mut corpus = Corpus::new();
        let file = corpus.set_tags(&path("a"), &tags.build());
        let slot = &corpus.slots()[file.index()];
        let references: Vec<_> =
            slot.references.iter().map(|row| (corpus.symbols().name(row.symbol), row.count)).collect();
        assert_eq!(references, [("run", 3)], "what is mentioned is not used");
        assert_eq!(corpus.mentions(file).collect::<std::collections::BTreeSet<_>>(), ["run", "stop"].into());
        assert_eq!(corpus.definition_name(file, 0), Some("stop"));
        assert!(
            slot.definitions[0].role == Role::Declaration
                && slot.definitions[0].kind == DefinitionKind::Method
        );
    }

    #[test]
    fn tests_in_a_module_of_a_file_are_known_and_what_stands_around_it_is_none() {
        let mut corpus = Corpus::new();
        let named = [
            ("run", DefinitionKind::Function, 0, 4),
            ("tests", DefinitionKind::Module, 6, 20),
            ("runs", DefinitionKind::Function, 8, 10),
            ("inner", DefinitionKind::Module, 12, 19),
            ("deep", DefinitionKind::Function, 13, 14),
            ("stop", DefinitionKind::Function, 22, 24),
            ("tests", DefinitionKind::Function, 26, 28),
            ("test_bit", DefinitionKind::Function, 30, 30),
            ("test", DefinitionKind::Module, 32, 32),
        ];
        let mut of_tests = |name: &str| {
            let file = corpus.set_file(&path(name), named.map(|(name, kind, ..)| (name, kind, false)), []);
            corpus.set_spans(file, named.map(|(_, _, first, last)| LineSpan::new(first, last)));
            let found = corpus.slots()[file.index()].definitions.iter().filter(|of| of.role == Role::Test);
            found.map(|of| corpus.symbols().name(of.symbol).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(of_tests("a.rs"), ["tests", "runs", "inner", "deep", "test_bit", "test"]);
        assert_eq!(of_tests("a.h"), ["tests", "runs", "inner", "deep", "test"]);
    }

    #[test]
    fn what_stands_in_the_body_of_a_function_is_known_and_the_fields_that_it_sets_are_not_that() {
        let named = [
            ("Engine", DefinitionKind::Class, 0, 20),
            ("start", DefinitionKind::Constructor, 2, 9),
            ("speed", DefinitionKind::Field, 4, 4),
            ("on_stop", DefinitionKind::Function, 6, 8),
            ("run", DefinitionKind::Method, 11, 12),
            ("later", DefinitionKind::Variable, 12, 12),
            ("stop", DefinitionKind::Function, 22, 22),
        ];
        let mut corpus = Corpus::new();
        let file = corpus.set_file(&path("a.ts"), named.map(|(name, kind, ..)| (name, kind, false)), []);
        corpus.set_spans(file, named.map(|(_, _, first, last)| LineSpan::new(first, last)));
        let found = corpus.slots()[file.index()].definitions.iter().filter(|of| of.role == Role::Local);
        let found: Vec<&str> = found.map(|of| corpus.symbols().name(of.symbol)).collect();
        assert_eq!(found, ["on_stop", "later"]);
    }

    #[test]
    fn members_of_a_type_that_a_function_gives_are_not_hidden_in_it() {
        let named = [
            ("List", DefinitionKind::Function, 0, 20),
            ("Self", DefinitionKind::Constant, 1, 1),
            ("items", DefinitionKind::Field, 3, 3),
            ("init", DefinitionKind::Constructor, 5, 7),
            ("append", DefinitionKind::Method, 9, 15),
            ("grown", DefinitionKind::Variable, 10, 10),
            ("less", DefinitionKind::Function, 11, 12),
        ];
        let mut corpus = Corpus::new();
        let file = corpus.set_file(&path("a.zig"), named.map(|(name, kind, ..)| (name, kind, false)), []);
        corpus.set_spans(file, named.map(|(_, _, first, last)| LineSpan::new(first, last)));
        let found = corpus.slots()[file.index()].definitions.iter().filter(|of| of.role == Role::Local);
        let found: Vec<&str> = found.map(|of| corpus.symbols().name(of.symbol)).collect();
        assert_eq!(found, ["Self", "grown", "less"]);
    }

    #[test]
    fn a_path_keeps_its_id() {
        let mut corpus = Corpus::new();
        let a = corpus.set_file(&path("a"), [], []);
        let b = corpus.set_file(&path("b"), [("f", DefinitionKind::Function, false)], []);
        assert!(corpus.remove_file("a") && !corpus.remove_file("a") && !corpus.remove_file("c"));
        assert_eq!((corpus.len(), corpus.file("a"), corpus.file("b")), (1, None, Some(b)));
        assert_eq!(corpus.set_file(&path("a"), [], []), a);
        assert_eq!(corpus.set_file(&path("a"), [], []), a);
        assert_eq!(
            (corpus.len(), corpus.definition_name(b, 0), corpus.definition_name(b, 1)),
            (2, Some("f"), None)
        );
    }
}
