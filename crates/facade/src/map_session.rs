//! What a conversation was shown, so that its prompt only grows and a provider's cache of prompts holds.

use std::collections::{BTreeMap, BTreeSet};

use repo_map_render::{TokenCounter as _, Tokenizer};

/// The first line of a kept session.
const HEAD: &str = "repo-map session 1";
/// Begins the base in a kept session, and each turn.
const MARKS: [&str; 2] = ["%base", "%turn"];

/// The least budget of a base: what providers cache at all begins at 4,096 tokens with some.
pub const LEAST_BASE: usize = 4096;

/// A prompt that only grows: a base that is a map of the tree alone, then for each turn what no turn before has shown.
///
/// ```
/// use repo_map_cache::{MapSession, Tokenizer};
///
/// let mut session = MapSession::default();
/// session.set_base("core.py:\n│class Engine\n");
/// let page = "core.py:\n│class Engine\n│    def start(self)\n\napp.py:\n│def main()\n";
/// let turn = session.turn(page, 100, &Tokenizer::default());
/// assert_eq!(turn, "core.py:\n│    def start(self)\n\napp.py:\n│def main()\n");
/// assert_eq!(session.turn(page, 100, &Tokenizer::default()), "");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapSession {
    base: Option<String>,
    turns: Vec<String>,
    /// The rows of each file that were shown, however often.
    shown: BTreeMap<String, BTreeMap<String, usize>>,
}

impl MapSession {
    /// The base, where it was set: it stays as it is, whatever becomes of the tree.
    pub fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// Sets the base of a session that has none: a map without a task, of [`LEAST_BASE`] tokens or more.
    pub fn set_base(&mut self, page: &str) {
        if self.base.is_none() {
            self.note(page);
            self.base = Some(page.to_owned());
        }
    }

    /// What a page has that was not shown before, as far as so many tokens go; from now on it was shown.
    pub fn turn(&mut self, page: &str, budget: usize, tokenizer: &Tokenizer) -> String {
        let turn = self.news(page, budget, tokenizer);
        self.keep(&turn);
        turn
    }

    /// The same, and it is not taken for shown.
    pub fn news(&self, page: &str, budget: usize, tokenizer: &Tokenizer) -> String {
        let mut blocks: Vec<Vec<&str>> = Vec::new();
        for (path, head, rows) in blocks_of(page) {
            let seen = self.shown.get(path);
            let mut left = seen.cloned().unwrap_or_default();
            let is_new = |row: &&str| match left.get_mut(*row) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            };
            let new: Vec<&str> = rows.into_iter().filter(is_new).collect();
            if !new.is_empty() {
                blocks.push([head].into_iter().chain(new).collect());
            } else if seen.is_none() {
                blocks.push(vec![head]);
            }
        }
        let lines = |count: usize| -> String {
            let (mut text, mut left) = (String::new(), count);
            for block in &blocks {
                let rows = &block[..block.len().min(left)];
                // The head of rows that have no room says nothing.
                if rows.is_empty() || rows.len() == 1 && block.len() > 1 {
                    break;
                }
                left -= rows.len();
                if !text.is_empty() {
                    text.push('\n');
                }
                rows.iter().for_each(|row| text.extend([row, "\n"]));
            }
            text
        };
        let counts: Vec<usize> = (0..=blocks.iter().map(Vec::len).sum()).collect();
        let fitting = counts.partition_point(|&count| tokenizer.count(&lines(count)) <= budget);
        lines(fitting.saturating_sub(1))
    }

    /// Takes a turn for shown, as [`news`](Self::news) gave it.
    pub fn keep(&mut self, turn: &str) {
        if !turn.is_empty() {
            self.note(turn);
            self.turns.push(turn.to_owned());
        }
    }

    /// All that was shown, in order: what stands in the prompt.
    pub fn prompt(&self) -> String {
        self.base.iter().chain(&self.turns).map(String::as_str).collect()
    }

    /// The session as a text, to be kept in a file.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        let pages = self
            .base
            .iter()
            .map(|page| (MARKS[0], page))
            .chain(self.turns.iter().map(|page| (MARKS[1], page)));
        for (mark, page) in pages {
            text.extend([mark, "\n", page]);
        }
        text
    }

    /// The session of a text; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(HEAD)?.strip_prefix('\n')?;
        let mut session = Self::default();
        let mut pages: Vec<(bool, String)> = Vec::new();
        for line in rest.split_inclusive('\n') {
            match MARKS.iter().position(|mark| line.trim_end() == *mark) {
                Some(mark) => pages.push((mark == 0, String::new())),
                None => pages.last_mut()?.1.push_str(line),
            }
        }
        for (is_base, page) in pages {
            if is_base { session.set_base(&page) } else { session.keep(&page) }
        }
        Some(session)
    }

    fn note(&mut self, page: &str) {
        for (path, _, rows) in blocks_of(page) {
            let shown = self.shown.entry(path.to_owned()).or_default();
            // A row that stands twice in a file is two definitions; in two pages it may be one.
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            rows.iter().for_each(|row| *counts.entry(row).or_default() += 1);
            for (row, count) in counts {
                *shown.entry(row.to_owned()).or_default() += count;
            }
        }
    }
}

/// The blocks of a page: path, first line, rows.
fn blocks_of(page: &str) -> Vec<(&str, &str, Vec<&str>)> {
    let mut blocks: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    let mut known = BTreeSet::new();
    for line in page.lines().filter(|line| !line.is_empty()) {
        let is_row = line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['│', '⋮']);
        match blocks.last_mut().filter(|_| is_row) {
            Some((.., rows)) => rows.push(line),
            None if is_row => {}
            None => {
                let path = line.strip_suffix(':').unwrap_or(line);
                if known.insert(path) {
                    blocks.push((path, line, Vec::new()));
                }
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "a.py:\n│class A\n│    def f(self)\n│class B\n│    def f(self)\n\nb.py\n";

    #[test]
    fn nothing_is_shown_twice_and_what_stands_twice_is_two() {
        let mut session = MapSession::default();
        let tokenizer = Tokenizer::bytes4();
        assert_eq!(
            session.turn("a.py:\n│class A\n│    def f(self)\n", 1000, &tokenizer),
            "a.py:\n│class A\n│    def f(self)\n"
        );
        assert_eq!(session.turn(PAGE, 1000, &tokenizer), "a.py:\n│class B\n│    def f(self)\n\nb.py\n");
        assert_eq!(session.turn(PAGE, 1000, &tokenizer), "");
    }

    #[test]
    fn a_turn_keeps_its_budget_and_the_rest_comes_later() {
        let tokenizer = Tokenizer::bytes4();
        for budget in 0..40 {
            let mut session = MapSession::default();
            let first = session.turn(PAGE, budget, &tokenizer);
            assert!(tokenizer.count(&first) <= budget, "{budget}: {first}");
            let rest = session.turn(PAGE, 1000, &tokenizer);
            let rows = |text: &str| text.lines().filter(|line| line.starts_with('│')).count();
            assert_eq!(rows(&first) + rows(&rest), 4, "{budget}: {first}\n{rest}");
        }
    }

    #[test]
    fn a_kept_session_goes_on_where_it_was_and_its_prompt_only_grows() {
        let tokenizer = Tokenizer::default();
        let mut session = MapSession::default();
        session.set_base(PAGE);
        session.set_base("other");
        let before = session.prompt();
        session.turn("c.py:\n│fn c()\n", 100, &tokenizer);
        assert!(session.prompt().starts_with(&before));
        assert_eq!(MapSession::parse(&session.to_text()), Some(session));
        for text in ["", "something else", "repo-map session 1\nno mark\n"] {
            assert_eq!(MapSession::parse(text), None, "{text}");
        }
    }
}
