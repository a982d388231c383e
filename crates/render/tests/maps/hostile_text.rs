//! Source text is not trusted: nothing in it can leave its line, pass for another file or reach a terminal.

use proptest::prelude::*;
use repo_map_model::RepoPath;
use repo_map_render::{RenderOptions, Style, Tokenizer, render};

use crate::trees::{File, model, wild};

/// Reads a map as its users do: a path opens a file, a line that begins with a bar or a gap mark belongs to it.
fn parse(text: &str) -> Vec<(String, usize)> {
    let mut files: Vec<(String, usize)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if line.starts_with(['│', '|', '⋮']) || line.starts_with("...") {
            let (_, rows) = files.last_mut().expect("a row belongs to a file");
            *rows += usize::from(line.starts_with('│'));
        } else {
            files.push((line.to_owned(), 0));
        }
    }
    files
}

fn check(files: &[File], style: Style) {
    let options = RenderOptions::new(100_000).style(style).tokenizer(Tokenizer::bytes4());
    let rendered = render(model::items(files), |path: &RepoPath| model::source(files, path), &options);
    let found = parse(&rendered.text);
    assert_eq!(found.len(), rendered.files.len(), "{:?}", rendered.text);
    for ((line, rows), file) in found.iter().zip(&rendered.files) {
        assert_eq!(line.ends_with(':') && *rows > 0, !file.definitions.is_empty(), "{line:?}");
    }
    let safe =
        |c: char| c == '\n' || c == '\t' || (!c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c));
    assert!(rendered.text.chars().all(safe), "{:?}", rendered.text);
    // As `splitlines` of Python splits, which knows more line ends.
    let ends = ['\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}', '\r'];
    assert!(!rendered.text.contains(ends));
    assert!(rendered.text.lines().all(|line| !line.starts_with('│') || line.chars().count() <= 100));
}

proptest! {
    #[test]
    fn every_line_is_a_path_or_a_row(files in wild::hostile_files(1..5)) {
        check(&files, Style::Outline);
        check(&files, Style::Tree);
    }
}
