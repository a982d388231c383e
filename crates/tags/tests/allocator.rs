//! Extraction on mimalloc. A file of its own: the allocator is set once a process, before all else.
#![cfg(all(feature = "mimalloc", feature = "lang-python"))]

use repo_map_tags::{Language, Outcome, extract, use_mimalloc};

#[test]
fn tags_do_not_depend_on_the_allocator() {
    // SAFETY: the only test of this process, and nothing has used tree-sitter yet.
    unsafe { use_mimalloc() };
    let python = Language::by_id("python").unwrap();
    let source = "def f(x):\n    return g(x)\n".repeat(5_000);
    for _ in 0..3 {
        let extraction = extract(python, source.as_bytes());
        assert_eq!(extraction.outcome, Outcome::Complete);
        assert_eq!(extraction.tags.definitions().len(), 5_000);
    }
}
