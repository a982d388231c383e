//! One file through parser and query.

use std::ops::Range;

use repo_map_model::LineIndex;
use tree_sitter::{Parser, QueryCursor, Tree};

use crate::budget::Budget;
use crate::embedded::{Embedded, astro};
use crate::generated::says_generated;
use crate::parse::parse;
use crate::query::CompiledQuery;
use crate::{
    ExtractOptions, Extraction, Language, Outcome, SkipReason, allocator, arena, found::Found, misfit,
    nesting, preprocessor, prose, screen, walk,
};

/// A text of one language, with what it says of itself.
pub(crate) fn read_text(language: Language, source: &[u8], options: &ExtractOptions) -> Extraction {
    let mut extraction = read(language, source, options);
    if !matches!(extraction.outcome, Outcome::Skipped(_)) {
        extraction.tags = extraction.tags.with_summary(summary(language, source));
    }
    extraction
}

fn read(language: Language, source: &[u8], options: &ExtractOptions) -> Extraction {
    let lines = LineIndex::new(source);
    let Some(grammar) = language.parser_language() else { return read_prose(language, source, &lines) };
    if let Some(reason) = screen::refuse_lines(source, &lines, language.row(), options) {
        return Extraction::skipped(reason);
    }
    if language.row().preprocessed
        && let Some(mut found) = preprocessor::scan(source)
    {
        found.mentions = mentions(language, source, &lines);
        // No name is inside of another here, so all of it is linear: no narrower budget is asked.
        let budget = Budget::new(&ExtractOptions::default(), source.len());
        let tags = nesting::tags(found, language.row(), source, &lines, &budget);
        return Extraction::within(tags, Outcome::Complete);
    }
    parse_and_query(language, &grammar, source, &lines, options)
}

/// A document that no grammar reads: a pass forward, without a budget.
fn read_prose(language: Language, source: &[u8], lines: &LineIndex) -> Extraction {
    let found = Found { mentions: mentions(language, source, lines), ..Found::default() };
    let budget = Budget::new(&ExtractOptions::default(), source.len());
    Extraction::within(nesting::tags(found, language.row(), source, lines, &budget), Outcome::Complete)
}

/// The names in prose: of a document, or in the comments of code. Formats without references have none.
fn mentions(language: Language, source: &[u8], lines: &LineIndex) -> Vec<Range<usize>> {
    let row = language.row();
    match row.markup {
        Some(markup) => prose::of_document(source, lines, markup),
        None if row.outline => Vec::new(),
        None => prose::of_comments(source, lines, row.documents_in_strings),
    }
}

/// The first sentence of a document or of the head of code. Formats with an outline alone say what they are elsewhere.
pub(crate) fn summary(language: Language, source: &[u8]) -> Option<Box<str>> {
    let row = language.row();
    let is_component = row.embedded == Some(Embedded::Astro);
    let source = if is_component { &source[astro::front_matter(source)] } else { source };
    match row.markup {
        Some(markup) => prose::summary::of_document(source, markup),
        None if row.outline => None,
        None => prose::summary::of_source(source, row.documents_in_strings, row.preprocessed),
    }
}

fn parse_and_query(
    language: Language,
    grammar: &tree_sitter::Language,
    source: &[u8],
    lines: &LineIndex,
    options: &ExtractOptions,
) -> Extraction {
    // Made now, if it is the first time: it is kept.
    let query = language.query(grammar);
    allocator::count();
    let work = || {
        let (tree, budget) = parse(&mut Parser::new(), language, grammar, source, lines, options);
        let Some(tree) = tree else { return Extraction::skipped(SkipReason::BudgetExceeded) };
        let extraction = read_tree(&tree, &budget, language, query, source, lines);
        arena::discard(tree);
        extraction
    };
    #[expect(unsafe_code, reason = "what an arena holds is gone afterwards")]
    // SAFETY: tags are no objects of tree-sitter, and the query was made before.
    unsafe {
        arena::with(work)
    }
}

fn read_tree(
    tree: &Tree,
    budget: &Budget,
    language: Language,
    query: &CompiledQuery,
    source: &[u8],
    lines: &LineIndex,
) -> Extraction {
    let mut found = walk::collect(&mut QueryCursor::new(), query, tree, source, budget);
    if let Some(rewrite) = language.row().rewrite.filter(|_| language.row().beside) {
        rewrite.collect(source, budget, &mut found);
    }
    if budget.exceeded() {
        return Extraction::skipped(SkipReason::BudgetExceeded);
    }
    if language.row().embedded == Some(Embedded::Astro) && budget.read(source.len()).is_continue() {
        found.references.extend(astro::used(source));
    }
    let outcome = if says_generated(source) {
        // People use what it defines. What it uses says nothing of how people use the rest.
        found.references.clear();
        Outcome::OutlineOfGenerated
    } else {
        found.mentions = mentions(language, source, lines);
        if tree.root_node().has_error() { Outcome::CompleteWithSyntaxErrors } else { Outcome::Complete }
    };
    let misfit_bytes =
        if outcome == Outcome::CompleteWithSyntaxErrors { misfit::bytes(tree, budget) } else { 0 };
    let extraction = Extraction::within(nesting::tags(found, language.row(), source, lines, budget), outcome);
    Extraction { misfit_bytes, ..extraction }
}

#[cfg(test)]
#[cfg(any(feature = "lang-c", feature = "lang-cpp"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Both ways to read a file of preprocessor lines; the fast one only where it dares.
    fn check_both_ways(source: &str) -> bool {
        let source = source.as_bytes();
        let lines = LineIndex::new(source);
        let Some(_) = preprocessor::scan(source) else { return false };
        for language in ["c", "cpp"].into_iter().filter_map(Language::by_id) {
            let found = preprocessor::scan(source).expect("it did so before");
            let budget = Budget::new(&ExtractOptions::default(), source.len());
            let fast = nesting::tags(found, language.row(), source, &lines, &budget);
            let grammar = language.parser_language().unwrap();
            let slow = parse_and_query(language, &grammar, source, &lines, &ExtractOptions::default());
            let text = String::from_utf8_lossy(source);
            assert_eq!(slow.outcome, Outcome::Complete, "{language}: {text}");
            assert_eq!(fast, Some(slow.tags), "{language}: {text}");
        }
        true
    }

    #[test]
    fn preprocessor_lines_are_read_as_the_parser_reads_them() {
        for text in [
            "",
            "\n",
            "/* only */",
            "#define A\n",
            "#define A 1\n#define B(x, ...) x\n# define C  \"/\" \r\n",
            "#define A 1 /* one\n two */\n#define B /* none */\n",
            "#define A(x) \\\n  do { x } \\\n  while (0)\n",
            "#define A \\\r\n  1\r\n#undef A\r\n#pragma once\n",
            "#ifndef A_H\n#define A_H\n#include <a.h>\n#include \"b.h\"\n#endif /* A_H */",
            "#if defined(A) && !defined B || (C + 1) >= 0x10\n#define D\n#elif X\n#define E\n#else\n#define F\n#endif\n",
            "#ifdef A\n#if B\n#define C\n#endif\n#define D\n#endif // done\n",
            "#define A a / b\n#error no\n",
        ] {
            assert!(check_both_ways(text), "not recognised: {text:?}");
        }
    }

    #[test]
    fn code_is_left_to_the_parser() {
        for text in [
            "int x;",
            "#define A 1",
            "#if 1\n",
            "#endif\n",
            "#if F(1)\n#endif\n",
            "#if 08\n#endif\n",
            "#define A \\\n \n",
            "/* open",
            "#else\n",
            "\u{1}",
        ] {
            assert!(!check_both_ways(text), "recognised: {text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        #[test]
        fn any_preprocessor_lines_are_read_as_the_parser_reads_them(
            pieces in proptest::collection::vec(prop_oneof![
                4 => "[ \t]{0,2}#[ \t]{0,2}define [A-Z_]{1,3}(\\([a-z], ?[a-z]\\)|\\(\\.\\.\\.\\)|\\(\\))?([ \t]+[-+a-zA-Z0-9(){}/*\\\\,\"'# .]{1,12})?\r?\n",
                1 => "#include [<\"][a-z/.]{1,8}[>\"]( /\\* x \\*/)?\n",
                2 => "#(ifdef|ifndef) [A-Z]{1,2}( // [a-z]{1,4})?\n",
                2 => "#(if|elif) (!?defined\\([A-Z]\\)|[A-Z0-9]{1,3}|\\([A-Z] [-+<>=&|]{1,2} [0-9]\\))( (&&|\\|\\||==) [A-Z])?\n",
                1 => "#else\n",
                3 => "#endif( /\\* [a-z]{1,3} \\*/)?\n",
                1 => "#(undef|pragma|error|warning)( [a-z \"]{1,6})?\n",
                1 => "/\\*[a-z* \n]{0,8}\\*/\n?",
                1 => "//[a-z /]{0,8}\n",
                1 => "[ \t\n]{1,3}",
            ], 0..12)
        ) {
            check_both_ways(&pieces.concat());
        }
    }
}
