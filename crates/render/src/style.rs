use std::collections::BTreeSet;

use repo_map_model::{FileTags, Scope, ScopeKind};

use crate::file::SourceFile;

/// How the definitions of a file are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// One row a definition: its signature as one line, under the rows of the types around it. Shows the most definitions
    /// for a budget.
    #[default]
    Outline,
    /// Whole signatures under the whole headers of all scopes around them, a mark `⋮` for hidden lines. A single hidden
    /// line is shown where it is no code: blank, brackets, outside of functions also a remark or an annotation; so is a
    /// blank line after a shown one. For reading.
    Tree,
}

/// What stands between two shown lines that follow each other: first a line that is shown for being there, then a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) line: Option<u32>,
    pub(crate) gap: bool,
}

impl Style {
    /// The words of the command line.
    pub const NAMES: &[&str] = &["outline", "tree"];

    /// The style of a word out of [`NAMES`](Self::NAMES).
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "outline" => Some(Self::Outline),
            "tree" => Some(Self::Tree),
            _ => None,
        }
    }

    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Outline => "outline",
            Self::Tree => "tree",
        }
    }

    /// The lines that show a definition, in order; none when the file has no such definition or no such line.
    pub(crate) fn lines(self, tags: &FileTags, definition: u32, file_lines: u32) -> BTreeSet<u32> {
        let Some(definition) = tags.definitions().get(definition as usize) else { return BTreeSet::new() };
        if definition.line >= file_lines {
            return BTreeSet::new();
        }
        let mut lines = BTreeSet::from([definition.line]);
        let scopes = tags.ancestors(definition.scope).map(|(_, scope)| scope);
        match self {
            Self::Outline => lines.extend(scopes.filter(|scope| is_type(scope)).map(|scope| scope.line)),
            Self::Tree => {
                let headers = scopes.map(|scope| scope.header);
                for span in headers.chain([definition.signature]) {
                    lines.extend(span.first..=span.last.min(file_lines));
                }
            }
        }
        lines.split_off(&file_lines);
        lines
    }

    /// What stands between two shown lines with no other between them, before the first or after the last.
    pub(crate) fn link(self, file: &SourceFile, before: Option<u32>, after: Option<u32>) -> Link {
        let first_hidden = before.map_or(0, |line| line + 1);
        let hidden = after.unwrap_or(file.len()).saturating_sub(first_hidden);
        if self == Self::Outline || hidden == 0 {
            return Link::default();
        }
        let closes = before.is_some_and(|before| {
            let blank_after_text = file.is_blank(first_hidden) && !file.is_blank(before);
            blank_after_text || (hidden == 1 && after.is_some() && file.is_closable(first_hidden))
        });
        Link { line: closes.then_some(first_hidden), gap: hidden > u32::from(closes) }
    }
}

/// Functions, namespaces and conditions tell little of their members for a line: an outline leaves them out.
pub(crate) fn is_type(scope: &Scope) -> bool {
    matches!(scope.kind, ScopeKind::Type | ScopeKind::Implementation)
}
