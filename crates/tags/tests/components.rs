//! The risk: a component's code is read in part, or its data and text as code.
#![cfg(any(feature = "lang-astro", feature = "lang-vue"))]

use repo_map_model::ReferenceKind;
use repo_map_tags::{Language, Outcome, extract};

/// Every definition as `line name`, and every call, lines from 1. A language that is not in this build has nothing to show.
fn check(language: &str, source: &str, defined: &str, called: &str) {
    let Some(row) = Language::by_id(language) else { return };
    let read = extract(row, source.as_bytes());
    let tags = &read.tags;
    let definitions = tags.definitions().iter();
    let definitions: Vec<_> =
        definitions.map(|of| format!("{} {}", of.line + 1, tags.name(of.name))).collect();
    let calls = tags.references().iter().filter(|of| of.kind == ReferenceKind::Call);
    let calls: Vec<_> = calls.map(|of| format!("{} {}", of.line + 1, tags.name(of.name))).collect();
    assert_eq!((definitions.join(", ").as_str(), calls.join(", ").as_str()), (defined, called), "{source}");
    assert_eq!(read.outcome, Outcome::Complete, "{source}");
}

#[test]
fn a_component_has_a_head_a_template_and_scripts() {
    for (source, defined, called) in [
        (
            "---\ninterface Props { title: string }\nfunction name(a: string) { return a; }\n---\n<Page title={name(t)}>\n  {rows.map((row) => <Row {...row} />)}\n</Page>\n<script>\n  class Menu extends HTMLElement {}\n</script>\n<style>\n  .open { display: block; }\n</style>\n",
            "2 Props, 2 title, 3 name, 9 Menu",
            "5 Page, 5 name, 6 map, 6 Row",
        ),
        // Without a head, and with what may stand before it.
        ("<script>function f() {}</script>\n<p>---</p>\n", "1 f", ""),
        ("<!-- --- -->\n\n---\nfunction f() {}\n---\n", "4 f", ""),
        // A head may end by itself, and scripts follow on the same line.
        ("---\nif (a) return b();\nconst C = `\n  --- `;\n---\n<p/>", "3 C", "2 b"),
        (
            "---\nconst A = 1\n---\n<script>const B = 2</script>\n<script>const C = 3</script>",
            "2 A, 4 B, 5 C",
            "",
        ),
        ("---\nconst s = \"<script>no(\";\n---\n<script>f()</script>", "2 s", "4 f"),
        // Data, and values that hold what ends a tag.
        (
            "<script type=\"application/ld+json\">{\"a\": [1}</script>\n<script define:vars={{ f: () => 1 }}>g()</script>",
            "",
            "2 g",
        ),
        ("", "", ""),
    ] {
        check("astro", source, defined, called);
    }
}

#[test]
fn scripts_of_others_are_told_from_data_too() {
    check(
        "vue",
        "<script type=\"text/x-template\"><p>{{ a( }}</p></script>\n<script>const B = 1</script>\n<script>const C = 2</script>\n",
        "2 B, 3 C",
        "",
    );
}
