//! The lines of a map are the right ones: whatever is accepted, the text is what a plain model makes of it.

use proptest::prelude::*;
use repo_map_model::RepoPath;
use repo_map_render::{Item, RenderOptions, Style, Tokenizer, render};

use crate::trees::{self, File, model, wild};

fn check(files: &[File], items: &[Item], style: Style) {
    let options = RenderOptions::new(usize::MAX).style(style).tokenizer(Tokenizer::bytes4());
    let rendered = render(items.iter().cloned(), |path: &RepoPath| model::source(files, path), &options);
    assert_eq!(rendered.text, model::text(files, items, style));
}

fn shuffled(files: impl Strategy<Value = Vec<File>>) -> impl Strategy<Value = (Vec<File>, Vec<Item>)> {
    files.prop_flat_map(|files| {
        let items = Just(model::items(&files)).prop_shuffle();
        (Just(files), items, any::<prop::sample::Index>()).prop_map(|(files, mut items, keep)| {
            items.truncate(keep.index(items.len() + 1));
            (files, items)
        })
    })
}

proptest! {
    #[test]
    fn code_is_laid_out_as_by_the_model((files, items) in shuffled(trees::files(1..4, 1..4))) {
        check(&files, &items, Style::Outline);
        check(&files, &items, Style::Tree);
    }

    #[test]
    fn tags_of_another_text_are_laid_out_as_by_the_model((files, items) in shuffled(wild::printable_files(1..4))) {
        check(&files, &items, Style::Outline);
        check(&files, &items, Style::Tree);
    }

    #[test]
    fn bodies_are_never_printed((files, items) in shuffled(trees::files(1..4, 1..4))) {
        for style in [Style::Outline, Style::Tree] {
            let options = RenderOptions::new(usize::MAX).style(style).tokenizer(Tokenizer::bytes4());
            let rendered = render(items.iter().cloned(), |path: &RepoPath| model::source(&files, path), &options);
            prop_assert!(!rendered.text.contains("BODY"), "{}", rendered.text);
        }
    }

    #[test]
    fn whole_signatures_are_in_a_tree((files, items) in shuffled(trees::files(1..3, 1..4))) {
        let options = RenderOptions::new(usize::MAX).style(Style::Tree).tokenizer(Tokenizer::bytes4());
        let rendered = render(items.iter().cloned(), |path: &RepoPath| model::source(&files, path), &options);
        for file in &rendered.files {
            let source = files.iter().find(|known| known.path == file.path.as_str()).unwrap();
            let lines: Vec<_> = repo_map_model::lines(&source.text).collect();
            for &index in &file.definitions {
                let signature = source.tags.definitions()[index as usize].signature;
                let rows = &lines[signature.first as usize..=signature.last as usize];
                let rows: String = rows.iter().map(|line| format!("│{line}\n")).collect();
                prop_assert!(rendered.text.contains(&rows), "{rows}\nis not in\n{}", rendered.text);
            }
        }
    }
}
