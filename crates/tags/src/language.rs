use std::fmt;
use std::hash::{Hash, Hasher};

use repo_map_model::{DefinitionKind, ReferenceKind, RepoPath};

use crate::query::CompiledQuery;
use crate::rows::{Entry, ROWS, Row};
use crate::{detect, rows};

/// A language that this build can read: a copyable handle to its row of the table.
///
/// Equal, ordered and hashed by [`id`](Self::id).
#[derive(Clone, Copy)]
pub struct Language(&'static Entry);

/// Changes whenever the code around the queries changes what it makes of a match.
const EXTRACTOR_VERSION: u32 = 1;

impl Language {
    /// Every language of this build, ordered by id.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        ROWS.iter().map(|entry| Self(entry))
    }

    /// The language with this [`id`](Self::id).
    pub fn by_id(id: &str) -> Option<Self> {
        ROWS.iter().find(|entry| entry.row.id == id).map(|entry| Self(entry))
    }

    /// The language that the file's name alone tells. A `.h` file counts as C; [`detect`](Self::detect) looks closer.
    pub fn of_path(path: &RepoPath) -> Option<Self> {
        rows::of_file_name(path).map(Self)
    }

    /// The language of a file, by its name and, where that leaves it open, its content.
    ///
    /// `bytes` is the content, or as much of its beginning as the caller has at hand: `.h` is decided
    /// between C and C++, and a file without an extension by its `#!` line. Reads at most 64 KiB.
    pub fn detect(path: &RepoPath, bytes: &[u8]) -> Option<Self> {
        detect::row(path, bytes).map(Self)
    }

    /// The stable, lower-case name: `"python"`, `"cpp"`.
    pub fn id(self) -> &'static str {
        self.0.row.id
    }

    /// The name that people use: `"Python"`, `"C++"`.
    pub fn name(self) -> &'static str {
        self.0.row.name
    }

    /// The file extensions, without a dot.
    pub fn extensions(self) -> &'static [&'static str] {
        self.0.row.extensions
    }

    /// The whole file names that tell the language.
    pub fn file_names(self) -> &'static [&'static str] {
        self.0.row.file_names
    }

    /// The interpreters whose `#!` line tells the language, without version digits.
    pub fn interpreters(self) -> &'static [&'static str] {
        self.0.row.interpreters
    }

    /// The kinds of definitions that the query finds; each is proven by a fixture.
    pub fn defines(self) -> &'static [DefinitionKind] {
        self.0.row.defines
    }

    /// The kinds of declarations without a body that the query finds.
    pub fn declares(self) -> &'static [DefinitionKind] {
        self.0.row.declares
    }

    /// The kinds of references that the query finds.
    pub fn references(self) -> &'static [ReferenceKind] {
        self.0.row.references
    }

    /// Identifies everything that can change the tags of this language: the extractor's version, the
    /// grammar's version and ABI, the query's text and the language itself. BLAKE3, computed once a process.
    pub fn fingerprint(self) -> [u8; 32] {
        *self.0.fingerprint.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&EXTRACTOR_VERSION.to_le_bytes());
            let abi = tree_sitter::Language::new(self.0.row.grammar).abi_version().to_string();
            for part in [self.0.row.id, self.0.row.grammar_version, &abi]
                .into_iter()
                .chain(self.0.row.query.iter().copied())
            {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
            *hasher.finalize().as_bytes()
        })
    }

    pub(crate) fn row(self) -> &'static Row {
        &self.0.row
    }

    pub(crate) fn query(self) -> &'static CompiledQuery {
        self.0.compiled.get_or_init(|| {
            CompiledQuery::new(&tree_sitter::Language::new(self.0.row.grammar), self.0.row.query)
                .expect("every query is compiled against its pinned grammar by a test")
        })
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

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Language {}

impl PartialOrd for Language {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Language {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id().cmp(other.id())
    }
}

impl Hash for Language {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}
