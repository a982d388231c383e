//! The risk: the lines of a script, `println total`, count as definitions and crowd out what it defines.
#![cfg(feature = "lang-groovy")]

use repo_map_model::{DefinitionKind, FileTags, ReferenceKind};
use repo_map_tags::{Language, extract};

fn read(source: &str) -> FileTags {
    extract(Language::by_id("groovy").expect("it is in this build"), source.as_bytes()).tags
}

fn definitions(line: &str) -> Vec<(String, DefinitionKind)> {
    let tags = read(&format!("{line}\n"));
    tags.definitions().iter().map(|of| (tags.name(of.name).to_owned(), of.kind)).collect()
}

#[test]
fn a_command_of_groovy_defines_nothing() {
    for command in [
        "println total",
        "apply plugin: 'java'",
        "task copy",
        "println total, count",
        "project.task copy",
        "println 'total'",
        "echo total\necho count",
    ] {
        assert_eq!(definitions(command), [], "{command}");
    }
    use DefinitionKind::{Function, Variable};
    for (line, expected) in [
        ("def total = 1", ("total", Variable)),
        ("def total", ("total", Variable)),
        ("final total = 1", ("total", Variable)),
        ("int total", ("total", Variable)),
        ("int[] total = [1]", ("total", Variable)),
        ("List<String> total = []", ("total", Variable)),
        ("String total", ("total", Variable)),
        ("java.util.List total = 1", ("total", Variable)),
        ("var total = 1", ("total", Variable)),
        ("val total = 1", ("total", Variable)),
        ("@Field total = 1", ("total", Variable)),
        ("def weigh = { it }", ("weigh", Function)),
        ("Closure weigh = { it }", ("weigh", Function)),
        ("Closure<Integer> weigh = { it }", ("weigh", Function)),
    ] {
        assert_eq!(definitions(line), [(expected.0.to_owned(), expected.1)], "{line}");
    }
    let tags = read("deploy total\n");
    let called: Vec<_> = tags.references().iter().map(|of| (tags.name(of.name), of.kind)).collect();
    assert_eq!(called, [("deploy", ReferenceKind::Call)]);
}
