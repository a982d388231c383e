use std::collections::BTreeSet;

use repo_map_model::RepoPath;
use repo_map_render::{TokenCounter as _, Tokenizer, path_line};

use crate::answer::{Answer, Omitted, Row};

/// What is held back for the line that tells what had no room, in tokens.
const TAIL: usize = 24;

/// Where rows of definitions are cut, as in a map.
pub(crate) const WIDTH: usize = 100;

/// A page that fills up: sections of files of rows.
pub(crate) struct Page<'a> {
    tokenizer: &'a Tokenizer,
    budget: usize,
    /// What the rows so far cost at most.
    spent: usize,
    head: String,
    sections: Vec<Section>,
    /// The rows in the order in which they came, by section and file.
    taken: Vec<(usize, usize)>,
}

#[derive(Default)]
struct Section {
    title: String,
    files: Vec<(RepoPath, Vec<(String, Row)>)>,
    /// Rows of a file stand the best first, as they come, and not as in their file.
    is_ranked: bool,
}

impl Section {
    /// The rows of a file as they are printed.
    fn printed<'s>(&self, rows: &'s [(String, Row)]) -> Vec<&'s (String, Row)> {
        let mut rows: Vec<_> = rows.iter().collect();
        if !self.is_ranked {
            rows.sort_by_key(|(_, row)| row.line);
        }
        rows
    }
}

impl<'a> Page<'a> {
    /// A page that begins with these lines, each ended with `\n`.
    pub(crate) fn new(tokenizer: &'a Tokenizer, budget: usize, head: String) -> Self {
        let spent = tokenizer.count(&head) + TAIL;
        Self { tokenizer, budget, spent, head, sections: Vec::new(), taken: Vec::new() }
    }

    /// Begins another section; its title, if it has one, is a line of its own.
    pub(crate) fn section(&mut self, title: impl Into<String>) {
        self.sections.push(Section { title: title.into(), ..Section::default() });
    }

    /// Begins a section without a title, whose rows stand the best first within their file too.
    pub(crate) fn ranked_section(&mut self) {
        self.sections.push(Section { is_ranked: true, ..Section::default() });
    }

    /// Whether a row may still find room.
    pub(crate) fn has_room(&self) -> bool {
        self.spent < self.budget
    }

    /// The tokens that are taken.
    pub(crate) fn spent(&self) -> usize {
        self.spent
    }

    /// Takes a row of the last section, as printed with its number; whether it had room.
    pub(crate) fn take(&mut self, printed: String, row: Row) -> bool {
        let section = self.sections.len() - 1;
        let of = &mut self.sections[section];
        let known = of.files.iter().position(|(path, _)| *path == row.path);
        let count = |line: &str| self.tokenizer.count(&format!("{line}\n"));
        let mut cost = count(&printed);
        if known.is_none() {
            cost += count(&format!("\n{}:", path_line(row.path.as_str())));
            cost += if of.files.is_empty() && !of.title.is_empty() { count(&of.title) + 1 } else { 0 };
        }
        if self.spent + cost > self.budget {
            return false;
        }
        self.spent += cost;
        let file = known.unwrap_or_else(|| {
            of.files.push((row.path.clone(), Vec::new()));
            of.files.len() - 1
        });
        of.files[file].1.push((printed, row));
        self.taken.push((section, file));
        true
    }

    /// The page, with a line that tells of what had no room. Rows are taken back, the last first, while the whole counts more
    /// than the budget.
    pub(crate) fn finish(mut self, omitted: impl Fn(&[&Row]) -> (Omitted, String)) -> Answer {
        loop {
            let rows: Vec<&Row> = self.rows().collect();
            let (omitted, tail) = omitted(&rows);
            let text = self.text(&tail);
            let tokens_used = self.tokenizer.count(&text);
            if tokens_used <= self.budget {
                let rows = rows.into_iter().cloned().collect();
                return Answer { text, tokens_used, rows, omitted };
            }
            let Some((section, file)) = self.taken.pop() else {
                return Answer { omitted, ..Answer::default() };
            };
            let files = &mut self.sections[section].files;
            files[file].1.pop();
            if files[file].1.is_empty() {
                files.remove(file);
            }
        }
    }

    fn rows<'p>(&'p self) -> impl Iterator<Item = &'p Row> {
        let of = |section: &'p Section| {
            section.files.iter().flat_map(|(_, rows)| section.printed(rows)).map(|(_, row)| row)
        };
        self.sections.iter().flat_map(of)
    }

    fn text(&self, tail: &str) -> String {
        let mut text = self.head.clone();
        for section in self.sections.iter().filter(|section| !section.files.is_empty()) {
            if !section.title.is_empty() {
                part(&mut text);
                text += &section.title;
                text.push('\n');
            }
            for (at, (path, rows)) in section.files.iter().enumerate() {
                if at > 0 || section.title.is_empty() {
                    part(&mut text);
                }
                text += &path_line(path.as_str());
                text += ":\n";
                for (printed, _) in section.printed(rows) {
                    text += printed;
                    text.push('\n');
                }
            }
        }
        if !tail.is_empty() {
            part(&mut text);
            text += tail;
            text.push('\n');
        }
        text
    }
}

/// A blank line between two parts.
fn part(text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
}

/// How many rows of a role there are, lines that are there twice once.
pub(crate) fn distinct(rows: &[&Row], is_wanted: impl Fn(&Row) -> bool) -> usize {
    let places: BTreeSet<(&RepoPath, u32, &str)> = rows
        .iter()
        .filter(|row| is_wanted(row))
        .map(|row| (&row.path, row.line, row.name.as_str()))
        .collect();
    places.len()
}

/// `1 use`, `2 uses`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
