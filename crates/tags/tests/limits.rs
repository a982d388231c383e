//! Inputs that would cost the process its life, or a reader its patience, come back with a reason.
#![cfg(feature = "core")]

use repo_map_model::FileTags;
use repo_map_tags::{ExtractOptions, Language, Outcome, SkipReason, extract, extract_with};

fn check(language: &str, source: &str, expected: Outcome) {
    let language = Language::by_id(language).expect("it is a core language");
    let extraction = extract(language, source.as_bytes());
    assert_eq!(extraction.outcome, expected, "{language}: {}", &source[..source.len().min(60)]);
    if expected.skip_reason().is_some() {
        assert!(extraction.tags.is_empty());
    }
}

const TOO_DEEP: Outcome = Outcome::Skipped(SkipReason::TooDeep);

#[test]
fn what_aborts_the_scanner_of_python_is_refused() {
    let nested: String = (0..600).map(|depth| format!("{}if 1:\n", " ".repeat(depth))).collect();
    check("python", &format!("{nested}{}'''open", " ".repeat(600)), TOO_DEEP);
    // The continuation lines at the margin do not close the indentation, for the scanner.
    let nested: String = (0..600).map(|depth| format!("{}if (\n1):\n", " ".repeat(depth))).collect();
    check("python", &nested, TOO_DEEP);
    let tabs: String = (0..600).map(|depth| format!("{}if 1:\n", "\t".repeat(depth))).collect();
    check("python", &tabs, TOO_DEEP);
    // Two halves of an indentation make a third, wider one.
    let joined: String = (0..600)
        .map(|depth| format!("{}\\\n{}if 1:\n", " ".repeat(depth / 2), " ".repeat(depth - depth / 2)))
        .collect();
    check("python", &joined, TOO_DEEP);
}

#[test]
fn the_deepest_python_that_is_allowed_is_parsed() {
    let nested: String = (0..375).map(|depth| format!("{}if 1:\n", " ".repeat(depth))).collect();
    let strings = "f'{".repeat(300);
    let language = Language::by_id("python").unwrap();
    let source = format!("{nested}{}{strings}", " ".repeat(375));
    assert_eq!(extract(language, source.as_bytes()).outcome, Outcome::CompleteWithSyntaxErrors);
}

#[test]
fn deep_brackets_are_refused_and_wide_ones_are_not() {
    for language in Language::all() {
        for open in ["(", "[", "{", "x(", "[{("] {
            check(language.id(), &format!("{}\n", open.repeat(6_000)), TOO_DEEP);
        }
    }
    check("python", &"f()\n".repeat(20_000), Outcome::Complete);
}

#[cfg(feature = "lang-kotlin")]
#[test]
fn strings_within_strings_that_abort_the_scanner_of_kotlin_are_refused() {
    let nested = |depth| format!("val a = {}\n\n\n\n\n\n\n", "\"${".repeat(depth));
    check("kotlin", &nested(600), TOO_DEEP);
    check("kotlin", &nested(490), Outcome::CompleteWithSyntaxErrors);
}

#[cfg(feature = "lang-perl")]
#[test]
fn a_here_document_that_the_file_ends_in_ends() {
    check("perl", "print <<E;\nfoo $x bar", Outcome::CompleteWithSyntaxErrors);
    check("perl", "print <<E;\na ${ b", Outcome::CompleteWithSyntaxErrors);
}

#[test]
fn a_line_of_data_does_not_make_a_file_minified() {
    let handlers: String =
        (0..6).map(|at| format!("def handler_{at}(a):\n    b = a.get({at})\n    return b\n\n")).collect();
    let data = format!("ICON = \"{}\"\n", "QUJD".repeat(20_000));
    let python = Language::by_id("python").unwrap();
    let read = extract(python, format!("{handlers}{data}").as_bytes());
    assert_eq!((read.outcome, read.tags.definitions().len()), (Outcome::Complete, 7));
    let minified = format!("!function(){{{}}}();\n", "var a=1;function b(c){return c+a};".repeat(200));
    let license = "/*! a library\n * by all of its authors\n */\n// of 2026\n";
    for source in [
        minified.clone(),
        format!("{license}{minified}"),
        format!("{license}'use strict';\n{minified}{minified}"),
    ] {
        check("javascript", &source, Outcome::Skipped(SkipReason::LongLines));
    }
}

#[test]
fn each_limit_has_its_reason() {
    check("c", "int x;\0", Outcome::Skipped(SkipReason::Binary));
    check("javascript", &"let x = 1;".repeat(60), Outcome::Skipped(SkipReason::LongLines));
    check("python", &"x = 1\n".repeat(200_000), Outcome::Skipped(SkipReason::TooLarge));
    check("go", "package p\nfunc {", Outcome::CompleteWithSyntaxErrors);
    check("go", "", Outcome::Complete);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    for language in Language::all() {
        check(language.id(), pointer, Outcome::Skipped(SkipReason::Pointer));
    }

    let mut options = ExtractOptions::default();
    options.max_bytes = 5;
    let python = Language::by_id("python").unwrap();
    assert_eq!(extract_with(python, b"x = 12", &options).outcome, Outcome::Skipped(SkipReason::TooLarge));
}

#[test]
fn a_small_budget_stops_parser_and_walk_and_spoils_nothing() {
    let python = Language::by_id("python").unwrap();
    let source = "def f(x):\n    return g(x)\n".repeat(2_000);
    let whole = extract(python, source.as_bytes());
    let mut options = ExtractOptions::default();
    options.budget_per_kilobyte = 0;
    let mut seen = [false; 2];
    for budget in (0..14).map(|power| 1 << power) {
        options.budget_base = budget;
        let extraction = extract_with(python, source.as_bytes(), &options);
        let complete = extraction.outcome == Outcome::Complete;
        seen[usize::from(complete)] = true;
        if complete {
            assert_eq!(extraction, whole, "{budget}");
        } else {
            assert_eq!(extraction.outcome, Outcome::Skipped(SkipReason::BudgetExceeded), "{budget}");
        }
        assert_eq!(extract(python, source.as_bytes()), whole, "after {budget}");
    }
    assert_eq!(seen, [true; 2]);
}

#[test]
fn hostile_but_small_inputs_end_within_the_budget() {
    for language in Language::all() {
        for piece in [
            "(((((",
            "<<<<<<",
            "a.b.c.",
            "if x {\n",
            "'",
            "\"",
            "`${",
            "/*",
            "*",
            "&&",
            "[1,\n",
            "x = x = ",
            "<a>\n",
            "#if A\n",
            "template<",
            "R\"(",
        ] {
            let source = format!("{}\n", format!("{piece}\n").repeat(900));
            extract(language, source.as_bytes());
        }
    }
}

#[test]
fn of_what_a_program_wrote_only_the_definitions_count() {
    let code = "package p\n\nfunc Get() int { return Put(1) }\n";
    let go = Language::by_id("go").expect("it is a core language");
    let written = extract(go, code.as_bytes());
    let generated = extract(go, format!("// Code generated by stringer. DO NOT EDIT.\n\n{code}").as_bytes());
    assert_eq!((written.outcome, generated.outcome), (Outcome::Complete, Outcome::OutlineOfGenerated));
    assert!(!written.tags.references().is_empty() && generated.tags.references().is_empty());
    let names = |tags: &FileTags| -> Vec<String> {
        tags.definitions().iter().map(|definition| tags.name(definition.name).to_owned()).collect()
    };
    assert_eq!(names(&generated.tags), names(&written.tags));
    assert!(names(&generated.tags).contains(&"Get".to_owned()));
}
