//! What the page is given, as JSON. No text of it holds a character that nobody sees.

use std::collections::BTreeSet;

use repo_map_cache::{RepoPath, View, escaped, visible};
use serde_json::{Value, json};

use super::tree::Tree;
use super::{html, pages, why};

/// The least and the largest budget of the slider, and its steps an octave.
const LEAST: usize = 256;
const MOST: usize = 16_384;
const STEPS: u32 = 8;

/// Files that were passed over and are no part of the order: so many are named.
const MOST_UNREAD: usize = 2_000;

/// What a page says of its request.
pub(crate) struct About<'a> {
    pub(crate) title: &'a str,
    pub(crate) task: &'a str,
    pub(crate) budget: usize,
}

/// The budgets of the slider, and one more.
pub(crate) fn budgets(asked: usize) -> Vec<usize> {
    let octaves = (MOST / LEAST).ilog2();
    let step = |at: u32| (LEAST as f64 * (f64::from(at) / f64::from(STEPS)).exp2()).round();
    let steps = (0..=octaves * STEPS).map(|at| step(at) as usize);
    let all: BTreeSet<usize> = steps.chain([asked]).filter(|budget| *budget > 0).collect();
    all.into_iter().collect()
}

/// The page that shows all this.
pub(crate) fn page(view: &View, about: &About<'_>) -> String {
    html::view(&visible(about.title), &data(view, about))
}

fn data(view: &View, about: &About<'_>) -> Value {
    let shown: BTreeSet<usize> =
        view.pages.iter().flat_map(|page| &page.lines).filter_map(|line| line.file).collect();
    let tree = Tree::of(&view.files, about.title, &shown);
    let (rows, pages) = pages::rows_and_pages(&view.pages, &tree);
    let (kinds, definitions) = why::definitions(view, &tree);
    let (reasons, passed, unread) = passed_over(view, &tree);
    json!({
        "title": escaped(about.title),
        "task": task(about.task),
        "budget": about.budget,
        "occasion": view.occasion,
        "tokenizer": view.tokenizer,
        "total": view.files.len(),
        "confidence": view.confidence.as_ref().map(|confidence| (confidence.chance * 1e3).round() / 1e3),
        "notices": view.notices,
        "signals": {
            "files": why::signals(&view.file_signals),
            "definitions": why::signals(&view.definition_signals),
        },
        "folders": tree.folders(),
        "files": tree.files(),
        "rest": tree.rest(),
        "reasons": reasons,
        "passed": passed,
        "unread": unread,
        "kinds": kinds,
        "definitions": definitions,
        "why": why::files(view, &tree, |place| shown.contains(&place)),
        "rows": rows,
        "pages": pages,
    })
}

/// A task in its own lines, each without what nobody sees.
fn task(task: &str) -> String {
    const MOST_CHARACTERS: usize = 4_000;
    let short: String = task.chars().take(MOST_CHARACTERS).collect();
    short.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// The reasons in words; the numbers of files, and the names of others, each with its reason.
fn passed_over(view: &View, tree: &Tree<'_>) -> (Vec<String>, Vec<Value>, Vec<Value>) {
    let places = view.files.iter().enumerate().map(|(place, file)| (file.path.as_str(), place));
    let places: std::collections::HashMap<&str, usize> = places.collect();
    let (mut reasons, mut passed, mut unread) = (Vec::new(), Vec::new(), Vec::new());
    for skipped in &view.skipped {
        let cause = visible(&skipped.cause.to_string()).into_owned();
        let reason = reasons.iter().position(|known| *known == cause).unwrap_or_else(|| {
            reasons.push(cause);
            reasons.len() - 1
        });
        match places.get(skipped.path.as_str()) {
            Some(&place) => passed.extend(tree.id(place).map(|id| json!([id, reason]))),
            None if unread.len() < MOST_UNREAD && RepoPath::new(&skipped.path).is_ok() => {
                let (folder, name) = skipped.path.rsplit_once('/').unwrap_or(("", &skipped.path));
                unread.push(json!([tree.nearest(folder), escaped(name), reason]));
            }
            None => {}
        }
    }
    (reasons, passed, unread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slider_has_eight_steps_an_octave_and_the_budget_that_was_asked_for() {
        let plain = budgets(1_024);
        assert_eq!((plain.len(), plain[0], plain[48]), (49, 256, 16_384));
        assert_eq!(&plain[16..25], [1_024, 1_117, 1_218, 1_328, 1_448, 1_579, 1_722, 1_878, 2_048]);
        assert_eq!(budgets(1_500).len(), 50);
        assert_eq!(budgets(0).len(), 49);
    }
}
