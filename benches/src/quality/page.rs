//! Reads a printed map as its reader does, and scores it.

use std::collections::{BTreeMap, HashSet};

/// What a tool answered.
pub(crate) struct Page {
    pub(crate) text: String,
    /// All files, best first.
    pub(crate) order: Vec<String>,
}

/// How much of what was edited a page shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Score {
    pub(crate) file_recall: f64,
    /// `None` where the commit edits no definition of the files that are sought.
    pub(crate) definition_recall: Option<f64>,
    pub(crate) reciprocal_rank: f64,
}

/// Longer lines are cut at this many columns, the bar among them.
const WIDTH: usize = 100;

/// `gold` and `definitions` are those that are sought; `source` gives the lines of a file.
pub(crate) fn score<'s>(
    page: &Page,
    known: &HashSet<&str>,
    gold: &[&str],
    definitions: &[(&str, usize)],
    source: impl Fn(&str) -> &'s [String],
) -> Score {
    let files = parse(&page.text, known);
    let found = gold.iter().filter(|path| files.contains_key(*path)).count();
    let credit = |&(path, row): &(&str, usize)| {
        let (Some(shown), lines) = (files.get(path), source(path)) else { return 0.0 };
        let Some(line) = lines.get(row).filter(|line| !line.trim().is_empty()) else { return 0.0 };
        let times = shown.iter().filter(|shown| is_same(shown, line)).count();
        // Lines carry no numbers: one that stands several times in its file is credited by its share.
        let all = lines.iter().filter(|other| other.trim() == line.trim()).count();
        (times as f64 / all.max(1) as f64).min(1.0)
    };
    let place = page.order.iter().position(|path| gold.contains(&path.as_str()));
    Score {
        file_recall: found as f64 / gold.len() as f64,
        definition_recall: (!definitions.is_empty())
            .then(|| definitions.iter().map(credit).sum::<f64>() / definitions.len() as f64),
        reciprocal_rank: place.map_or(0.0, |place| 1.0 / (place + 1) as f64),
    }
}

fn is_same(shown: &str, line: &str) -> bool {
    let cut: String = line.trim_end().chars().take(WIDTH - 1).collect();
    let cut = cut.trim();
    shown == line.trim() || (shown == cut && cut.chars().count() >= 20)
}

/// The source lines under each path. `path:` and a bare `path` are headers, lines behind a bar belong to the last one.
fn parse<'t>(text: &'t str, known: &HashSet<&str>) -> BTreeMap<&'t str, Vec<&'t str>> {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(shown) = line.strip_prefix(['│', '|']) {
            if let Some(path) = current {
                files.entry(path).or_default().push(shown.trim());
            }
        } else if !line.starts_with('⋮') && !line.starts_with("...") {
            let header = line.trim();
            let path = header.strip_suffix(':').filter(|path| known.contains(path)).unwrap_or(header);
            if known.contains(path) {
                current = Some(path);
                files.entry(path).or_default();
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_lines_and_shares() {
        let page = Page {
            text: "bare.py\na.py:\n│class A:\n⋮\n│    def f(self):\n\nnot/known.py:\n│x\n".to_owned(),
            order: ["z.py", "a.py", "b.py"].map(str::to_owned).to_vec(),
        };
        let known = HashSet::from(["bare.py", "a.py", "b.py"]);
        let lines: Vec<String> =
            ["class A:", "    def f(self):", "class B:", "    def f(self):", "y"].map(str::to_owned).to_vec();
        let definitions = [("a.py", 0), ("a.py", 1), ("a.py", 2), ("b.py", 0)];
        let score = score(&page, &known, &["a.py", "b.py"], &definitions, |_| &lines);
        assert_eq!(
            score,
            Score { file_recall: 0.5, definition_recall: Some(1.5 / 4.0), reciprocal_rank: 0.5 }
        );
    }

    #[test]
    fn long_lines_are_known_by_what_is_shown() {
        let line = format!("    fn {}()", "x".repeat(150));
        assert!(is_same(line[..99].trim(), &line) && is_same(line.trim(), &line));
        assert!(!is_same("fn x", &line));
    }
}
