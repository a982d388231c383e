use repo_map_model::{DefinitionKind, RepoPath};

use crate::symbols::Symbol;

/// One file: its definitions in the order of its tags, its references once a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CorpusFile {
    pub(crate) path: RepoPath,
    pub(crate) present: bool,
    pub(crate) definitions: Box<[CorpusDefinition]>,
    pub(crate) references: Box<[CorpusReference]>,
    /// Ascending, each once.
    pub(crate) imports: Box<[Symbol]>,
    /// What is named in prose; the same. No rank of a file is made of it.
    pub(crate) mentions: Box<[Symbol]>,
    /// A program wrote it, or wrote it smaller.
    pub(crate) generated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CorpusDefinition {
    pub(crate) symbol: Symbol,
    pub(crate) kind: DefinitionKind,
    pub(crate) role: Role,
    /// How long it is; 0 where nobody said.
    pub(crate) lines: u16,
}

/// What a definition is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is the thing itself.
    Definition,
    /// A prototype or forward declaration.
    Declaration,
    /// A function `test_…` as pytest has them, or what stands in a module of tests: `mod tests` of the Rust book.
    Test,
    /// It stands in the body of a function and is no member of a type: no one outside can name it.
    Local,
}

impl Role {
    const ALL: [Self; 4] = [Self::Definition, Self::Declaration, Self::Test, Self::Local];

    /// The number that is kept: never another one.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CorpusReference {
    pub(crate) symbol: Symbol,
    pub(crate) count: u32,
}
