//! Extraction on mimalloc. A file of its own: the allocator is set once a process, before all else.
#![cfg(all(feature = "mimalloc", feature = "core"))]

use std::sync::Once;

use repo_map_tags::{ExtractOptions, Language, Outcome, SkipReason, extract, extract_with, use_mimalloc};

fn language(id: &str) -> Language {
    static START: Once = Once::new();
    // SAFETY: every test of this process begins here, and waits until this is done.
    START.call_once(|| unsafe { use_mimalloc() });
    Language::by_id(id).expect("the features of the test are on")
}

const EXCEEDED: Outcome = Outcome::Skipped(SkipReason::BudgetExceeded);

#[test]
fn tags_do_not_depend_on_the_allocator() {
    let python = language("python");
    let source = "def f(x):\n    return g(x)\n".repeat(5_000);
    for _ in 0..3 {
        let extraction = extract(python, source.as_bytes());
        assert_eq!(extraction.outcome, Outcome::Complete);
        assert_eq!(extraction.tags.definitions().len(), 5_000);
    }
}

#[test]
fn trees_that_outgrow_the_memory_of_a_thread_are_read_and_freed() {
    let python = language("python");
    let line = "def f(x):\n    return g(x)\n";
    let repeats = ExtractOptions::default().max_bytes / line.len();
    let source = line.repeat(repeats);
    let mut first = None;
    for round in 0..6 {
        let extraction = extract(python, source.as_bytes());
        assert_eq!(extraction.outcome, Outcome::Complete);
        assert_eq!(extraction.tags.definitions().len(), repeats);
        // One tree takes some 40 MB.
        if let (Some(resident), true) = (resident(), round > 1) {
            let first = *first.get_or_insert(resident);
            assert!(
                resident < first + (64 << 20),
                "{first} bytes after two rounds, {resident} after {round}"
            );
        }
    }
}

/// What this process has in memory, in bytes, where that can be read.
fn resident() -> Option<u64> {
    let pages =
        std::fs::read_to_string("/proc/self/statm").ok()?.split_whitespace().nth(1)?.parse::<u64>().ok()?;
    Some(pages * 4096)
}

/// 12 KB that the parser would recover from for seconds, in a few hundred progress calls.
fn hostile(piece: &str) -> String {
    piece.repeat(12_000 / piece.len()) + &"\n".repeat(30)
}

#[test]
fn quadratic_recovery_from_errors_exceeds_the_budget() {
    for id in ["c", "c_sharp", "cpp", "go", "java", "kotlin", "python"] {
        for piece in ["<!--", "/+"] {
            let outcome = extract(language(id), hostile(piece).as_bytes()).outcome;
            // A screen refuses `<` that are never closed before they are parsed.
            let is_refused = outcome == EXCEEDED || outcome == Outcome::Skipped(SkipReason::TooDeep);
            assert!(is_refused, "{id}: {piece}: {outcome:?}");
        }
    }
    assert_eq!(extract(language("javascript"), hostile("lambda a: ").as_bytes()).outcome, EXCEEDED);
}

#[test]
fn scanners_that_read_on_and_on_exceed_the_budget() {
    for piece in ["++", "<a>", "/*"] {
        assert_eq!(extract(language("lua"), hostile(piece).as_bytes()).outcome, EXCEEDED, "{piece}");
    }
}

#[cfg(feature = "lang-dart")]
#[test]
fn a_scanner_that_never_reports_is_cut_off() {
    let source = "`".repeat(300_000) + &"\n".repeat(1_000);
    assert_eq!(extract(language("dart"), source.as_bytes()).outcome, EXCEEDED);
}

#[test]
fn files_that_came_before_do_not_count() {
    let c = language("c");
    let source = "/+".repeat(100) + "\n";
    let outcome = |budget| {
        let mut options = ExtractOptions::default();
        (options.budget_base, options.budget_per_kilobyte) = (budget, 0);
        extract_with(c, source.as_bytes(), &options).outcome
    };
    // A new thread has nothing from earlier files.
    let alone = |budget| std::thread::scope(|scope| scope.spawn(|| outcome(budget)).join().unwrap());
    let (mut exceeded, mut enough) = (0, 50_000);
    while exceeded + 1 < enough {
        let middle = u64::midpoint(exceeded, enough);
        *(if alone(middle) == EXCEEDED { &mut exceeded } else { &mut enough }) = middle;
    }
    assert!(enough < 50_000);
    for budget in exceeded - 50..enough + 50 {
        assert_eq!(outcome(budget), alone(budget), "{budget} of {enough}");
    }
}
