use repo_map_model::{DefinitionKind, RepoPath};
use repo_map_ranking::{Corpus, Preset, RankRequest, Ranking, ReferenceGraph, rank};

const FUNCTION: DefinitionKind = DefinitionKind::Function;

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

/// Ranks; checks the scores of files by path and how many definitions are listed.
fn check(corpus: &Corpus, request: &RankRequest<'_>, expected: &[(&str, f64)], definitions: usize) {
    let mut converged = Preset::aider();
    converged.tolerance = 1e-12;
    converged.max_iterations = 1_000;
    for preset in [Preset::aider(), converged] {
        let ranking = rank(corpus, &ReferenceGraph::build(corpus, preset), request);
        let mut scores: Vec<_> =
            ranking.files.iter().map(|of| (corpus.path(of.file).as_str(), of.score)).collect();
        scores.sort_by_key(|(path, _)| *path);
        assert_eq!(scores.len(), expected.len());
        for (score, expected) in scores.iter().zip(expected) {
            assert!(score.0 == expected.0 && (score.1 - expected.1).abs() < 1e-6, "{score:?} {expected:?}");
        }
        assert_eq!(ranking.definitions.len(), definitions);
    }
}

#[test]
fn an_empty_corpus_has_an_empty_ranking() {
    let chat = [path("a")];
    let mut request = RankRequest::default();
    check(&Corpus::new(), &request, &[], 0);
    request.chat_files = &chat;
    check(&Corpus::new(), &request, &[], 0);
    let corpus = Corpus::new();
    let ranking = rank(&corpus, &ReferenceGraph::build(&corpus, Preset::default()), &request);
    assert_eq!(
        (ranking.files, ranking.definitions),
        (Ranking::default().files, Ranking::default().definitions)
    );
}

#[test]
fn files_without_tags_rank_0_in_the_order_of_paths() {
    let mut corpus = Corpus::new();
    corpus.set_file(&path("b"), [], [("nowhere", 3)]);
    corpus.set_file(&path("a"), [], []);
    check(&corpus, &RankRequest::default(), &[("a", 0.0), ("b", 0.0)], 0);
    let ranking = rank(&corpus, &ReferenceGraph::build(&corpus, Preset::default()), &RankRequest::default());
    assert_eq!(corpus.path(ranking.files[0].file).as_str(), "a");
}

#[test]
fn one_file_has_all_the_rank() {
    let mut corpus = Corpus::new();
    corpus.set_file(&path("a"), [("f", FUNCTION, false)], [("f", 1)]);
    check(&corpus, &RankRequest::default(), &[("a", 1.0)], 1);
}

#[test]
fn without_any_reference_definitions_refer_to_themselves() {
    let mut corpus = Corpus::new();
    corpus.set_file(&path("a"), [("f", FUNCTION, false), ("g", FUNCTION, false)], []);
    corpus.set_file(&path("b"), [("g", FUNCTION, false)], []);
    corpus.set_file(&path("c"), [], []);
    // a passes a third of what it has to b, b half to a.
    let b = (0.15 / 2.0 + 0.85 / 3.0) / (1.0 - 0.85 / 2.0 + 0.85 / 3.0);
    check(&corpus, &RankRequest::default(), &[("a", 1.0 - b), ("b", b), ("c", 0.0)], 3);
}

#[test]
fn files_that_reference_nothing_restart() {
    let mut corpus = Corpus::new();
    corpus.set_file(&path("a"), [("f", FUNCTION, false)], []);
    corpus.set_file(&path("b"), [("g", FUNCTION, false)], []);
    corpus.set_file(&path("c"), [], [("f", 1), ("g", 1)]);
    let c = 1.0 / (3.0 + 0.85);
    let a = (1.0 - c) / 2.0;
    check(&corpus, &RankRequest::default(), &[("a", a), ("b", a), ("c", c)], 2);

    // All restart at a file that passes nothing on.
    let chat = [path("a")];
    let mut request = RankRequest::default();
    request.chat_files = &chat;
    check(&corpus, &request, &[("a", 1.0), ("b", 0.0), ("c", 0.0)], 1);
}

#[test]
fn restart_mass_outside_the_graph_counts_as_none() {
    let mut corpus = Corpus::new();
    corpus.set_file(&path("a"), [("f", FUNCTION, false)], [("f", 1)]);
    corpus.set_file(&path("b"), [("g", FUNCTION, false)], [("g", 1)]);
    corpus.set_file(&path("empty"), [], []);
    let chat = [path("empty"), path("unknown")];
    let mut request = RankRequest::default();
    request.chat_files = &chat;
    check(&corpus, &request, &[("a", 0.5), ("b", 0.5), ("empty", 0.0)], 2);
}

#[test]
fn odd_weights_give_an_answer() {
    let mut corpus = Corpus::new();
    corpus.set_file(&path("a"), [("f", FUNCTION, false)], [("f", 1), ("g", 2)]);
    corpus.set_file(&path("b"), [("g", FUNCTION, false)], [("f", u32::MAX), ("f", u32::MAX)]);
    for odd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        {
            let mut preset = Preset::default();
            preset.tolerance = odd;
            preset.damping = odd;
            preset.edges.mentioned_name = odd;
            preset.edges.unreferenced = odd;
            let mut request = RankRequest::default();
            let mentioned = ["f".to_owned()];
            request.mentioned_idents = &mentioned;
            let ranking = rank(&corpus, &ReferenceGraph::build(&corpus, preset), &request);
            assert_eq!((ranking.files.len(), ranking.definitions.len()), (2, 2));
            assert!(ranking.files.iter().all(|of| of.score >= 0.0));
        }
    }
}
