//! What a map shows, and how much of what was edited that is.

use std::collections::BTreeMap;

/// What a tool answered.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) text: String,
    /// The files that the text lists, each with the definitions that it shows: their names, and the lines of these, from 0.
    pub(crate) files: BTreeMap<String, Vec<(String, usize)>>,
    /// All files, best first.
    pub(crate) order: Vec<String>,
}

/// What a page is worth: figures by their names; `None` where nothing was to be found.
pub(crate) type Figures = Vec<(&'static str, Option<f64>)>;

/// How many names pages of the product show.
pub(crate) fn names_on_page(budget: usize) -> usize {
    match budget {
        4096 => 210,
        other => other * 57 / 1024,
    }
}

/// `gold` and `definitions` are those that are sought.
pub(crate) fn score(page: &Page, gold: &[&str], definitions: &[(&str, usize)]) -> Figures {
    let found = gold.iter().filter(|path| page.files.contains_key(**path)).count();
    let is_shown = |(path, line): &&(&str, usize)| {
        page.files.get(*path).is_some_and(|shown| shown.iter().any(|(_, shown)| shown == line))
    };
    let shown = definitions.iter().filter(is_shown).count();
    let place = page.order.iter().position(|path| gold.contains(&path.as_str()));
    let places: Vec<Option<usize>> =
        gold.iter().map(|path| page.order.iter().position(|known| known == path)).collect();
    vec![
        ("file_recall", Some(found as f64 / gold.len() as f64)),
        ("def_recall", (!definitions.is_empty()).then(|| shown as f64 / definitions.len() as f64)),
        ("rr", Some(place.map_or(0.0, |place| 1.0 / (place + 1) as f64))),
        ("acc@1", Some(all_within(&places, 1))),
        ("acc@5", Some(all_within(&places, 5))),
        ("acc@10", Some(all_within(&places, 10))),
        ("ndcg@10", Some(ndcg(&places, 10))),
    ]
}

/// Whether all are among the first.
fn all_within(places: &[Option<usize>], first: usize) -> f64 {
    if places.iter().all(|place| place.is_some_and(|place| place < first)) { 1.0 } else { 0.0 }
}

/// Discounted gain of those that are sought among the first, of what it would be with all of them in front.
fn ndcg(places: &[Option<usize>], first: usize) -> f64 {
    let gain = |place: usize| 1.0 / ((place + 2) as f64).log2();
    let found: f64 = places.iter().flatten().filter(|place| **place < first).map(|place| gain(*place)).sum();
    let best: f64 = (0..places.len().min(first)).map(gain).sum();
    if best > 0.0 { found / best } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_counts_in_its_own_file_by_its_line() {
        let page = Page {
            files: BTreeMap::from([
                ("bare.py".to_owned(), Vec::new()),
                ("a.py".to_owned(), vec![("A".to_owned(), 0), ("f".to_owned(), 1)]),
            ]),
            order: ["z.py", "a.py", "b.py"].map(str::to_owned).to_vec(),
            ..Page::default()
        };
        let definitions = [("a.py", 0), ("a.py", 1), ("a.py", 2), ("b.py", 0)];
        let expected = [("file_recall", Some(0.5)), ("def_recall", Some(0.5)), ("rr", Some(0.5))];
        assert_eq!(score(&page, &["a.py", "b.py"], &definitions)[..3], expected);
        let figure = |gold: &[&str], at: usize| score(&page, gold, &[])[at].1.unwrap();
        assert_eq!([3, 4, 5].map(|at| figure(&["a.py", "b.py"], at)), [0.0, 1.0, 1.0]);
        assert_eq!([3, 6].map(|at| figure(&["z.py"], at)), [1.0, 1.0]);
        let second = 1.0 / 3_f64.log2();
        assert!((figure(&["a.py"], 6) - second).abs() < 1e-12);
        assert_eq!([4, 6].map(|at| figure(&["nowhere.py"], at)), [0.0, 0.0]);
        assert_eq!(score(&page, &["bare.py"], &[])[..2], [("file_recall", Some(1.0)), ("def_recall", None)]);
    }
}
