use std::fmt;

use repo_map_model::{DefinitionKind, ReferenceKind, RepoPath};

use crate::embedded::Embedded;
use crate::fork_gate::hold_forks;
use crate::query::CompiledQuery;
use crate::rows::{Entry, ROWS, Row};
use crate::{detect, rows, set};

/// A language that this build can read: a copyable handle to its row of the table.
///
/// Ordered as the [`id`](Self::id)s are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    /// The place in the table, which is ordered by id, or behind it.
    row: u16,
}

/// Changes whenever the code around the queries changes what it makes of a match.
const EXTRACTOR_VERSION: u32 = 21;

impl Language {
    /// Every language of this build, ordered by id.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..ROWS.len()).map(Self::at)
    }

    /// The language with this [`id`](Self::id).
    pub fn by_id(id: &str) -> Option<Self> {
        rows::of_id(id).map(Self::at)
    }

    /// The language that the file's name alone tells. A `.h` file counts as C; [`detect`](Self::detect) looks closer.
    pub fn of_path(path: &RepoPath) -> Option<Self> {
        rows::of_file_name(path).map(Self::at)
    }

    /// The language of a file, by its name and, where that leaves it open, its content.
    ///
    /// `bytes` is the content, or as much of its beginning as the caller has at hand: `.h` is decided
    /// between C and C++, and a file without an extension by its `#!` line. Reads at most 64 KiB.
    pub fn detect(path: &RepoPath, bytes: &[u8]) -> Option<Self> {
        detect::row(path, bytes).map(Self::at)
    }

    /// The stable, lower-case name: `"python"`, `"cpp"`.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// The name that people use: `"Python"`, `"C++"`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The file extensions, without a dot.
    pub fn extensions(self) -> &'static [&'static str] {
        self.row().extensions
    }

    /// The whole file names that tell the language.
    pub fn file_names(self) -> &'static [&'static str] {
        self.row().file_names
    }

    /// The interpreters whose `#!` line tells the language, without version digits.
    pub fn interpreters(self) -> &'static [&'static str] {
        self.row().interpreters
    }

    /// The kinds of definitions that the query finds; each is proven by a fixture.
    pub fn defines(self) -> &'static [DefinitionKind] {
        self.row().defines
    }

    /// The kinds of declarations without a body that the query finds.
    pub fn declares(self) -> &'static [DefinitionKind] {
        self.row().declares
    }

    /// The kinds of references that the query finds. [`Mention`](ReferenceKind::Mention) is none: names in prose are read in every language.
    pub fn references(self) -> &'static [ReferenceKind] {
        self.row().references
    }

    /// Whether it is a format with an outline: definitions that nothing refers to by name.
    pub fn is_outline(self) -> bool {
        self.row().outline
    }

    /// Whether it is a document of which only the names are read that it writes as code: no grammar, no definitions.
    pub fn is_text(self) -> bool {
        self.row().grammar.is_none()
    }

    /// The crate that holds the grammar, and its version; `None` for [texts](Self::is_text).
    pub fn grammar(self) -> Option<(&'static str, &'static str)> {
        self.row().grammar.map(|_| (self.row().grammar_package, self.row().grammar_version))
    }

    /// Identifies everything that can change the tags of this language: the extractor's version, the
    /// grammar's version and ABI, the query's text and all else that the language's row says of tags. BLAKE3, computed once a process.
    pub fn fingerprint(self) -> [u8; 32] {
        let made = &self.entry().fingerprint;
        let make = || {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&EXTRACTOR_VERSION.to_le_bytes());
            let abi = self.parser_language().map(|grammar| grammar.abi_version().to_string());
            hasher.update(abi.unwrap_or_default().as_bytes());
            hasher.update(self.row().settings().as_bytes());
            if self.row().embedded == Some(Embedded::Notebook) {
                // Its kernel may be of any of them.
                for entry in ROWS.iter() {
                    hasher.update(entry.row.settings().as_bytes());
                }
            }
            *hasher.finalize().as_bytes()
        };
        *made.get().unwrap_or_else(|| hold_forks(|| made.get_or_init(make)))
    }

    pub(crate) fn row(self) -> &'static Row {
        self.entry().row
    }

    fn entry(self) -> &'static Entry {
        let place = usize::from(self.row);
        ROWS.get(place).unwrap_or_else(|| set::changed_entry(place - ROWS.len()))
    }

    /// The language of a place in the table or behind it.
    pub(crate) fn at_place(row: u16) -> Self {
        Self { row }
    }

    fn at(row: usize) -> Self {
        Self { row: row as u16 }
    }

    /// The grammar, if it has one.
    pub(crate) fn parser_language(self) -> Option<tree_sitter::Language> {
        self.row().grammar.map(tree_sitter::Language::new)
    }

    /// The query, compiled for its grammar.
    pub(crate) fn query(self, grammar: &tree_sitter::Language) -> &'static CompiledQuery {
        let made = &self.entry().compiled;
        let make = || {
            CompiledQuery::new(grammar, self.row().query)
                .expect("every query is compiled against its pinned grammar by a test")
        };
        made.get().unwrap_or_else(|| hold_forks(|| made.get_or_init(make)))
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.id())
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
#[cfg(feature = "core")]
mod tests {
    use super::*;

    fn check_path(path: &str, expected: Option<&str>) {
        assert_eq!(Language::of_path(&RepoPath::new(path).unwrap()).map(Language::id), expected, "{path}");
    }

    #[test]
    fn names_tell_languages() {
        check_path("a/b.py", Some("python"));
        check_path("SConstruct", Some("python"));
        check_path("a.tsx", Some("tsx"));
        check_path("a.d.ts", Some("typescript"));
        check_path("a.h", Some("c"));
        check_path("a.hpp", Some("cpp"));
        check_path("py", None);
        for (path, expected) in [
            ("a.cu", "cpp"),
            ("a.cuh", "cpp"),
            ("a.C", "cpp"),
            ("a.txx", "cpp"),
            ("a.ixx", "cpp"),
            ("a.ino", "cpp"),
            ("a.es6", "javascript"),
            ("a.jsm", "javascript"),
            ("a.cts", "typescript"),
            ("Snakefile", "python"),
            ("a.smk", "python"),
            ("a.module", "php"),
            ("config.h.in", "c"),
            ("a.py.in", "python"),
            ("a.pyx", "cython"),
            ("a.pxd.in", "cython"),
        ] {
            check_path(path, Some(expected));
        }
        check_path("a.in", None);
        check_path(".in", None);
        check_path("a.PY", None);
    }

    #[test]
    fn content_decides_between_c_and_cpp() {
        let header = RepoPath::new("a.h").unwrap();
        assert_eq!(Language::detect(&header, b"class A {};").map(Language::id), Some("cpp"));
        assert_eq!(Language::detect(&header, b"struct a {};").map(Language::id), Some("c"));
        let header = RepoPath::new("a.h.in").unwrap();
        assert_eq!(Language::detect(&header, b"class A {};").map(Language::id), Some("cpp"));
        let module = RepoPath::new("a.module").unwrap();
        assert_eq!(Language::detect(&module, b"module a"), None);
    }

    #[test]
    fn fingerprints_tell_languages_apart() {
        let mut fingerprints: Vec<_> = Language::all().map(Language::fingerprint).collect();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        assert_eq!(fingerprints.len(), Language::all().len());
        assert!(Language::all().all(|language| Language::by_id(language.id()) == Some(language)));
    }
}
