//! Many pages as one table of rows, and each page as runs of it: neighbours share nearly all of theirs.

use std::collections::HashMap;

use repo_map_cache::{ViewedLine, ViewedPage};
use serde_json::{Value, json};

use super::tree::{Tree, column, digits};

/// What makes rows the same. A blank line goes with the file after it, so that runs go on over it.
type Row<'a> = (&'a str, ViewedLine, Option<usize>);

/// The table and the pages.
pub(super) fn rows_and_pages(pages: &[ViewedPage], tree: &Tree<'_>) -> (Value, Value) {
    let mut ids: HashMap<Row<'_>, usize> = HashMap::new();
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut by_size: Vec<usize> = (0..pages.len()).collect();
    // The largest page numbers most rows, in its order.
    by_size.sort_by_key(|&at| std::cmp::Reverse(pages[at].lines.len()));
    let mut runs = vec![String::new(); pages.len()];
    for at in by_size {
        let page = &pages[at];
        let next = |at: usize| page.lines.get(at + 1).and_then(|line| line.file);
        let numbered = page.text.lines().zip(&page.lines).enumerate().map(|(at, (text, line))| {
            let row = (text, *line, if text.is_empty() { next(at) } else { None });
            *ids.entry(row).or_insert_with(|| {
                rows.push(row);
                rows.len() - 1
            })
        });
        runs[at] = column(as_runs(numbered).into_iter());
    }
    let texts: Vec<&str> = rows.iter().map(|(text, ..)| *text).collect();
    let files: Vec<String> = rows
        .iter()
        .map(|(_, line, _)| match line.file.and_then(|place| tree.id(place)) {
            Some(id) => {
                let mut told = String::new();
                digits(id, &mut told);
                told
            }
            None => "-".to_owned(),
        })
        .collect();
    let lines = column(rows.iter().map(|(_, line, _)| line.line.map_or(0, |line| line as usize + 1)));
    let pages = pages.iter().zip(runs).map(|(page, runs)| json!([page.budget, page.tokens_used, runs]));
    (json!({ "text": texts, "files": files.join(","), "lines": lines }), pages.collect())
}

/// Pairs of a first number and how many follow each other from it.
fn as_runs(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut runs: Vec<usize> = Vec::new();
    for number in numbers {
        match runs.as_mut_slice() {
            [.., first, count] if *first + *count == number => *count += 1,
            _ => runs.extend([number, 1]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_each_other_is_one_run() {
        assert_eq!(as_runs([4, 5, 6, 0, 9, 8].into_iter()), [4, 3, 0, 1, 9, 1, 8, 1]);
        assert_eq!(as_runs([].into_iter()), [0; 0]);
    }
}
