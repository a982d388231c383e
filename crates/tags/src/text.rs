//! What byte ranges mean in lines: signatures, headers, ends.

use std::ops::Range;

use repo_map_model::{DefinitionKind, LineIndex, LineSpan, Scope, ScopeId, ScopeKind};

use crate::budget::Budget;
use crate::found::FoundDefinition;

/// Bytes as lines.
pub(crate) struct Text<'a> {
    pub(crate) source: &'a [u8],
    pub(crate) lines: &'a LineIndex,
    pub(crate) budget: &'a Budget,
}

impl Text<'_> {
    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.lines.line_of(offset as u32)
    }

    /// The line of the last byte before `end` that is not blank, at least that of `start`.
    fn line_before(&self, start: usize, end: usize) -> u32 {
        let text = if self.budget.exceeded() { &[] } else { &self.source[start..end] };
        let blank = text.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
        // What nests may end with the same blanks. Beyond the budget nothing of it is used.
        let _ = self.budget.read(blank);
        self.line((end - blank).saturating_sub(1).max(start))
    }

    pub(crate) fn end_line(&self, node: &Range<usize>) -> u32 {
        self.line_before(node.start, node.end)
    }

    pub(crate) fn signature(&self, definition: &FoundDefinition) -> LineSpan {
        use DefinitionKind as K;
        let first = self.line(definition.node.start);
        let name = self.line(definition.name.start);
        let last = match &definition.body {
            Some(body) if body.start < definition.name.start => return LineSpan::new(name, name),
            Some(body) => self.line_before(definition.name.start, body.start),
            None if matches!(definition.kind, K::Function | K::Method | K::Constructor) => {
                self.end_line(&definition.node)
            }
            None => name,
        };
        LineSpan::new(first, last.max(name))
    }

    pub(crate) fn scope(
        &self,
        kind: ScopeKind,
        node: &Range<usize>,
        body: Option<usize>,
        name: Option<&Range<usize>>,
        parent: Option<ScopeId>,
    ) -> Option<Scope> {
        let first = self.line(node.start);
        let end_line = self.end_line(node);
        if end_line == first {
            return None;
        }
        let header = LineSpan::new(first, body.map_or(first, |body| self.line_before(node.start, body)));
        let line =
            name.map(|name| self.line(name.start)).filter(|&line| header.contains(line)).unwrap_or(first);
        Some(Scope { kind, header, line, end_line, parent })
    }
}
