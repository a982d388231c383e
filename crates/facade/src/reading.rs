//! How much of a tree was read: what a map that lacks something says of it.

use std::collections::BTreeMap;
use std::fmt;

use repo_map_files::SkipReason as UnreadReason;
use repo_map_tags::{Outcome, SkipReason};

use crate::skipped_file::SkipCause;
use crate::tagged_file::TaggedFile;

/// Of so many of a hundred bytes, or files, more is said by a [notice](crate::RepoMap::notices).
const MOST_PERCENT: u64 = 3;

/// So many bytes that do not fit are a line, and nobody's loss, of however few.
const FEW_BYTES: u64 = 64;

/// Why files are left out for what they are. What takes a parser's process down, or too long, is rare and told otherwise.
const WORTH_A_NOTICE: &[SkipReason] = &[SkipReason::TooLarge, SkipReason::LongLines, SkipReason::Binary];

/// How much of the files in languages of ours was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The files that were read, and those that were left out.
    pub all: Extent,
    /// The files that do not fit their grammar in parts, and the bytes of these parts.
    pub misfits: Extent,
    /// What was left out, by the word of the reason: `too-large`, `long-lines`, `binary` and the like.
    pub left_out: BTreeMap<&'static str, Extent>,
}

/// How much something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extent {
    /// In files.
    pub files: usize,
    /// In bytes.
    pub bytes: u64,
}

impl Extent {
    fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }

    /// Whether it is more than what nobody minds, of all.
    fn is_much_of(self, all: Self) -> bool {
        self.bytes * 100 > all.bytes * MOST_PERCENT
            || self.files as u64 * 100 > all.files as u64 * MOST_PERCENT
    }
}

fn sum<'e>(extents: impl Iterator<Item = &'e Extent>) -> Extent {
    extents.fold(Extent::default(), |sum, of| Extent {
        files: sum.files + of.files,
        bytes: sum.bytes + of.bytes,
    })
}

impl Reading {
    /// Counts a file that has `misfit_bytes` if it does not fit its grammar.
    pub(crate) fn count_read(&mut self, bytes: u64, misfit_bytes: Option<u32>) {
        self.all.add(bytes);
        if let Some(misfit_bytes) = misfit_bytes {
            self.misfits.add(misfit_bytes.into());
        }
    }

    /// Counts a file that has no tags.
    pub(crate) fn count_left_out(&mut self, bytes: u64, cause: &SkipCause) {
        let word = match cause {
            // To whoever asks it is the same limit.
            SkipCause::Unread(UnreadReason::TooLarge) => SkipReason::TooLarge.as_str(),
            SkipCause::Untagged(reason) => reason.as_str(),
            // Nothing is known of them, or nothing yet.
            SkipCause::Unread(_) | SkipCause::Interrupted(_) => return,
        };
        self.all.add(bytes);
        self.left_out.entry(word).or_default().add(bytes);
    }

    /// Counts a file that was read by itself.
    pub fn count(&mut self, file: &TaggedFile) {
        match file.outcome {
            Outcome::Skipped(reason) => self.count_left_out(file.bytes, &SkipCause::Untagged(reason)),
            Outcome::CompleteWithSyntaxErrors => self.count_read(file.bytes, Some(file.misfit_bytes)),
            Outcome::Complete | Outcome::OutlineOfGenerated => self.count_read(file.bytes, None),
        }
    }

    /// All that was left out.
    pub fn all_left_out(&self) -> Extent {
        sum(self.left_out.values())
    }

    /// The share of the bytes that do not fit the grammar, in percent of those that were read.
    pub fn misfit_percent(&self) -> f64 {
        let read = self.all.bytes.saturating_sub(self.all_left_out().bytes);
        if read == 0 { 0.0 } else { self.misfits.bytes as f64 * 100.0 / read as f64 }
    }

    /// What is to be said where it is more than nobody minds.
    pub(crate) fn notice(&self) -> Option<String> {
        let left_out = sum(WORTH_A_NOTICE.iter().filter_map(|reason| self.left_out.get(reason.as_str())));
        let has_misfits = self.misfits.bytes > FEW_BYTES && self.misfit_percent() > MOST_PERCENT as f64;
        if !has_misfits && !left_out.is_much_of(self.all) {
            return None;
        }
        let cure = if self.left_out.contains_key(SkipReason::TooLarge.as_str()) {
            "; a larger file is read with --max-file-bytes or max_bytes in the table [files] of the user's file"
        } else {
            ""
        };
        Some(format!("definitions may be missing: {self}{cure}"))
    }
}

/// One line.
impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files, {} bytes", self.all.files, self.all.bytes)?;
        let mut mark = "; ";
        if self.misfits.files > 0 {
            let (files, percent) = (self.misfits.files, self.misfit_percent());
            write!(f, "{mark}parts of {files} do not fit the grammar ({percent:.1} % of the bytes)")?;
            mark = ", ";
        }
        let left_out = self.all_left_out().files;
        if left_out > 0 {
            let words: Vec<_> =
                self.left_out.iter().map(|(word, extent)| format!("{} {word}", extent.files)).collect();
            write!(f, "{mark}{left_out} without tags ({})", words.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_that_is_missing_is_not_worth_a_notice() {
        let mut reading = Reading::default();
        (0..100).for_each(|at| reading.count_read(1_000, (at == 0).then_some(900)));
        reading.count_left_out(1_000, &SkipCause::Untagged(SkipReason::LongLines));
        assert_eq!(reading.notice(), None);
        assert!(reading.misfit_percent() < 1.0);
        reading.count_left_out(5_000, &SkipCause::Unread(UnreadReason::TooLarge));
        let notice = reading.notice().unwrap();
        let told = "definitions may be missing: 102 files, 106000 bytes; parts of 1 do not fit the grammar \
                    (0.9 % of the bytes), 2 without tags (1 long-lines, 1 too-large)";
        assert!(notice.starts_with(told), "{notice}");
        assert!(notice.contains("max_bytes"), "{notice}");
    }

    #[test]
    fn bytes_that_do_not_fit_are_worth_one() {
        let mut reading = Reading::default();
        reading.count_read(1_000, Some(40));
        assert_eq!(reading.notice(), None);
        reading.count_read(1_000, Some(40));
        reading.count_left_out(500, &SkipCause::Unread(UnreadReason::Symlink));
        assert_eq!(reading.all.files, 2);
        let notice = reading.notice().unwrap();
        assert!(notice.contains("4.0 %") && !notice.contains("max_bytes"), "{notice}");
    }
}
