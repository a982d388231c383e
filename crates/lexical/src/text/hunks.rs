//! Hunks of unified diffs: the file, the first line that each group of changes touches, and the name after `@@`.

use super::place::{MAX_NAMES, Origin, Place};
use crate::words::tokens;

/// The groups of changed lines of all hunks, in the order of the text; lines are those of the tree before the change. Cost: linear.
pub(super) fn hunks(text: &str) -> impl Iterator<Item = Place> {
    let mut hunks = Hunks::default();
    text.lines().for_each(|line| hunks.read(line));
    hunks.end();
    hunks.found.into_iter()
}

#[derive(Default)]
struct Hunks<'a> {
    found: Vec<Place>,
    path: Option<&'a str>,
    /// Of a new file there is no line before.
    is_new: bool,
    names: Vec<String>,
    /// The line of the old text that comes next, and how many lines of both texts are left; `None` outside of a hunk.
    at: Option<(u32, u32, u32)>,
    group: Option<(u32, u32)>,
    has_change: bool,
}

impl<'a> Hunks<'a> {
    fn read(&mut self, line: &'a str) {
        if let Some((next, old, new)) = self.at
            && old + new > 0
        {
            match line.as_bytes().first() {
                Some(b'-') => {
                    self.change(next, next);
                    self.at = Some((next + 1, old.saturating_sub(1), new));
                }
                Some(b'+') => {
                    // What is added stands between two lines.
                    self.change(next.saturating_sub(1).max(1), next);
                    self.at = Some((next, old, new.saturating_sub(1)));
                }
                Some(b' ') | None => {
                    self.end_group();
                    self.at = Some((next + 1, old.saturating_sub(1), new.saturating_sub(1)));
                }
                Some(b'\\') => {}
                _ => self.end(),
            }
            if self.at.is_some() {
                return;
            }
        }
        if let Some(head) = line.strip_prefix("@@ ").and_then(head) {
            self.end();
            let (old, new, context) = head;
            self.names = tokens(&context[..context.floor_char_boundary(200)])
                .filter(|token| token.len() > 1)
                .take(MAX_NAMES)
                .map(ToOwned::to_owned)
                .collect();
            self.at = self.path.map(|_| (old.0.max(1), old.1, new));
            self.has_change = false;
            self.group = None;
        } else if let Some(path) = line.strip_prefix("--- ") {
            self.end();
            self.path = file(path);
            self.is_new = self.path.is_none();
        } else if let Some(path) = line.strip_prefix("+++ ").filter(|_| self.is_new) {
            self.path = file(path);
        } else if let Some(paths) = line.strip_prefix("diff --git ") {
            self.end();
            self.path = paths.split(" b/").next().and_then(file);
            self.is_new = false;
        }
    }

    fn change(&mut self, first: u32, last: u32) {
        self.has_change = true;
        self.group = Some(self.group.map_or((first, last), |(first, _)| (first, last)));
    }

    fn end_group(&mut self) {
        if let (Some(lines), Some(path)) = (self.group.take(), self.path)
            && !self.is_new
            && let Some(place) = Place::new(path, Some(lines), Origin::Hunk)
        {
            self.found.push(Place { names: self.names.clone(), ..place });
        }
    }

    /// A hunk without its lines still says where it is.
    fn end(&mut self) {
        self.end_group();
        if let Some((next, old, _)) = self.at.take()
            && !self.has_change
        {
            self.group = Some((next, next + old.saturating_sub(1)));
            self.end_group();
        }
    }
}

/// `a/src/x.c`, with what may follow a tab; nothing for `/dev/null`.
fn file(path: &str) -> Option<&str> {
    let path = path.split('\t').next()?.trim().trim_matches('"');
    let path = path.strip_prefix("a/").or(path.strip_prefix("b/")).unwrap_or(path);
    (path != "/dev/null" && !path.is_empty() && path.len() < 1_024).then_some(path)
}

/// `-10,7 +12,8 @@ fn run() {`: the old lines, how many new ones, and the line of the function.
fn head(text: &str) -> Option<((u32, u32), u32, &str)> {
    let (ranges, context) = text.split_once("@@")?;
    let mut ranges = ranges.split_whitespace();
    let range = |text: &str| {
        let (start, length) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse::<u32>().ok()?, length.parse::<u32>().ok()?))
            .filter(|(start, length)| *start < 1 << 30 && *length < 1 << 30)
    };
    let old = range(ranges.next()?.strip_prefix('-')?)?;
    let new = range(ranges.next()?.strip_prefix('+')?)?;
    Some((old, new.1, context))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, (u32, u32), &str)]) {
        let found: Vec<_> = hunks(text).collect();
        let found: Vec<_> = found
            .iter()
            .map(|place| (place.path.as_str(), place.lines.unwrap(), place.names.join(" ")))
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(path, lines, names)| (*path, *lines, (*names).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn hunks_tell_the_lines_that_they_touch() {
        check(
            "diff --git a/src/a.py b/src/a.py\n--- a/src/a.py\n+++ b/src/a.py\n@@ -10,5 +10,5 @@ def run(self):\n a\n b\n-c\n+d\n e\n f\n",
            &[("src/a.py", (12, 13), "def run self")],
        );
        check(
            "--- src/a.c\t2020-01-01\n+++ src/a.c\n@@ -1,2 +1,3 @@\n x\n+y\n z\n@@ -40 +41 @@ int f(void)\n-p\n+q\n",
            &[("src/a.c", (1, 2), ""), ("src/a.c", (40, 41), "int void")],
        );
    }

    #[test]
    fn a_removed_comment_of_sql_is_no_head() {
        check("--- a/x.sql\n+++ b/x.sql\n@@ -3,2 +3,1 @@\n--- note\n x\n", &[("x.sql", (3, 3), "")]);
    }

    #[test]
    fn new_files_have_no_lines_and_hunks_without_lines_have_theirs() {
        check("--- /dev/null\n+++ b/new.c\n@@ -0,0 +1,1 @@\n+x\n", &[]);
        check(
            "--- a/x.c\n+++ b/x.c\n@@ -30,7 +30,8 @@ static int run(void)\n",
            &[("x.c", (30, 36), "static int run void")],
        );
        check("@@ -1 +1 @@\n-a\n+b\n", &[]);
        check("--- a\n@@ -99999999999,1 +1 @@\n@@ -1,4294967295 +1,1 @@ x\n-a", &[]);
    }
}
