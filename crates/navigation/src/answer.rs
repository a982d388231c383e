use repo_map_model::{DefinitionKind, RepoPath};

/// What was found, as a page and as rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The page, each line ended with `\n`; empty where the budget has no room for a line.
    pub text: String,
    /// The exact count of the text, at most the budget.
    pub tokens_used: usize,
    /// The rows of the page, in the order in which they stand there.
    pub rows: Vec<Row>,
    /// What was found and had no room.
    pub omitted: Omitted,
}

/// A row of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The file.
    pub path: RepoPath,
    /// The line, from 0.
    pub line: u32,
    /// The last line of what the row stands for, from 0: of a definition the end of its body.
    pub end_line: u32,
    /// What the row is.
    pub role: Role,
    /// The name that is defined or used there; empty for a mere line.
    pub name: String,
    /// What is defined there.
    pub kind: Option<DefinitionKind>,
    /// The row as printed, without its number.
    pub text: String,
}

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A definition.
    Definition,
    /// A line that uses a name.
    Reference,
    /// A definition that uses a name.
    Caller,
    /// A line of a body.
    Line,
}

/// What was found and is not on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Omitted {
    /// Definitions.
    pub definitions: usize,
    /// Uses, each once.
    pub references: usize,
    /// Lines of a body.
    pub lines: usize,
}

impl Role {
    /// The word that JSON uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Reference => "reference",
            Self::Caller => "caller",
            Self::Line => "line",
        }
    }
}
