//! The risk: a file that the parser reads at once takes a pass after it, or before it, minutes; or a parse runs away in a way that
//! its own reports do not tell of.
#![cfg(feature = "core")]

mod hostile;

use std::sync::mpsc;
use std::time::Duration;

#[cfg(feature = "lang-groovy")]
use repo_map_model::DefinitionKind;
use repo_map_tags::{Extraction, Language, Outcome, SkipReason, extract};

const BEYOND: Outcome = Outcome::Skipped(SkipReason::BudgetExceeded);

/// What would take minutes if its cost grew with the square of its length.
fn read(language: &str, source: String) -> Extraction {
    let id = language.to_owned();
    let language = Language::by_id(language).expect("it is in this build");
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(extract(language, source.as_bytes())));
    let read = receiver.recv_timeout(Duration::from_secs(120));
    read.unwrap_or_else(|_| panic!("{id} is not read within two minutes"))
}

#[cfg(feature = "lang-groovy")]
fn names(extraction: &Extraction) -> Vec<(&str, DefinitionKind)> {
    let tags = &extraction.tags;
    tags.definitions().iter().map(|definition| (tags.name(definition.name), definition.kind)).collect()
}

#[test]
fn sections_within_sections_are_nested_in_one_pass() {
    let nested = |count: usize, last: &str| {
        let lines = |line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
        let open = lines(&|at| format!("#ifdef A{at}\n"));
        let defines = lines(&|at| format!("#define B{at}\n"));
        format!("{open}{defines}{}{last}", lines(&|_| "#endif\n".to_owned()))
    };
    let read_fast = read("c", nested(28_000, ""));
    assert_eq!((read_fast.outcome, read_fast.tags.definitions().len()), (Outcome::Complete, 28_000));
    assert_eq!(read_fast.tags.scopes().len(), 28_000);
    // What follows leaves it to the parser.
    let parsed = read("c", nested(2_000, "int x;\n"));
    assert_eq!(parsed.tags.definitions().len(), 2_001, "{:?}", parsed.outcome);
}

#[test]
fn lines_that_go_on_in_the_next_are_measured_in_one_pass() {
    assert!(read("python", "\\\n".repeat(500_000)).tags.is_empty());
    assert!(read("python", " \\\n".repeat(300_000)).tags.is_empty());
}

#[cfg(feature = "lang-perl")]
#[test]
fn to_ask_for_columns_is_not_to_go_through_the_text() {
    let method = "sub a {\n    my ($self, %b) = @_;\n    return $self->{c}[0] + $b{'d'} if @{ $self->{e} } > 1;\n}\n\n";
    assert_eq!(read("perl", method.repeat(1_000)).outcome, Outcome::Complete);
}

#[test]
fn a_declaration_of_many_names_is_read_in_one_pass() {
    for (language, source) in [
        ("c", format!("int {}z;\n", "a,\n".repeat(100_000))),
        ("javascript", format!("var {}z;\n", "a,\n".repeat(100_000))),
        ("java", format!("class A {{ int {}z; }}\n", "a,\n".repeat(100_000))),
    ] {
        let read = read(language, source);
        assert!(matches!(read.outcome, Outcome::Complete | BEYOND), "{language}: {:?}", read.outcome);
    }
}

#[test]
fn names_within_names_cost_no_more_than_the_budget() {
    for (language, source) in [
        ("cpp", format!("int x = {}y;\n", "A::\n".repeat(40_000))),
        ("rust", format!("fn f() {{ {}y(); }}\n", "a::\n".repeat(40_000))),
        ("python", format!("{}y()\n", "a.\\\n".repeat(40_000))),
        ("ruby", format!("{}Y\n", "A::\n".repeat(40_000))),
        ("scala", format!("val x: {}Y = 1\n", "A.\n".repeat(40_000))),
        ("c_sharp", format!("namespace {}Y {{ }}\n", "A.\n".repeat(40_000))),
    ] {
        read(language, source);
    }
}

#[cfg(feature = "lang-d")]
#[test]
fn signs_behind_a_name_are_looked_through_once() {
    let stars = format!("{}\n", "*".repeat(400));
    read("d", stars.repeat(2_000));
}

#[cfg(feature = "lang-vue")]
#[test]
fn scripts_that_never_begin_are_looked_for_once() {
    assert!(read("vue", "<script \n".repeat(100_000)).tags.is_empty());
}

#[cfg(feature = "lang-astro")]
#[test]
fn templates_are_gone_through_once() {
    for piece in ["<!--\n", "<style\n", "{'\\\n", "{/*\n", "---\n \n", "<A.\n", "{a.\n"] {
        read("astro", piece.repeat(700_000 / piece.len()));
    }
    read("astro", format!("{{{}", "'\\".repeat(300_000)));
    read("astro", format!("---\n{}", " \n".repeat(200_000)));
}

#[cfg(feature = "lang-haskell")]
#[test]
fn errors_behind_errors_end_the_parse() {
    assert_eq!(read("haskell", "<<A\n".repeat(15_000)).outcome, BEYOND);
    let few = read("haskell", format!("module A where\nf x = x\n{}", "<<A\n".repeat(200)));
    assert_eq!(few.outcome, Outcome::CompleteWithSyntaxErrors);
}

#[cfg(feature = "lang-groovy")]
#[test]
fn commands_behind_commands_end_the_parse() {
    assert_eq!(read("groovy", "unless a\n".repeat(16_000)).outcome, BEYOND);
    assert_eq!(read("groovy", "a.b c\n".repeat(16_000)).outcome, BEYOND);
    let script: String = (0..1_000).map(|at| format!("println a{at}\n")).collect();
    let read = read("groovy", format!("def total = 1\n{script}"));
    assert_eq!((read.outcome, names(&read)), (Outcome::Complete, vec![("total", DefinitionKind::Variable)]));
}

#[test]
fn type_arguments_that_are_never_closed_are_refused() {
    for language in ["c_sharp", "java"] {
        let read = read(language, "a < \n".repeat(30_000));
        assert_eq!(read.outcome, Outcome::Skipped(SkipReason::TooDeep), "{language}");
        let comparisons = "a = b < c;\n".repeat(5_000);
        let class = format!("class A {{ void f() {{ {comparisons} }} }}\n");
        assert_eq!(self::read(language, class).outcome, Outcome::Complete, "{language}");
    }
}

#[cfg(feature = "lang-html")]
#[test]
fn elements_that_are_never_closed_end_the_parse() {
    for open in ["<a>\n", "<li><td>\n", "template<\n", "<ul><li>a</ul>\n<p><b>b</b> a < c\n"] {
        assert_eq!(read("html", open.repeat(160_000 / open.len())).outcome, BEYOND, "{open}");
    }
    let list = "<ul>\n<li>one\n<li>two <b>three</b>\n</ul>\n<br>\n".repeat(2_000);
    assert!(read("html", list).outcome.skip_reason().is_none());
}

#[cfg(feature = "lang-xml")]
#[test]
fn elements_of_xml_that_are_never_closed_end_the_parse() {
    assert_eq!(read("xml", "<a>\n".repeat(37_500)).outcome, BEYOND);
    let list = "<!-- <a> -->\n<b c='>'/>\n<b>d</b>\n".repeat(10_000);
    assert_eq!(read("xml", format!("<a>\n{list}</a>\n")).outcome, Outcome::Complete);
}

#[cfg(feature = "lang-luau")]
#[test]
fn comments_that_never_begin_are_not_looked_for_beyond_the_budget() {
    assert_eq!(read("luau", " \\\n".repeat(50_000)).outcome, BEYOND);
}

#[test]
fn errors_with_joined_lines_between_them_end_the_parse() {
    for language in ["python", "starlark", "gdscript"] {
        if Language::by_id(language).is_some() {
            assert_eq!(read(language, "a\\\n".repeat(10_000)).outcome, BEYOND, "{language}");
        }
    }
    let few = read("python", format!("def f(): pass\n{}", "a b\n".repeat(1_000)));
    assert_eq!(few.outcome, Outcome::CompleteWithSyntaxErrors);
}

#[cfg(feature = "lang-pascal")]
#[test]
fn types_that_never_begin_end_the_parse() {
    assert_eq!(read("pascal", "class A\n".repeat(10_000)).outcome, BEYOND);
}

#[cfg(feature = "lang-rst")]
#[test]
fn words_of_signs_are_not_read_from_each_of_them() {
    assert_eq!(read("rst", format!("{}\n", "<#".repeat(200)).repeat(400)).outcome, BEYOND);
    let links = "See `a (b) <https://example.org/c(d)>`_.\n\n".repeat(2_000);
    assert!(read("rst", links).outcome.skip_reason().is_none());
}

/// What is written over before the parse is found by passes of our own, which a test of theirs counts. Here the parser reads the rest.
#[test]
fn what_is_written_over_leaves_a_text_that_the_parser_reads() {
    for (language, source) in hostile::of_rewrites() {
        if Language::by_id(language).is_some() {
            read(language, source);
        }
    }
}
