use proptest::prelude::*;
use repo_map_model::RepoPath;
use repo_map_ranking::{Preset, ReferenceGraph, rank};

use crate::oracle::walk;
use crate::sample::{Sample, sample};

/// The default edges, solved to the end.
fn converged() -> Preset {
    let mut preset = Preset::default();
    preset.tolerance = 1e-15;
    preset.max_iterations = 2_000;
    preset
}

fn check(
    sample: &Sample,
    preset: Preset,
    tolerance: f64,
    max_iterations: usize,
) -> Result<(), TestCaseError> {
    let corpus = sample.corpus();
    let graph = ReferenceGraph::build(&corpus, preset);
    let expected = walk(sample, &graph.preset().edges, tolerance, max_iterations);
    prop_assert_eq!(graph.edge_count(), expected.edges as u64);
    prop_assert_eq!(graph.node_count(), expected.files.len());

    let ranking = rank(&corpus, &graph, &sample.request());
    prop_assert_eq!(ranking.files.len(), sample.files.len());
    for of in &ranking.files {
        let path = corpus.path(of.file);
        let expected = expected.files.get(path).copied().unwrap_or(0.0);
        prop_assert!((of.score - expected).abs() < 1e-9, "{} {} for {}", path, of.score, expected);
    }
    for of in &ranking.definitions {
        let key: (RepoPath, &str) =
            (corpus.path(of.file).clone(), corpus.definition_name(of.file, of.definition).unwrap());
        let expected = expected.definitions.iter().find(|(known, _)| **known == key).map(|(_, &flow)| flow);
        let expected = expected.unwrap_or(f64::NAN);
        prop_assert!((of.score - expected).abs() < 1e-9, "{:?} {} for {}", key, of.score, expected);
    }
    let listed = sample.files.iter().filter(|file| !sample.chat_files.contains(&file.path));
    prop_assert_eq!(ranking.definitions.len(), listed.map(|file| file.definitions.len()).sum::<usize>());
    Ok(())
}

proptest! {
    #[test]
    fn groups_give_the_same_walk_as_edges(sample in sample()) {
        check(&sample, converged(), 1e-14, 2_000)?;
    }

    #[test]
    fn stopping_as_networkx_gives_the_same_iterate(sample in sample()) {
        let corpus = sample.corpus();
        let nodes = ReferenceGraph::build(&corpus, Preset::aider()).node_count();
        check(&sample, Preset::aider(), nodes as f64 * 1e-6, 100)?;
    }

    #[test]
    fn ranks_sum_to_1(sample in sample()) {
        for preset in [converged(), Preset::aider()] {
            let corpus = sample.corpus();
            let nodes = ReferenceGraph::build(&corpus, preset.clone()).node_count();
            let sum: f64 = sample.rank(preset).files.iter().map(|of| of.score).sum();
            let expected = if nodes == 0 { 0.0 } else { 1.0 };
            prop_assert!((sum - expected).abs() < 1e-8, "{}", sum);
        }
    }
}
