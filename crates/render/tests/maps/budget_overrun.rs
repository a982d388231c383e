//! A budget is a ceiling, whatever counts the tokens, and what is below it is used.

use std::cell::Cell;

use proptest::prelude::*;
use repo_map_model::RepoPath;
use repo_map_render::{Item, RenderOptions, Rendered, Style, TokenCounter, Tokenizer, render};

use crate::trees::{self, File, model, wild};

fn map(files: &[File], items: &[Item], options: &RenderOptions) -> Rendered {
    render(items.iter().cloned(), |path: &RepoPath| model::source(files, path), options)
}

/// Counters that do not add up over lines, some in ways that no vocabulary has.
fn odd_tokenizers() -> Vec<Tokenizer> {
    vec![
        Tokenizer::callback("words", |text| text.split_whitespace().count()),
        Tokenizer::callback("thirds", |text| text.chars().count().div_ceil(3)),
        Tokenizer::callback("a call costs", |text| 9 + text.len() / 5),
        Tokenizer::callback("square", |text| text.len() * text.len()),
        Tokenizer::callback("root", |text| text.len().isqrt()),
        Tokenizer::callback("one", |_| 1),
        Tokenizer::callback("none", |_| 0),
        Tokenizer::callback("huge", |_| usize::MAX),
        Tokenizer::callback("remainder", |text| text.len() % 97),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_map_exceeds_its_budget(
        (files, items) in prop_oneof![trees::files(1..5, 1..6), wild::hostile_files(1..5)].prop_flat_map(|files| {
            let items = Just(model::items(&files)).prop_shuffle();
            (Just(files), items)
        }),
        budget in 0..400usize,
    ) {
        let named = [Tokenizer::o200k(), Tokenizer::cl100k(), Tokenizer::bytes4()];
        for tokenizer in named.into_iter().chain(odd_tokenizers()) {
            for style in [Style::Outline, Style::Tree] {
                let options = RenderOptions::new(budget)
                    .style(style)
                    .tokenizer(tokenizer.clone())
                    .line_numbers(budget % 2 == 0);
                let rendered = map(&files, &items, &options);
                prop_assert!(rendered.tokens_used <= budget, "{options:?}");
                if !rendered.text.is_empty() {
                    prop_assert_eq!(rendered.tokens_used, tokenizer.count(&rendered.text));
                }
            }
        }
    }

    #[test]
    fn what_is_shown_and_what_is_left_out_add_up(
        (files, items) in trees::files(1..5, 1..6).prop_flat_map(|files| {
            let items = Just(model::items(&files)).prop_shuffle();
            (Just(files), items)
        }),
        budget in 0..400usize,
    ) {
        let rendered = map(&files, &items, &RenderOptions::new(budget).tokenizer(Tokenizer::bytes4()));
        let shown: usize = rendered.files.iter().map(|file| file.definitions.len()).sum();
        let definitions: usize = files.iter().map(|file| file.tags.definitions().len()).sum();
        prop_assert_eq!(shown + rendered.omitted_definitions, definitions);
        prop_assert_eq!(rendered.files.len() + rendered.omitted_files, files.len());
    }
}

proptest! {
    // Large trees: few are enough.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_budget_is_used_where_definitions_are_enough(
        (files, items) in trees::files(24..30, 8..12).prop_flat_map(|files| {
            let items = Just(model::items(&files)).prop_shuffle();
            (Just(files), items)
        }),
        budget in 256..1200usize,
    ) {
        let odd = [Tokenizer::callback("thirds", |text| text.chars().count().div_ceil(3))];
        for tokenizer in [Tokenizer::o200k(), Tokenizer::cl100k(), Tokenizer::bytes4()].into_iter().chain(odd) {
            for style in [Style::Outline, Style::Tree] {
                let all = tokenizer.count(&model::text(&files, &items, style));
                prop_assume!(all > budget * 3 / 2);
                let options = RenderOptions::new(budget).style(style).tokenizer(tokenizer.clone());
                let used = map(&files, &items, &options).tokens_used;
                prop_assert!(used * 100 >= budget * 95, "{used} of {budget}, {options:?}");
            }
        }
    }
}

#[test]
fn a_budget_of_nothing_reads_nothing() {
    let path = RepoPath::new("a.rs").unwrap();
    let items = [Item::definition(path.clone(), 0), Item::file(path)];
    let rendered = render(items, |_: &RepoPath| panic!("no file is read"), &RenderOptions::new(0));
    assert_eq!((rendered.text.as_str(), rendered.tokens_used), ("", 0));
    assert_eq!((rendered.omitted_files, rendered.omitted_definitions), (1, 1));
}

#[test]
fn files_whose_path_does_not_fit_are_not_read() {
    let items = (0..1000).map(|index| {
        Item::definition(RepoPath::new(&format!("{}/{index}", "long/".repeat(9) + "er")).unwrap(), 0)
    });
    let rendered = render(items, |_: &RepoPath| panic!("no file is read"), &RenderOptions::new(5));
    assert_eq!((rendered.omitted_files, rendered.omitted_definitions), (1000, 1000));
}

#[test]
fn few_files_are_read_in_vain() {
    let nodes = [trees::Node::Function { name: 1, parameters: 40, body: 0, inner: vec![] }];
    let (text, tags) = trees::write(&nodes, "\n");
    let items = (0..9000).map(|index| Item::definition(RepoPath::new(&format!("{index}")).unwrap(), 0));
    let read = Cell::new(0);
    let source = |_: &RepoPath| {
        read.set(read.get() + 1);
        Some(repo_map_render::Source::new(text.as_str(), tags.clone()))
    };
    let rendered = render(items, source, &RenderOptions::new(100).style(Style::Tree));
    assert_eq!((rendered.text.as_str(), rendered.omitted_files), ("", 9000));
    assert_eq!(read.get(), 32);
}

#[test]
fn a_callback_is_asked_for_few_whole_texts() {
    let nodes: Vec<_> =
        (0..400).map(|name| trees::Node::Function { name, parameters: 0, body: 2, inner: vec![] }).collect();
    let (text, tags) = trees::write(&nodes, "\n");
    let files = [File::new("a.rs".to_owned(), text, tags)];
    let calls = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&calls);
    let tokenizer = Tokenizer::callback("thirds", move |text| {
        if text.lines().count() > 2 {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        text.chars().count().div_ceil(3)
    });
    let rendered = map(&files, &model::items(&files), &RenderOptions::new(1024).tokenizer(tokenizer));
    assert!(rendered.tokens_used * 100 >= 1024 * 99, "{}", rendered.tokens_used);
    let calls = calls.load(std::sync::atomic::Ordering::Relaxed);
    assert!(calls <= 20, "{calls}");
}

#[test]
fn each_file_is_read_once() {
    let files = trees_of_two();
    let asked = Cell::new(0);
    let source = |path: &RepoPath| {
        asked.set(asked.get() + 1);
        model::source(&files, path)
    };
    render(model::items(&files).into_iter().chain(model::items(&files)), source, &RenderOptions::new(500));
    assert_eq!(asked.get(), 2);
}

#[test]
fn a_file_that_is_gone_is_left_out() {
    let files = trees_of_two();
    let source = |path: &RepoPath| if path.as_str() == "a.rs" { None } else { model::source(&files, path) };
    let rendered = render(
        model::items(&files).into_iter().filter(|item| matches!(item, Item::Definition { .. })),
        source,
        &RenderOptions::new(500),
    );
    assert_eq!(rendered.text, "b.rs:\n│fn do_1(parameter_0: Kind)\n");
    assert_eq!((rendered.omitted_files, rendered.omitted_definitions), (1, 1));
}

fn trees_of_two() -> Vec<File> {
    let (text, tags) =
        trees::write(&[trees::Node::Function { name: 1, parameters: 1, body: 1, inner: vec![] }], "\n");
    ["a.rs", "b.rs"].map(|path| File::new(path, text.clone(), tags.clone())).to_vec()
}
