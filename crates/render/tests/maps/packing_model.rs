//! What a map costs is kept up by differences; here everything is printed and counted anew for every item.

use proptest::prelude::*;
use repo_map_model::RepoPath;
use repo_map_render::{Item, RenderOptions, Style, TokenCounter, Tokenizer, render};

use crate::trees::{self, File, model, wild};

/// Packs greedily with whole texts. The look-ahead is the documented one.
fn pack(files: &[File], items: &[Item], options: &RenderOptions) -> String {
    let fits = |text: &str| options.tokenizer.count(text) <= options.budget;
    let full = |text: &str| match options.tokenizer.name() {
        "bytes4" => text.len() >= options.budget * 4 - options.budget * 4 / 20,
        _ => options.tokenizer.count(text) >= options.budget - options.budget / 20,
    };
    let (mut accepted, mut text, mut refusals) = (Vec::new(), String::new(), 0);
    for item in items {
        if refusals >= if full(&text) { 64 } else { 2048 } {
            break;
        }
        accepted.push(item.clone());
        let longer = model::text(files, &accepted, options.style);
        if model::shows(files, item) && fits(&longer) {
            text = longer;
            refusals = 0;
        } else {
            accepted.pop();
            refusals += 1;
        }
    }
    text
}

fn check(files: &[File], items: &[Item], budget: usize) {
    for tokenizer in [Tokenizer::o200k(), Tokenizer::cl100k(), Tokenizer::bytes4()] {
        for style in [Style::Outline, Style::Tree] {
            let options = RenderOptions::new(budget).style(style).tokenizer(tokenizer.clone());
            let rendered =
                render(items.iter().cloned(), |path: &RepoPath| model::source(files, path), &options);
            assert_eq!(rendered.text, pack(files, items, &options), "{options:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn code_is_packed_as_by_the_model(
        (files, items) in trees::files(1..5, 1..6).prop_flat_map(|files| {
            let items = Just(model::items(&files)).prop_shuffle();
            (Just(files), items)
        }),
        budget in 1..300usize,
    ) {
        check(&files, &items, budget);
    }

    #[test]
    fn tags_of_another_text_are_packed_as_by_the_model(
        (files, items) in wild::printable_files(1..5).prop_flat_map(|files| {
            let items = Just(model::items(&files)).prop_shuffle();
            (Just(files), items)
        }),
        budget in 1..300usize,
    ) {
        check(&files, &items, budget);
    }
}
