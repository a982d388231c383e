//! What a grammar cannot read is written over before the parse, byte for byte, so that nothing moves.
//!
//! Names and signatures come from the text as it is. A rewrite only takes away what stands in the way of the declarations around it.

use std::borrow::Cow;
use std::ops::Range;

use crate::budget::Budget;
use crate::found::Found;
use crate::{cython, statements};
pub(crate) use lexer::is_of_word;

mod branches;
mod commands;
mod declarations;
mod declarators;
mod defines;
mod enumerators;
mod fortran;
mod heads;
mod keywords;
mod lexer;
mod modules;
mod parameters;
mod rust_items;
mod tokens;

/// So often a rewrite goes through a text.
const PASSES: usize = 4;

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
    /// Contexts and modifiers before declarations, objects that only a line feed ends, and types of one line.
    KotlinModifiers,
    /// `await` in bindings.
    SwiftAwaits,
    /// Calls without parentheses.
    GroovyCommands,
    /// Signatures that only a line feed ends.
    UnendedSignatures,
    /// Bodies of routines, data and lines for clients.
    Statements,
    /// What Python has not.
    Cython,
}

impl Rewrite {
    /// The text that the parser gets: as long as the source, with its lines.
    ///
    /// What it costs is paid for: so many passes over the text before any, and what is read again as it is. Beyond the budget the
    /// text is of no use.
    pub(crate) fn of<'a>(self, source: &'a [u8], budget: &Budget) -> Cow<'a, [u8]> {
        if budget.read(PASSES * source.len()).is_break() {
            return Cow::Borrowed(source);
        }
        let without = |ranges: &[Range<usize>]| blanked(Cow::Borrowed(source), ranges, budget);
        match self {
            Self::Returns => without_returns(source),
            Self::CMacros => {
                let text = without(&branches::others(source, false, budget));
                let text = blanked(text, &launches(source, budget), budget);
                let text = blanked(text, &defines::comments(source, budget), budget);
                let macros = declarations::macros(&text, budget);
                blanked(text, &macros, budget)
            }
            Self::CSharpBranches => without(&branches::others(source, true, budget)),
            Self::RustItems => rust_items::opened(source, budget),
            Self::FixedForm => fortran::freed(source),
            Self::KotlinModifiers => {
                let contexts = without(&keywords::kotlin_contexts(source, budget));
                let modifiers = keywords::kotlin_modifiers(&contexts);
                let mut text = blanked(contexts, &modifiers, budget);
                for at in
                    keywords::unended_objects(source).into_iter().chain(keywords::unended_members(source))
                {
                    text.to_mut()[at] = b';';
                }
                text
            }
            Self::SwiftAwaits => without(&keywords::swift_awaits(source, budget)),
            Self::GroovyCommands => {
                let arguments = commands::arguments(source, budget);
                let mut text = Cow::Borrowed(source);
                if !arguments.is_empty() {
                    commands::called(text.to_mut(), &arguments);
                }
                text
            }
            Self::Cython => cython::rewritten(source, budget),
            Self::Statements => {
                let unread = statements::unread(source, budget);
                let mut text = without(&unread.ranges);
                for at in unread.ends {
                    text.to_mut()[at] = b';';
                }
                text
            }
            Self::UnendedSignatures => {
                let mut text = Cow::Borrowed(source);
                for at in keywords::unended_signatures(source, budget) {
                    text.to_mut()[at] = b';';
                }
                text
            }
        }
    }

    /// Adds what it took from the grammar and knows to define something.
    pub(crate) fn collect(self, source: &[u8], budget: &Budget, found: &mut Found) {
        match self {
            Self::Statements => statements::collect(source, budget, found),
            Self::Cython => cython::collect(source, budget, found),
            _ => {}
        }
    }
}

fn blanked<'a>(mut text: Cow<'a, [u8]>, ranges: &[Range<usize>], budget: &Budget) -> Cow<'a, [u8]> {
    for range in ranges {
        if budget.read(range.len()).is_break() {
            break;
        }
        blank(&mut text.to_mut()[range.clone()]);
    }
    text
}

/// What a kernel of CUDA or HIP is launched with, `<<<a, b>>>` between its name and its arguments: without it that is a call.
fn launches(source: &[u8], budget: &Budget) -> Vec<Range<usize>> {
    const LONGEST: usize = 256;
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in memchr::memmem::find_iter(source, b"<<<") {
        let rest = &source[start..source.len().min(start + LONGEST)];
        if budget.read(rest.len()).is_break() {
            break;
        }
        let is_named =
            source[..start].trim_ascii_end().last().is_some_and(|byte| is_of_word(*byte) || *byte == b'>');
        let end = rest.iter().position(|byte| matches!(byte, b';' | b'{' | b'}')).unwrap_or(rest.len());
        if let Some(length) = memchr::memmem::find(&rest[..end], b">>>").filter(|_| is_named)
            && rest[length + 3..].trim_ascii_start().starts_with(b"(")
        {
            found.push(start..start + length + 3);
        }
    }
    found
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

#[cfg(test)]
#[path = "../../tests/hostile/mod.rs"]
mod hostile;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ExtractOptions, Language};

    #[test]
    fn rewrites_go_through_a_file_once() {
        let allowed = ExtractOptions { budget_base: 0, budget_per_kilobyte: 60, ..ExtractOptions::default() };
        for (id, source) in hostile::of_rewrites() {
            let Some(language) = Language::by_id(id) else { continue };
            let rewrite = language.row().rewrite.expect("its grammar needs one");
            let budget = Budget::new(&allowed, source.len().max(1 << 10));
            let text = rewrite.of(source.as_bytes(), &budget);
            assert!(!budget.exceeded(), "{id}: {}", &source[..source.len().min(60)]);
            assert_eq!(text.len(), source.len(), "{id}");
        }
    }
}
