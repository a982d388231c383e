use std::fmt;

use repo_map_model::FileTags;

/// What [`extract`](crate::extract) found in a file, and how far it came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extraction {
    /// The tags; empty when the file was skipped.
    pub tags: FileTags,
    /// How far the extraction came.
    pub outcome: Outcome,
    /// How many bytes do not fit the grammar: those of [`Outcome::CompleteWithSyntaxErrors`] that are in no construct.
    pub misfit_bytes: u32,
}

/// How far an extraction came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The whole file was understood.
    Complete,
    /// The whole file was read; some of it does not fit the grammar, and tags may be missing there.
    CompleteWithSyntaxErrors,
    /// The whole file was read, and says that a program wrote it: its definitions are there, its references are left out.
    OutlineOfGenerated,
    /// The file has no tags, for this reason.
    Skipped(SkipReason),
}

macro_rules! skip_reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal $word:literal $sentence:literal),+ $(,)?) => {
        /// Why a file has no tags. The codes are stored: never renumber, only append.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum SkipReason {
            $($(#[$doc])* $variant = $code),+
        }

        impl SkipReason {
            /// Every reason, in the order of the codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word that JSON and listings use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The number that archives hold; never 0, 1 or 200, which stand for the other outcomes.
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The reason of an archived number; `None` when a later version wrote it.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for SkipReason {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$variant => $sentence),+ })
            }
        }
    };
}

skip_reasons! {
    /// It holds NUL bytes.
    Binary = 2 "binary" "The file holds NUL bytes: it is binary, not text.",
    /// It is larger than [`max_bytes`](crate::ExtractOptions::max_bytes).
    TooLarge = 3 "too-large" "The file is larger than the size limit of extraction (1 MiB unless set otherwise).",
    /// Its lines are longer on average than [`max_average_line`](crate::ExtractOptions::max_average_line), and not for a few of them.
    LongLines = 4 "long-lines" "Most of the file are lines so long that it must be minified or generated.",
    /// It is indented or nested so deeply that a parser might abort the process.
    TooDeep = 5 "too-deep" "The file is nested so deeply that a parser could take the process down.",
    /// Parsing or querying cost more than its budget.
    BudgetExceeded = 6 "budget-exceeded" "Parsing the file costs far more work than its size allows.",
    /// The process that parsed it died of it, or had to be ended. Only whoever parses in other processes can tell.
    ParserDied = 7 "parser-died" "The parser's process died of the file, twice.",
    /// A here-document's delimiter is longer than any scanner keeps.
    LongDelimiter = 8 "long-delimiter" "A here-document of the file has so long a delimiter that a parser could take the process down.",
    /// It is the pointer of Git LFS or git-annex: its content is elsewhere.
    Pointer = 9 "pointer" "The file is a pointer to what Git LFS or git-annex keeps elsewhere, and holds no source.",
}

/// Far from the codes of reasons, which are appended.
const OUTLINE_OF_GENERATED: u8 = 200;

impl Outcome {
    /// The number that archives hold: 0 complete, 1 with syntax errors, 200 the outline of a generated file, else the code of the reason.
    pub const fn code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::CompleteWithSyntaxErrors => 1,
            Self::OutlineOfGenerated => OUTLINE_OF_GENERATED,
            Self::Skipped(reason) => reason.code(),
        }
    }

    /// The outcome of an archived number; `None` when a later version wrote it.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Complete),
            1 => Some(Self::CompleteWithSyntaxErrors),
            OUTLINE_OF_GENERATED => Some(Self::OutlineOfGenerated),
            _ => match SkipReason::from_code(code) {
                Some(reason) => Some(Self::Skipped(reason)),
                None => None,
            },
        }
    }

    /// Why the file was skipped, if it was.
    pub const fn skip_reason(self) -> Option<SkipReason> {
        match self {
            Self::Skipped(reason) => Some(reason),
            Self::Complete | Self::CompleteWithSyntaxErrors | Self::OutlineOfGenerated => None,
        }
    }
}

impl Extraction {
    /// The tags, if they were found within the budget.
    pub(crate) fn within(tags: Option<FileTags>, outcome: Outcome) -> Self {
        match tags {
            Some(tags) => Self { tags, outcome, misfit_bytes: 0 },
            None => Self::skipped(SkipReason::BudgetExceeded),
        }
    }

    pub(crate) fn skipped(reason: SkipReason) -> Self {
        Self { tags: FileTags::default(), outcome: Outcome::Skipped(reason), misfit_bytes: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_name_their_outcome() {
        let reasons = SkipReason::ALL.iter().map(|&reason| Outcome::Skipped(reason));
        let read = [Outcome::Complete, Outcome::CompleteWithSyntaxErrors, Outcome::OutlineOfGenerated];
        for outcome in read.into_iter().chain(reasons) {
            assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
        }
        assert_eq!(Outcome::from_code(255), None);
    }
}
