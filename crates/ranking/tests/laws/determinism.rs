use proptest::prelude::*;
use repo_map_ranking::{Corpus, Preset, ReferenceGraph, rank};

use crate::sample::{Sample, printed, sample};

fn printed_ranking(corpus: &Corpus, sample: &Sample, preset: Preset) -> String {
    printed(corpus, &rank(corpus, &ReferenceGraph::build(corpus, preset), &sample.request()))
}

fn presets() -> [Preset; 2] {
    [Preset::default(), Preset::aider()]
}

proptest! {
    #[test]
    fn the_order_of_filling_changes_nothing(
        (sample, shuffled) in sample().prop_flat_map(|sample| {
            let files = Just(sample.files.clone()).prop_shuffle();
            (Just(sample), files)
        }),
    ) {
        let mut other = Corpus::new();
        for file in &shuffled {
            let mut file = file.clone();
            file.references.reverse();
            file.put_into(&mut other);
        }
        for preset in presets() {
            let expected = printed_ranking(&sample.corpus(), &sample, preset.clone());
            prop_assert_eq!(printed_ranking(&other, &sample, preset), expected);
        }
    }

    #[test]
    fn the_order_of_definitions_changes_no_score(sample in sample()) {
        let mut other = sample.clone();
        other.files.iter_mut().for_each(|file| file.definitions.reverse());
        for preset in presets() {
            let scores = |sample: &Sample| -> Vec<f64> {
                let ranking = sample.rank(preset.clone());
                let files = ranking.files.iter().map(|of| of.score);
                files.chain(ranking.definitions.iter().map(|of| of.score)).collect()
            };
            for (other, score) in scores(&other).into_iter().zip(scores(&sample)) {
                prop_assert!((other - score).abs() <= 2e-9 * score, "{} {}", other, score);
            }
        }
    }

    #[test]
    fn an_updated_corpus_equals_a_new_one((before, after) in (sample(), sample())) {
        let mut corpus = before.corpus();
        for file in &before.files {
            corpus.remove_file(file.path.as_str());
        }
        prop_assert!(corpus.is_empty());
        before.files.iter().rev().for_each(|file| file.put_into(&mut corpus));
        for file in &before.files {
            if !after.files.iter().any(|kept| kept.path == file.path) {
                prop_assert!(corpus.remove_file(file.path.as_str()));
            }
        }
        after.files.iter().for_each(|file| file.put_into(&mut corpus));
        for preset in presets() {
            let expected = printed_ranking(&after.corpus(), &after, preset.clone());
            prop_assert_eq!(printed_ranking(&corpus, &after, preset), expected);
        }
    }

    #[test]
    fn a_graph_outlives_changes_of_its_corpus(sample in sample()) {
        let mut corpus = sample.corpus();
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let mut request = sample.request();
        request.chat_files = &[];
        request.mentioned_files = &[];
        let expected = rank(&corpus, &graph, &request);
        sample.files.iter().step_by(2).for_each(|file| _ = corpus.remove_file(file.path.as_str()));
        prop_assert_eq!(rank(&corpus, &graph, &request), expected);
    }

    #[test]
    fn the_best_are_the_front_of_all(sample in sample(), limit in 0..40_usize) {
        let corpus = sample.corpus();
        for preset in presets() {
            let graph = ReferenceGraph::build(&corpus, preset);
            let all = rank(&corpus, &graph, &sample.request());
            let mut request = sample.request();
            request.limit = limit;
            let best = rank(&corpus, &graph, &request);
            prop_assert_eq!(&best.definitions[..], &all.definitions[..limit.min(all.definitions.len())]);
            prop_assert_eq!(best.files, all.files);
        }
    }
}
