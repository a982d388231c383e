//! Formats of data: depth that would abort their scanner, and keys that would flood a map.
#![cfg(all(feature = "lang-json", feature = "lang-yaml"))]

use repo_map_tags::{Language, Outcome, SkipReason, extract};

fn check_yaml(source: &str, expected: Outcome) {
    let yaml = Language::by_id("yaml").expect("it is in the build");
    assert_eq!(extract(yaml, source.as_bytes()).outcome, expected, "{}", &source[..60]);
}

#[test]
fn what_aborts_the_scanner_of_yaml_is_refused() {
    let too_deep = Outcome::Skipped(SkipReason::TooDeep);
    let mappings =
        |depth| -> String { (0..depth).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect() };
    check_yaml(&mappings(900), too_deep);
    check_yaml(&mappings(300), too_deep);
    check_yaml(&("- ".repeat(200) + "\n"), too_deep);
    check_yaml(&("? ".repeat(200) + "\n"), too_deep);
    // A sequence may begin at the column of the mapping that holds it: two blocks a column.
    let both: String = (0..300).map(|depth| format!("{0}a:\n{0}- b:\n", "  ".repeat(depth))).collect();
    check_yaml(&both, too_deep);
}

#[test]
fn the_deepest_yaml_that_is_allowed_is_parsed() {
    let both = |depth| -> String {
        (0..depth).map(|depth| format!("{0}a:\n{0}- b:\n", "  ".repeat(depth))).collect()
    };
    let source = format!("{}{}c: d\n", both(58), "  ".repeat(59));
    check_yaml(&source, Outcome::Complete);
    check_yaml(&format!("{}c: d\n", "- ".repeat(118)), Outcome::Complete);
}

#[test]
fn thousands_of_keys_leave_the_outermost() {
    let json = Language::by_id("json").unwrap();
    let packages: String = (0..5_000).map(|number| format!("\"p{number}\": {{ \"v\": 1 }},\n")).collect();
    let lock =
        format!("{{\n\"name\": \"a\",\n\"packages\": {{\n{packages}\"last\": 0\n}},\n\"end\": 1\n}}\n");
    let tags = extract(json, lock.as_bytes()).tags;
    let names: Vec<_> = tags.definitions().iter().map(|definition| tags.name(definition.name)).collect();
    assert_eq!(names, ["name", "packages", "end"]);

    let tags = extract(json, format!("{{\n{packages}\"last\": 0\n}}\n").as_bytes()).tags;
    assert_eq!(tags.definitions().len(), 100);
}
