use crate::bm25::Bm25;

/// Where in a file a word stands. A word counts in the content and in each field that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// The whole text.
    Content = 0,
    /// The names of definitions, in words and exact.
    Names = 1,
    /// The lines of definitions before their bodies.
    Signatures = 2,
    /// Lines that begin as comments do in most languages.
    Prose = 3,
}

/// Words in each field of a file.
pub(crate) type Lengths = [u32; Field::COUNT];

impl Field {
    pub(crate) const COUNT: usize = 4;
    pub(crate) const ALL: [Self; Self::COUNT] = [Self::Content, Self::Names, Self::Signatures, Self::Prose];

    pub(crate) const fn model(self) -> Bm25 {
        match self {
            Self::Content | Self::Prose => Bm25::CONTENT,
            Self::Names | Self::Signatures => Bm25::NAMES,
        }
    }
}
