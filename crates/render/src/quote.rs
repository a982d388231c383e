use crate::file::{Look, SourceFile};
use crate::source::Source;
use crate::style::Style;

/// Single lines of a source as numbered rows, `12│fn start()`: for pages that are no maps.
pub struct Quotes {
    signatures: SourceFile,
    plain: SourceFile,
}

impl Quotes {
    /// Rows of at most `width` characters, the bar included, the number not. `None` for a text whose offsets do not fit 32 bits.
    pub fn new(source: &Source, width: usize) -> Option<Self> {
        let file = |style| SourceFile::new(source.clone(), Look { style, width, line_numbers: true });
        Some(Self { signatures: file(Style::Outline)?, plain: file(Style::Tree)? })
    }

    /// What is defined on a line, counted from 0, as its whole signature; the line as it stands where nothing is.
    pub fn definition(&self, line: u32) -> String {
        self.signatures.row(line)
    }

    /// A line, counted from 0, as it stands, but for what nobody sees.
    pub fn line(&self, line: u32) -> String {
        self.plain.row(line)
    }

    /// The number of lines.
    pub fn len(&self) -> u32 {
        self.plain.len()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
