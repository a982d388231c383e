//! What a grammar cannot read is written over before the parse, byte for byte, so that nothing moves.
//!
//! Names and signatures come from the text as it is. A rewrite only takes away what stands in the way of the declarations around it.

use std::borrow::Cow;
use std::ops::Range;

mod branches;
mod declarations;
mod fortran;
mod heads;
mod keywords;
mod lexer;
mod rust_items;

/// What is written over.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rewrite {
    /// Carriage returns, of which the grammar knows nothing.
    Returns,
    /// Macros among declarations, and branches of conditions that each open a brace.
    CMacros,
    /// The same branches, and conditions around attributes alone.
    CSharpBranches,
    /// Calls of macros around items.
    RustItems,
    /// The form of punched cards.
    FixedForm,
    /// Modifiers before types.
    KotlinModifiers,
    /// `await` in bindings.
    SwiftAwaits,
    /// Signatures that only a line feed ends.
    UnendedSignatures,
}

impl Rewrite {
    /// The text that the parser gets: as long as the source, with its lines.
    pub(crate) fn of(self, source: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Returns => without_returns(source),
            Self::CMacros => {
                let text = blanked(Cow::Borrowed(source), &branches::others(source, false));
                let macros = declarations::macros(&text);
                blanked(text, &macros)
            }
            Self::CSharpBranches => blanked(Cow::Borrowed(source), &branches::others(source, true)),
            Self::RustItems => rust_items::opened(source),
            Self::FixedForm => fortran::freed(source),
            Self::KotlinModifiers => blanked(Cow::Borrowed(source), &keywords::kotlin_modifiers(source)),
            Self::SwiftAwaits => blanked(Cow::Borrowed(source), &keywords::swift_awaits(source)),
            Self::UnendedSignatures => {
                let mut text = Cow::Borrowed(source);
                for at in keywords::unended_signatures(source) {
                    text.to_mut()[at] = b';';
                }
                text
            }
        }
    }
}

fn blanked<'a>(mut text: Cow<'a, [u8]>, ranges: &[Range<usize>]) -> Cow<'a, [u8]> {
    for range in ranges {
        blank(&mut text.to_mut()[range.clone()]);
    }
    text
}

fn blank(text: &mut [u8]) {
    for byte in text.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
}

/// The text with blanks in the place of carriage returns.
fn without_returns(source: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', source).is_none() {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.iter().map(|&byte| if byte == b'\r' { b' ' } else { byte }).collect())
}
