//! The risk: the rows of a notebook are JSON, or name lines on which a reader finds something else.
#![cfg(feature = "extended")]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::path::Path;

use repo_map_cache::{MapRequest, RepoMap, Style};
use support::Stored as _;

/// As editors write it, with what a cell has put out before the code that follows.
const NOTEBOOK: &str = r##"{
 "cells": [
  {
   "cell_type": "code",
   "outputs": [{"output_type": "stream", "text": ["def put_out():\n"]}],
   "source": [
    "%matplotlib inline\n",
    "class Ledger:\n",
    "    def enter(\n",
    "        self, name=\"none\"\n",
    "    ):\n",
    "        return name"
   ]
  },
  {
   "cell_type": "code",
   "outputs": [],
   "source": ["def close_ledger(ledger):\n", "    return ledger.enter()"]
  }
 ],
 "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
 "nbformat": 4,
 "nbformat_minor": 5
}
"##;

fn map(root: &Path, cache: &Path, style: Style, most: u64) -> RepoMap {
    let builder = support::builder(root).max_file_bytes(most).stored_in(cache);
    builder.build().unwrap().map(&MapRequest::new(500).style(style)).unwrap()
}

/// The first line of the file from 1 that holds the words.
fn line_of(words: &str) -> usize {
    NOTEBOOK.lines().position(|line| line.contains(words)).unwrap() + 1
}

#[test]
fn rows_are_code_and_their_lines_are_those_of_the_file() {
    let (root, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(root.path().join("ledger.ipynb"), NOTEBOOK).unwrap();
    for style in [Style::Outline, Style::Tree] {
        let cold = map(root.path(), cache.path(), style, 1 << 20);
        for row in ["class Ledger", "def enter(", "def close_ledger(ledger)"] {
            let shown = cold.text.lines().find(|line| line.contains(row)).expect(row);
            assert!(!shown.contains(['\\', '[', ']']), "{shown}");
        }
        let lines: Vec<_> = cold.files.iter().flat_map(|file| &file.definitions).collect();
        let lines: Vec<_> = lines.iter().map(|of| (of.name.as_str(), of.line as usize + 1)).collect();
        let expected = ["class Ledger", "def enter", "def close_ledger"]
            .map(|of| (&of[of.find(' ').unwrap() + 1..], line_of(of)));
        assert_eq!(lines, expected);
        assert!(!cold.text.contains("put_out"), "{}", cold.text);
        // From the store, and from the map that was kept.
        assert_eq!(map(root.path(), cache.path(), style, 1 << 20).text, cold.text);
        let alone = tempfile::tempdir().unwrap();
        assert_eq!(map(root.path(), alone.path(), style, 1 << 20).text, cold.text);
    }
}

/// What a notebook has put out counts: it is the file that is read.
#[test]
fn the_limit_of_a_file_holds_for_all_of_a_notebook() {
    let (root, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(root.path().join("ledger.ipynb"), NOTEBOOK).unwrap();
    let whole = NOTEBOOK.len() as u64;
    assert!(map(root.path(), cache.path(), Style::Outline, whole).text.contains("Ledger"));
    let none = map(root.path(), cache.path(), Style::Outline, whole - 1);
    assert!(!none.text.contains("Ledger"), "{}", none.text);
    assert_eq!(none.reading.left_out["too-large"].files, 1);
}
