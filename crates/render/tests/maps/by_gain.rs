//! What is worth most for its tokens goes onto the page, and nothing else.

use proptest::prelude::*;
use repo_map_model::RepoPath;
use repo_map_render::{Claim, Item, Printer, RenderOptions, Rendered, Style, Tokenizer, render_by_gain};

use crate::trees::{self, File, Node, model};

fn map(files: &[File], claims: &[Claim], options: &RenderOptions) -> Rendered {
    render_by_gain(claims, |path: &RepoPath| model::source(files, path), options)
}

/// A claim for each file: a worth for itself and for each of its definitions.
fn claims(files: &[File], worths: &[u8]) -> Vec<Claim> {
    let mut worths = worths.iter().cycle().map(|&worth| f64::from(worth) / 16.0);
    let mut next = || worths.next().unwrap_or_default();
    let claim = |file: &File| {
        let mut claim = Claim::new(RepoPath::new(&file.path).expect("made as a path"), next());
        let definitions = 0..file.tags.definitions().len() as u32;
        claim.definitions = definitions.map(|definition| (definition, next())).collect();
        claim
    };
    files.iter().map(claim).collect()
}

/// What a map says that it shows, as items in the order of the claims.
fn shown(rendered: &Rendered) -> Vec<Item> {
    let of_file = |file: &repo_map_render::RenderedFile| {
        let definitions =
            file.definitions.iter().map(|&definition| Item::definition(file.path.clone(), definition));
        std::iter::once(Item::file(file.path.clone())).chain(definitions).collect::<Vec<_>>()
    };
    rendered.files.iter().flat_map(of_file).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_page_fits_and_is_what_it_says(
        files in trees::files(1..6, 1..6),
        worths in prop::collection::vec(0_u8..16, 8..64),
        budget in 0..300usize,
    ) {
        let claims = claims(&files, &worths);
        for tokenizer in [Tokenizer::cl100k(), Tokenizer::bytes4(), Tokenizer::callback("thirds", |text| text.len() / 3)] {
            for style in [Style::Outline, Style::Tree] {
                let options = RenderOptions::new(budget).style(style).tokenizer(tokenizer.clone());
                let rendered = map(&files, &claims, &options);
                prop_assert!(rendered.tokens_used <= budget);
                prop_assert_eq!(&rendered.text, &model::text(&files, &shown(&rendered), style));
                let order = |path: &RepoPath| claims.iter().position(|claim| claim.path == *path);
                prop_assert!(rendered.files.is_sorted_by_key(|file| order(&file.path)), "in the order of the claims");
            }
        }
    }

    #[test]
    fn one_map_after_the_other_is_as_each_alone(
        files in trees::files(1..6, 1..6),
        worths in prop::collection::vec(0_u8..16, 8..64),
        budgets in prop::collection::vec(0..300usize, 2..6),
    ) {
        let claims = claims(&files, &worths);
        for (tokenizer, style) in [(Tokenizer::cl100k(), Style::Outline), (Tokenizer::bytes4(), Style::Tree)] {
            let options = RenderOptions::new(0).style(style).tokenizer(tokenizer.clone());
            let mut printer = Printer::new(&options);
            for &budget in &budgets {
                let options = RenderOptions::new(budget).style(style).tokenizer(tokenizer.clone());
                let next = printer.by_gain(&claims, |path: &RepoPath| model::source(&files, path), budget);
                prop_assert_eq!(next, map(&files, &claims, &options));
            }
        }
    }

    #[test]
    fn with_room_for_all_the_worthless_alone_is_left_out(
        files in trees::files(1..6, 1..6),
        worths in prop::collection::vec(0_u8..4, 8..64),
    ) {
        let claims = claims(&files, &worths);
        let rendered = map(&files, &claims, &RenderOptions::new(100_000));
        let shown = shown(&rendered);
        for claim in &claims {
            let item = |definition| Item::definition(claim.path.clone(), definition);
            let worthy = claim.definitions.iter().filter(|(_, gain)| *gain > 0.0);
            for &(definition, _) in worthy {
                prop_assert!(shown.contains(&item(definition)), "{:?}", item(definition));
            }
            let all = claim.definitions.iter().map(|(_, gain)| gain).sum::<f64>() + claim.gain;
            prop_assert_eq!(shown.contains(&Item::file(claim.path.clone())), all > 0.0);
        }
    }
}

#[test]
fn short_lines_of_a_file_that_is_listed_do_not_wait() {
    let function = |name| Node::Function { name, parameters: 0, body: 0, inner: Vec::new() };
    let file = |path: &str, nodes: &[Node]| {
        let (text, tags) = trees::write(nodes, "\n");
        File::new(path.to_owned(), text, tags)
    };
    let files = [file("a.rs", &[function(1)]), file("b.rs", &[function(2)])];
    let claim = |path: &str, gain, definition| {
        let mut claim = Claim::new(RepoPath::new(path).expect("a path"), gain);
        claim.definitions.push((0, definition));
        claim
    };
    // A line of 6 tokens that gains 0.6 is worth more than a header and a line for 0.9, though at a typical 12 tokens it is not.
    let claims = [claim("a.rs", 10.0, 0.6), claim("b.rs", 0.0, 0.9)];
    let rendered = map(&files, &claims, &RenderOptions::new(12).tokenizer(Tokenizer::cl100k()));
    assert_eq!(rendered.text, "a.rs:\n│fn do_1()\n");
}
