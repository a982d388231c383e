//! One file through the parser, with an eye on what it costs.
//!
//! The parser reports every hundred of its steps, and a step may cost next to nothing or, where it recovers from an
//! error, as much as the file is long: 12 KB of `<!--` in C take seconds and 300 reports. So more things
//! count, which nobody's machine has an influence on: what it allocates, which is most of what it does to recover,
//! the text that it is given, which scanners may go through again and again, the errors that it meets, at each of which it may go
//! through all those before, and what a text is known to make it compare.

use std::borrow::Cow;

use repo_map_model::LineIndex;
use tree_sitter::{ParseOptions, Parser, Tree};

use crate::budget::Budget;
use crate::{ExtractOptions, Language, allocator, commands, words};

/// So many allocations cost as much time as a progress call or less. Sound files of forty languages take 0.06 calls a
/// byte in this way, where a budget allows one.
const ALLOCATIONS_A_CALL: u64 = 10;

/// The bytes that the parser gets at a time, a power of two.
const CHUNK: usize = 1 << 10;

/// To go through all of them costs as much as so many progress calls, likewise. Scanners that look for an end go through all that
/// follows each time: at one call, a megabyte of Python's `\` at line ends took two seconds until the budget ended it. Others ask
/// for them again and again and look at a few, for the column of a token for instance (Perl): that costs a call.
const CALLS_A_CHUNK: u64 = 4;

/// At an error the parser goes through what it has of the text, back to the last construct that was whole: all errors before, where
/// none was. So many of them cost as much as a progress call, where it has many readings of the text, and where it has few.
const ERRORS_A_CALL: [u64; 2] = [100, 1_000];

/// The tree of a source, if the budget suffices, and what is left of the budget.
///
/// The parser has to be new: only then does the same file cost the same, whatever came before it.
pub(crate) fn parse(
    parser: &mut Parser,
    language: Language,
    grammar: &tree_sitter::Language,
    source: &[u8],
    lines: &LineIndex,
    options: &ExtractOptions,
) -> (Option<Tree>, Budget) {
    let budget = Budget::new(options, source.len());
    parser.set_language(grammar).expect("the ABI of every pinned grammar is checked by a test");
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
    let row = language.row();
    let ranges = row.embedded.map_or_else(Vec::new, |embedded| embedded.ranges(source, lines));
    parser.set_included_ranges(&ranges).expect("scripts follow each other");
    let text = row.rewrite.map_or(Cow::Borrowed(source), |rewrite| rewrite.of(source, budget));
    // Before any of it is done: nothing tells of it in between.
    let commands = if row.compared_commands { commands::work_to_compare(source) } else { 0 };
    let elements = row.restored_elements.map_or(0, |elements| elements.work_to_restore(source));
    let words = if row.looked_through_words { words::work_to_look_through(source) } else { 0 };
    if budget.spend(commands + elements + words).is_break() {
        return None;
    }
    let mut counted = Counted::new(ERRORS_A_CALL[usize::from(!language.row().many_readings)]);
    let mut progress = |_: &_| budget.spend(1 + counted.calls());
    let options = ParseOptions::new().progress_callback(&mut progress);
    let mut last = 0..0;
    let mut read = |offset: usize, _| {
        let rest = text.get(offset..).unwrap_or_default();
        let chunk = &rest[..rest.len().min(CHUNK - offset % CHUNK)];
        // What comes next is asked for when the last was gone through.
        let is_next = offset == last.end && last.len() == CHUNK;
        last = offset..offset + chunk.len();
        let is_allowed = budget.spend(if is_next { CALLS_A_CHUNK } else { 1 }).is_continue();
        // Beyond the budget as well: scanners abort where a text is not what it was a moment ago.
        if is_allowed || !language.row().cut_off { chunk } else { Default::default() }
    };
    let tree = parser.parse_with_options(&mut read, None, Some(options));
    if tree.is_none() {
        parser.reset();
    }
    // The end of a file may cost more than all of it.
    let _ = budget.spend(counted.calls());
    tree.filter(|_| !budget.exceeded())
}

/// What was counted of this thread's parser, and is paid for.
struct Counted {
    work: u64,
    errors_before: u64,
    errors: u64,
    errors_a_call: u64,
    /// Errors that were gone through, of the next call.
    passed: u64,
}

impl Counted {
    fn new(errors_a_call: u64) -> Self {
        let (work, errors_before) = (allocator::work(), allocator::errors());
        Self { work, errors_before, errors: 0, errors_a_call, passed: 0 }
    }

    /// What was done since the last time, in progress calls.
    fn calls(&mut self) -> u64 {
        let allocations = (allocator::work() - self.work) / ALLOCATIONS_A_CALL;
        self.work += allocations * ALLOCATIONS_A_CALL;
        let errors = allocator::errors() - self.errors_before;
        self.passed += (errors - self.errors) * errors;
        self.errors = errors;
        let passed = self.passed / self.errors_a_call;
        self.passed %= self.errors_a_call;
        allocations + passed
    }
}
