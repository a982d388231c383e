//! The risk: a host that gives tree-sitter no heap of its own has no bound on the work of a hostile file, or another one.
//! A file of its own: nothing in this process chooses an allocator.
#![cfg(feature = "core")]

use repo_map_tags::{Language, Outcome, SkipReason, extract};

const EXCEEDED: Outcome = Outcome::Skipped(SkipReason::BudgetExceeded);

fn outcome(id: &str, source: &str) -> Outcome {
    extract(Language::by_id(id).expect("the core is compiled in"), source.as_bytes()).outcome
}

fn hostile(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len()) + &"\n".repeat(bytes / 400)
}

#[test]
fn quadratic_recovery_from_errors_exceeds_the_budget() {
    for id in ["c", "c_sharp", "cpp", "go", "java", "kotlin", "python"] {
        let outcome = outcome(id, &hostile("<!--", 12_000));
        // A screen refuses `<` that are never closed before they are parsed.
        let is_refused = outcome == EXCEEDED || outcome == Outcome::Skipped(SkipReason::TooDeep);
        assert!(is_refused, "{id}: {outcome:?}");
    }
    assert_eq!(outcome("lua", &hostile("<a>", 12_000)), EXCEEDED);
}

#[cfg(feature = "lang-gleam")]
#[test]
fn what_can_be_read_in_two_ways_is_bounded() {
    for piece in ["\"\"\"", "1 ", "a\n", "\"\" ", "`"] {
        assert_eq!(outcome("gleam", &hostile(piece, 100_000)), EXCEEDED, "{piece}");
    }
    let large = "/// Adds.\npub fn add(\n  a: Int,\n) -> Int {\n  a + \"text\"\n}\n\n".repeat(1_000);
    assert_eq!(outcome("gleam", &large), Outcome::Complete);
}

#[test]
fn scanners_that_never_report_are_cut_off() {
    for (id, piece) in [("kotlin", "$$"), ("scala", "`")] {
        assert_eq!(outcome(id, &hostile(piece, 60_000)), EXCEEDED, "{id}");
    }
}

#[test]
fn sound_files_stay_whole() {
    assert_eq!(outcome("python", &"def f(x):\n    return g(x)\n".repeat(5_000)), Outcome::Complete);
    assert_eq!(outcome("c", &"int f(int x) { return g(x); }\n".repeat(5_000)), Outcome::Complete);
}
