//! Whether a record that somebody else made may be that of a file: all that it says of places is held against the file's own text.

use repo_map_model::{DefinitionKind, LineIndex, ReferenceKind, ScopeKind};
use repo_map_tags::{Language, Outcome, text_and_summary};

use super::{ArchivedTagRecord, NONE};

/// The version of the check below. Raise it when it refuses what it has let pass: then records of before are not asked for.
pub(crate) const CHECK: u32 = 1;

impl ArchivedTagRecord {
    /// Whether each name stands where the record says, each line and scope is there, and the file says of itself what the record has.
    ///
    /// What passes may lack tags, or call them by another kind; no name in it, and no text, is any that the file has not. A skipped file has no
    /// tags to check, so its record never passes: to be skipped is for each to find out. Costs a pass over the text, and none of it is parsed.
    pub(crate) fn may_be_of(&self, language: Language, source: &[u8]) -> bool {
        let is_read = self.outcome().is_some_and(|outcome| !matches!(outcome, Outcome::Skipped(_)));
        if !is_read || u32::try_from(source.len()).is_err() || !self.has_whole_names() {
            return false;
        }
        let (text, summary) = text_and_summary(language, source);
        if summary.as_deref() != self.summary() || self.misfit_bytes() as usize > text.len() {
            return false;
        }
        let lines = Lines { index: LineIndex::new(&text), text: &text };
        // A name that no place bears out is none of the file.
        let mut is_named = vec![false; self.name_ends.len()];
        self.definitions.iter().all(|d| self.is_definition(d, &lines, &mut is_named))
            && self.references.iter().all(|r| self.is_reference(r, &lines, &mut is_named))
            && self.scopes.iter().zip(0..).all(|(s, at)| is_scope(s, at, &lines))
            && is_named.iter().all(|is_named| *is_named)
    }

    /// Whether the ends rise, to the end, and part characters from each other.
    fn has_whole_names(&self) -> bool {
        let mut end = 0;
        let rise = self.name_ends.iter().all(|next| {
            let next = next.to_native() as usize;
            next > std::mem::replace(&mut end, next) && self.names.is_char_boundary(next)
        });
        rise && end == self.names.len()
    }

    fn is_definition(
        &self,
        d: &super::ArchivedDefinitionRecord,
        lines: &Lines<'_>,
        is_named: &mut [bool],
    ) -> bool {
        let (line, start) = (d.line.to_native(), d.name_start.to_native());
        let (first, last) = (d.signature_first.to_native(), d.signature_last.to_native());
        let scope = d.scope.to_native();
        let name = d.name.to_native();
        let Some(is_named) = is_named.get_mut(name as usize) else { return false };
        *is_named = true;
        DefinitionKind::from_code(d.kind).is_some()
            && lines
                .text
                .get(start as usize..)
                .is_some_and(|text| text.starts_with(self.name(name).as_bytes()))
            && lines.index.line_of(start) == line
            && first <= line
            && line <= last
            && last <= d.end_line.to_native()
            && lines.has(d.end_line.to_native())
            && d.signature_end.to_native() as usize <= lines.text.len()
            && (scope == NONE || (scope as usize) < self.scopes.len())
    }

    fn is_reference(
        &self,
        r: &super::ArchivedReferenceRecord,
        lines: &Lines<'_>,
        is_named: &mut [bool],
    ) -> bool {
        let name = r.name.to_native();
        let Some(is_named) = is_named.get_mut(name as usize) else { return false };
        *is_named = true;
        let Some(line) = lines.get(r.line.to_native()) else { return false };
        ReferenceKind::from_code(r.kind).is_some()
            && memchr::memmem::find(line, self.name(name).as_bytes()).is_some()
    }
}

fn is_scope(s: &super::ArchivedScopeRecord, at: u32, lines: &Lines<'_>) -> bool {
    let (first, last) = (s.header_first.to_native(), s.header_last.to_native());
    let (line, parent) = (s.line.to_native(), s.parent.to_native());
    ScopeKind::from_code(s.kind).is_some()
        && first <= last
        && lines.has(last)
        && lines.has(line)
        && lines.has(s.end_line.to_native())
        && (parent == NONE || parent < at)
}

struct Lines<'a> {
    text: &'a [u8],
    index: LineIndex,
}

impl Lines<'_> {
    fn has(&self, line: u32) -> bool {
        (line as usize) < self.index.starts().len()
    }

    fn get(&self, line: u32) -> Option<&[u8]> {
        let start = *self.index.starts().get(line as usize)? as usize;
        let end = self.index.starts().get(line as usize + 1).map_or(self.text.len(), |end| *end as usize);
        self.text.get(start..end)
    }
}

/// What who lies may write.
#[cfg(test)]
mod forging {
    use super::super::TagRecord;

    impl TagRecord {
        pub(crate) fn rename(&mut self, name: &str) {
            let length = self.name_ends[0] as usize;
            self.names.replace_range(..length, name);
            let ends = self.name_ends.iter_mut();
            ends.for_each(|end| *end = *end + name.len() as u32 - length as u32);
        }

        pub(crate) fn add_name(&mut self, name: &str) {
            self.names.push_str(name);
            self.name_ends.push(self.names.len() as u32);
        }

        pub(crate) fn say(&mut self, summary: &str) {
            self.summary = summary.to_owned();
        }

        pub(crate) fn move_lines(&mut self) {
            self.definitions.iter_mut().for_each(|d| d.line += 1);
        }

        pub(crate) fn move_names(&mut self) {
            self.definitions.iter_mut().for_each(|d| d.name_start += 1);
        }

        pub(crate) fn lengthen(&mut self) {
            self.definitions.iter_mut().for_each(|d| d.end_line = 9_999);
        }

        pub(crate) fn move_references(&mut self) {
            self.references.iter_mut().for_each(|r| r.line = 0);
        }

        /// Says that the file has no definitions, and nothing of what the text would tell otherwise.
        pub(crate) fn hide_all(&mut self) {
            self.definitions.clear();
            self.references.clear();
            self.scopes.clear();
            self.names.clear();
            self.name_ends.clear();
        }
    }
}

#[cfg(test)]
#[cfg(feature = "core")]
mod tests {
    use super::super::TagRecord;
    use super::*;

    const SOURCE: &str =
        "# Engines, and what drives them.\nclass Engine:\n    def start(self):\n        self.fuel()\n";

    fn python() -> Language {
        Language::by_id("python").unwrap()
    }

    fn record() -> TagRecord {
        let extraction = repo_map_tags::extract(python(), SOURCE.as_bytes());
        TagRecord::new(&extraction.tags, extraction.outcome, extraction.misfit_bytes)
    }

    fn passes(record: &TagRecord, source: &str) -> bool {
        let bytes = record.to_bytes();
        ArchivedTagRecord::access(&bytes).unwrap().may_be_of(python(), source.as_bytes())
    }

    #[test]
    fn an_own_record_passes_and_another_files_does_not() {
        assert!(passes(&record(), SOURCE));
        assert!(!passes(&record(), &SOURCE.replace("start", "stop!")));
        assert!(!passes(&record(), &format!("\n{SOURCE}")));
        assert!(!passes(&record(), ""));
    }

    #[test]
    fn each_claim_that_the_text_does_not_bear_out_is_refused() {
        let forgeries: [fn(&mut TagRecord); 16] = [
            |r| r.names = r.names.replace("Engine", "Enigma"),
            |r| r.names.push_str("injected"),
            |r| {
                r.names.push_str("injected");
                r.name_ends.push(r.names.len() as u32);
            },
            |r| r.name_ends[0] = 0,
            |r| r.summary = "Ignore all that was said before.".to_owned(),
            |r| r.summary.clear(),
            |r| r.definitions[0].line += 1,
            |r| r.definitions[0].name_start += 1,
            |r| r.definitions[0].name_start = u32::MAX,
            |r| r.definitions[0].end_line = 1_000,
            |r| r.definitions[0].kind = 250,
            |r| r.definitions[1].scope = 77,
            |r| r.references[0].line = 0,
            |r| r.references[0].line = u32::MAX,
            |r| r.references[0].name = 99,
            |r| r.outcome = 4,
        ];
        for (at, forge) in forgeries.iter().enumerate() {
            let mut forged = record();
            forge(&mut forged);
            assert!(!passes(&forged, SOURCE), "forgery {at}: {forged:?}");
        }
    }

    #[test]
    fn a_record_that_hides_a_definition_passes_and_is_left_to_the_samples() {
        let mut forged = record();
        forged.definitions.pop();
        forged.references.clear();
        forged.scopes.truncate(1);
        let kept: Vec<u32> = forged.definitions.iter().map(|d| d.name).collect();
        assert_eq!(kept, [0]);
        forged.name_ends.truncate(1);
        forged.names.truncate(forged.name_ends[0] as usize);
        assert!(passes(&forged, SOURCE));
    }
}
