//! One file through the parser, with an eye on what it costs.
//!
//! The parser reports every hundred of its steps, and a step may cost next to nothing or, where it recovers from an
//! error, as much as the file is long: 12 KB of `<!--` in C take seconds and 300 reports. So two more things
//! count, which nobody's machine has an influence on: what it allocates, which is most of what it does to recover,
//! and the text that it is given, which scanners may go through again and again.

use std::borrow::Cow;

use repo_map_model::LineIndex;
use tree_sitter::{ParseOptions, Parser, Tree};

use crate::budget::Budget;
use crate::{ExtractOptions, Language, allocator, embedded};

/// So many allocations cost as much time as a progress call or less. Sound files of forty languages take 0.06 calls a
/// byte in this way, where a budget allows one.
const ALLOCATIONS_A_CALL: u64 = 10;

/// The bytes that the parser gets at a time, a power of two. To go through them costs as much, likewise.
const CHUNK: usize = 1 << 10;

/// The tree of a source, if the budget suffices, and what is left of the budget.
///
/// The parser has to be new: only then does the same file cost the same, whatever came before it.
pub(crate) fn parse(
    parser: &mut Parser,
    language: Language,
    source: &[u8],
    lines: &LineIndex,
    options: &ExtractOptions,
) -> (Option<Tree>, Budget) {
    let budget = Budget::new(options, source.len());
    let tree = parse_within(&budget, parser, language, source, lines);
    (tree, budget)
}

fn parse_within(
    budget: &Budget,
    parser: &mut Parser,
    language: Language,
    source: &[u8],
    lines: &LineIndex,
) -> Option<Tree> {
    parser
        .set_language(&tree_sitter::Language::new(language.row().grammar))
        .expect("the ABI of every pinned grammar is checked by a test");
    let ranges = if language.row().scripts { embedded::scripts(source, lines) } else { Vec::new() };
    parser.set_included_ranges(&ranges).expect("scripts follow each other");
    let text = if language.row().blank_returns { without_returns(source) } else { Cow::Borrowed(source) };
    let mut counted = allocator::work();
    let mut progress = |_: &_| budget.spend(1 + calls_for_allocations(&mut counted));
    let options = ParseOptions::new().progress_callback(&mut progress);
    let mut read = |offset: usize, _| {
        let rest = text.get(offset..).unwrap_or_default();
        let chunk = &rest[..rest.len().min(CHUNK - offset % CHUNK)];
        let is_allowed = budget.spend(1).is_continue();
        // Beyond the budget as well: scanners abort where a text is not what it was a moment ago.
        if is_allowed || !language.row().cut_off { chunk } else { Default::default() }
    };
    let tree = parser.parse_with_options(&mut read, None, Some(options));
    if tree.is_none() {
        parser.reset();
    }
    // The end of a file may cost more than all of it.
    let _ = budget.spend(calls_for_allocations(&mut counted));
    tree.filter(|_| !budget.exceeded())
}

/// What was allocated since `counted`, in progress calls.
fn calls_for_allocations(counted: &mut u64) -> u64 {
    let calls = (allocator::work() - *counted) / ALLOCATIONS_A_CALL;
    *counted += calls * ALLOCATIONS_A_CALL;
    calls
}

/// The text with blanks in the place of carriage returns, so that nothing moves.
fn without_returns(source: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', source).is_none() {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.iter().map(|&byte| if byte == b'\r' { b' ' } else { byte }).collect())
}
