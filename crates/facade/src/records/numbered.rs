//! A record as the corpus takes it: names by their numbers, in place.

use repo_map_model::{DefinitionKind, LineSpan, ReferenceKind};
use repo_map_ranking::NumberedTags;
use repo_map_tags::{Outcome, SkipReason};

use super::ArchivedTagRecord;

impl NumberedTags for ArchivedTagRecord {
    fn names(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.name_ends.iter().map(move |end| {
            let end = end.to_native() as usize;
            self.names.get(std::mem::replace(&mut start, end)..end).unwrap_or_default()
        })
    }

    fn definitions(&self) -> impl Iterator<Item = (u32, DefinitionKind, bool, LineSpan)> {
        self.definitions.iter().map(|d| {
            let kind = DefinitionKind::from_code(d.kind).unwrap_or(DefinitionKind::Variable);
            let span = LineSpan::new(d.line.to_native(), d.end_line.to_native());
            (d.name.to_native(), kind, d.declaration, span)
        })
    }

    fn references(&self) -> impl Iterator<Item = (u32, ReferenceKind)> {
        // What a later version calls otherwise is a use.
        let kind = |code| ReferenceKind::from_code(code).unwrap_or(ReferenceKind::Call);
        self.references.iter().map(move |reference| (reference.name.to_native(), kind(reference.kind)))
    }

    fn is_generated(&self) -> bool {
        let by = |outcome| {
            matches!(outcome, Outcome::OutlineOfGenerated | Outcome::Skipped(SkipReason::LongLines))
        };
        self.outcome().is_some_and(by)
    }
}
