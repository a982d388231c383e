//! Flaws of the plain walk that the default preset does not show.

use repo_map_model::{DefinitionKind, RepoPath};
use repo_map_ranking::{Corpus, Preset, RankRequest, ReferenceGraph, Signal, rank};

type Definition = (&'static str, DefinitionKind, bool);

/// Path, definitions, references.
type File<'a> = (&'a str, &'a [Definition], &'a [(&'static str, u32)]);

fn corpus(files: &[File<'_>]) -> Corpus {
    let mut corpus = Corpus::new();
    for (path, definitions, references) in files {
        let path = RepoPath::new(path).unwrap();
        corpus.set_file(&path, definitions.iter().copied(), references.iter().copied());
    }
    corpus
}

fn order(corpus: &Corpus) -> Vec<String> {
    order_by(corpus, Preset::default())
}

/// `path:name` of all definitions, best first.
fn order_by(corpus: &Corpus, preset: Preset) -> Vec<String> {
    let ranking = rank(corpus, &ReferenceGraph::build(corpus, preset), &RankRequest::default());
    let label = |file, definition| {
        format!("{}:{}", corpus.path(file), corpus.definition_name(file, definition).unwrap())
    };
    ranking.definitions.iter().map(|of| label(of.file, of.definition)).collect()
}

#[test]
fn prototypes_stand_below_their_definition() {
    let corpus = corpus(&[
        ("include/api.h", &[("open_device", DefinitionKind::Function, true)], &[]),
        ("src/api.c", &[("open_device", DefinitionKind::Function, false)], &[]),
        ("src/main.c", &[], &[("open_device", 3)]),
    ]);
    assert_eq!(order(&corpus), ["src/api.c:open_device", "include/api.h:open_device"]);
}

#[test]
fn tests_do_not_lead() {
    let corpus = corpus(&[
        ("src/app.py", &[("App", DefinitionKind::Class, false)], &[]),
        (
            "tests/test_app.py",
            &[("make_client", DefinitionKind::Function, false)],
            &[("App", 1), ("make_client", 1)],
        ),
    ]);
    // The walk alone prefers the long name, which the only file with references uses as often.
    assert_eq!(order(&corpus), ["src/app.py:App", "tests/test_app.py:make_client"]);
}

#[test]
fn data_stands_below_code() {
    let corpus = corpus(&[
        (
            "src/a.py",
            &[("limit", DefinitionKind::Constant, false), ("start", DefinitionKind::Function, false)],
            &[],
        ),
        ("src/b.py", &[], &[("limit", 3), ("start", 2)]),
    ]);
    assert_eq!(order(&corpus), ["src/a.py:start", "src/a.py:limit"]);
}

#[test]
fn what_hundreds_of_files_define_does_not_lead() {
    let mut corpus = Corpus::new();
    for number in 0..300 {
        let path = RepoPath::new(&format!("src/m{number}.py")).unwrap();
        corpus.set_file(
            &path,
            [("__init__", DefinitionKind::Method, false)],
            [("__init__", 4), ("connect", 1)],
        );
    }
    corpus.set_file(
        &RepoPath::new("src/net.py").unwrap(),
        [("connect", DefinitionKind::Function, false)],
        [],
    );
    assert_eq!(order(&corpus)[0], "src/net.py:connect");
}

#[test]
fn a_file_does_not_praise_itself() {
    let corpus = corpus(&[
        (
            "src/log.py",
            &[("log", DefinitionKind::Function, false), ("fmt", DefinitionKind::Function, false)],
            &[("fmt", 9), ("run", 1)],
        ),
        ("src/app.py", &[("run", DefinitionKind::Function, false)], &[("log", 1)]),
    ]);
    assert_eq!(order_by(&corpus, Preset::aider())[0], "src/log.py:fmt");
    assert_eq!(order(&corpus)[2], "src/log.py:fmt");
}

#[test]
fn factors_are_named() {
    let corpus = corpus(&[("tests/a.h", &[("LIMIT", DefinitionKind::Constant, true)], &[])]);
    let graph = ReferenceGraph::build(&corpus, Preset::default());
    let file = corpus.file("tests/a.h").unwrap();
    let factors = &graph.preset().factors;
    let expected = [
        (Signal::PathClass, factors.test),
        (Signal::Kind, factors.constant),
        (Signal::Declaration, factors.declaration),
    ];
    assert_eq!(graph.factors(file, 0).as_deref(), Some(&expected[..]));
    assert_eq!(graph.factors(file, 1), None);
}
