//! One file, whatever it holds.

use std::borrow::Cow;

use crate::decode::decode;
use crate::embedded::Embedded;
use crate::pointer::is_pointer;
use crate::read::{read_text, summary};
use crate::{ExtractOptions, Extraction, Language, SkipReason, notebook, screen};

/// Finds the definitions, references and scopes of one file, with the default limits.
///
/// `source` is the file as it is on disk; it is decoded first (see [`decode`](crate::decode())). Names that are not
/// UTF-8 are left out. Costs about 1.2 times the parsing alone, some 0.1 s a megabyte; memory grows with the
/// tree, 20 to 200 times the source while it lasts, and a thread keeps up to 8 MB for its next file. The first call
/// for a language compiles its query.
pub fn extract(language: Language, source: &[u8]) -> Extraction {
    extract_with(language, source, &ExtractOptions::default())
}

/// [`extract`] within limits of the caller's choice.
pub fn extract_with(language: Language, source: &[u8], options: &ExtractOptions) -> Extraction {
    let source = &*text(language, source);
    if let Some(reason) = screen::refuse_bytes(source, options) {
        return Extraction::skipped(reason);
    }
    if is_pointer(source) {
        return Extraction::skipped(SkipReason::Pointer);
    }
    if language.row().embedded == Some(Embedded::Notebook) {
        return notebook::read(language, source, options);
    }
    read_text(language, source, options)
}

/// The text that the tags of a file are of, and what it says of itself: what a record of its tags can be compared with, at a hundredth
/// of the cost of [`extract`]. Of a notebook it is the file as it is stored.
pub fn text_and_summary(language: Language, source: &[u8]) -> (Cow<'_, [u8]>, Option<Box<str>>) {
    let text = text(language, source);
    let summary = summary(language, &text);
    (text, summary)
}

/// A file as its grammar reads it.
fn text(language: Language, source: &[u8]) -> Cow<'_, [u8]> {
    let mut source = decode(source);
    if language.row().final_line_feed && !source.ends_with(b"\n") {
        source.to_mut().push(b'\n');
    }
    source
}
