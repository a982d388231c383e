//! Fed with the tags that aider extracted, the `aider` preset gives the ranks that aider computed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use repo_map_model::{DefinitionKind, RepoPath};
use repo_map_ranking::{Corpus, FileId, Preset, RankRequest, ReferenceGraph, rank};
use serde_json::Value;

/// (path, name, line) of a definition.
type Tag = (String, String, i64);

struct Flask {
    corpus: Corpus,
    /// Name and line of each definition, by file and position.
    definitions: BTreeMap<FileId, Vec<(String, i64)>>,
}

fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/golden/flask").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn flask() -> Flask {
    let mut flask = Flask { corpus: Corpus::new(), definitions: BTreeMap::new() };
    for (path, tags) in read("tags.json")["files"].as_object().unwrap() {
        let of_kind = |kind: &str| -> Vec<(String, i64)> {
            let tags = tags.as_array().unwrap().iter().filter(|tag| tag[1] == kind);
            tags.map(|tag| (text(&tag[0]), tag[2].as_i64().unwrap())).collect()
        };
        let (definitions, references) = (of_kind("def"), of_kind("ref"));
        let file = flask.corpus.set_file(
            &RepoPath::new(path).unwrap(),
            definitions.iter().map(|(name, _)| (name.as_str(), DefinitionKind::Function, false)),
            references.iter().map(|(name, _)| (name.as_str(), 1)),
        );
        flask.definitions.insert(file, definitions);
    }
    flask
}

fn check(run: &str) {
    let flask = flask();
    let golden = &read("ranks.json")["runs"][run];
    let mentioned: Vec<String> = golden["mentioned_idents"].as_array().unwrap().iter().map(text).collect();

    let graph = ReferenceGraph::build(&flask.corpus, Preset::aider());
    assert_eq!(graph.file_count(), 208);
    assert_eq!(graph.node_count() as u64, golden["nodes"].as_u64().unwrap());
    assert_eq!(graph.edge_count(), golden["edges"].as_u64().unwrap());

    let mut request = RankRequest::default();
    request.mentioned_idents = &mentioned;
    request.limit = usize::MAX;
    let ranking = rank(&flask.corpus, &graph, &request);

    let golden_ranks = golden["pagerank"].as_object().unwrap();
    for ranked in &ranking.files {
        let path = flask.corpus.path(ranked.file).as_str();
        let expected = golden_ranks.get(path).map_or(0.0, |rank| rank.as_f64().unwrap());
        assert!((ranked.score - expected).abs() < 1e-8, "{path}: {} for {expected}", ranked.score);
    }
    assert_eq!(ranking.files.len(), 208);

    let scores: BTreeMap<Tag, f64> = ranking
        .definitions
        .iter()
        .map(|ranked| {
            let path = flask.corpus.path(ranked.file).as_str().to_owned();
            let (name, line) = flask.definitions[&ranked.file][ranked.definition as usize].clone();
            ((path, name, line), ranked.score)
        })
        .collect();
    let golden_tags: Vec<Tag> = golden["ranked_tags"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|tag| tag.as_array().unwrap().len() == 3)
        .map(|tag| (text(&tag[0]), text(&tag[1]), tag[2].as_i64().unwrap()))
        .collect();
    assert_eq!(golden_tags.iter().collect::<BTreeSet<_>>(), scores.keys().collect());
    for (place, pair) in golden_tags.windows(2).enumerate() {
        let (better, worse) = (scores[&pair[0]], scores[&pair[1]]);
        assert!(better > worse - 1e-9, "place {place}: {:?} {better}, {:?} {worse}", pair[0], pair[1]);
    }
    assert_eq!(golden_tags[0], ("src/flask/logging.py".to_owned(), "has_level_handler".to_owned(), 30));
}

#[test]
fn without_mentions() {
    check("sqrt_sorted/plain");
}

#[test]
fn with_mentioned_identifiers() {
    check("sqrt_sorted/idents");
}
