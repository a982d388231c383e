//! Why a file is in the map, and a drawing of the best files.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use repo_map_model::{DefinitionKind, RepoPath};
use repo_map_ranking::{Corpus, Preset, RankRequest, ReferenceGraph, path_between, rank, to_dot};

fn corpus() -> Corpus {
    let mut corpus = Corpus::new();
    let mut set = |path: &str, definitions: &[&'static str], references: &[(&'static str, u32)]| {
        let definitions = definitions.iter().map(|&name| (name, DefinitionKind::Function, false));
        corpus.set_file(&RepoPath::new(path).unwrap(), definitions, references.iter().copied());
    };
    set("cli.py", &["main"], &[("run", 1), ("load_config_file", 1), ("rarely", 1)]);
    set("app.py", &["run"], &[("Engine", 3), ("start", 1)]);
    set("config.py", &["load_config_file"], &[("Engine", 1)]);
    set("engine.py", &["Engine", "start", "rarely"], &[("absent", 1)]);
    set("odd \"name\".py", &["odd"], &[("main", 1)]);
    corpus
}

fn check(from: &str, to: &str, expected: Option<&[(&str, &str, &str)]>) {
    let corpus = corpus();
    let graph = ReferenceGraph::build(&corpus, Preset::aider());
    let hops = path_between(&corpus, &graph, corpus.file(from).unwrap(), corpus.file(to).unwrap());
    let hops: Option<Vec<_>> = hops.as_ref().map(|hops| {
        let path = |file| corpus.path(file).as_str();
        hops.iter().map(|hop| (path(hop.from), hop.name.as_str(), path(hop.to))).collect()
    });
    assert_eq!(hops.as_deref(), expected);
}

#[test]
fn the_likeliest_way_wins_over_the_shortest() {
    // Straight through `rarely` is 1 in 12, by the long name 10 in 12.
    check(
        "cli.py",
        "engine.py",
        Some(&[("cli.py", "load_config_file", "config.py"), ("config.py", "Engine", "engine.py")]),
    );
}

#[test]
fn the_heaviest_name_of_a_group_is_shown() {
    check("app.py", "engine.py", Some(&[("app.py", "Engine", "engine.py")]));
}

#[test]
fn no_way_is_none_and_staying_is_empty() {
    check("engine.py", "cli.py", None);
    check("engine.py", "engine.py", Some(&[]));
}

#[test]
fn files_that_were_not_there_at_the_build_have_no_way() {
    let mut corpus = corpus();
    let (app, cli) = (RepoPath::new("app.py").unwrap(), RepoPath::new("cli.py").unwrap());
    corpus.remove_file("cli.py");
    let graph = ReferenceGraph::build(&corpus, Preset::default());
    let back = corpus.set_file(&cli, [], [("run", 1)]);
    let new = corpus.set_file(&RepoPath::new("new.py").unwrap(), [], [("run", 1)]);
    for absent in [back, new] {
        assert_eq!(path_between(&corpus, &graph, absent, corpus.file("app.py").unwrap()), None);
        assert_eq!(graph.path_class(absent), None);
    }

    let chat = [cli, app];
    let mut request = RankRequest::default();
    request.chat_files = &chat;
    let ranking = rank(&corpus, &graph, &request);
    assert!(ranking.files.iter().all(|ranked| ranked.file != back && ranked.file != new));
}

#[test]
fn the_drawing_holds_the_best_files_and_escapes_paths() {
    let corpus = corpus();
    let graph = ReferenceGraph::build(&corpus, Preset::default());
    let ranking = rank(&corpus, &graph, &RankRequest::default());
    let all = to_dot(&corpus, &graph, &ranking, usize::MAX);
    assert!(all.starts_with("digraph {"));
    assert!(all.contains(r#""odd \"name\".py""#), "{all}");
    assert_eq!(all.matches("->").count(), 6, "{all}");
    assert!(all.contains(r#"[ label = "load_config_file" ]"#), "{all}");

    let best = to_dot(&corpus, &graph, &ranking, 1);
    assert!(best.contains("engine.py") && !best.contains("->"), "{best}");
    assert_eq!(to_dot(&corpus, &graph, &ranking, 0).matches("label").count(), 0);
}
