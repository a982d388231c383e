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
    vec![
        ("file_recall", Some(found as f64 / gold.len() as f64)),
        ("def_recall", (!definitions.is_empty()).then(|| shown as f64 / definitions.len() as f64)),
        ("rr", Some(place.map_or(0.0, |place| 1.0 / (place + 1) as f64))),
    ]
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
        assert_eq!(score(&page, &["a.py", "b.py"], &definitions), expected);
        assert_eq!(score(&page, &["bare.py"], &[])[..2], [("file_recall", Some(1.0)), ("def_recall", None)]);
    }
}
