//! The names of what a change of a text touched, without a parser.
//!
//! A line belongs to the lines above it that are indented less, each less than the one before: in nearly every
//! language these are the heads of the function, of the class, of the block around it. The words in those heads are
//! kept, and the words of changed lines that are heads themselves. Whoever asks later knows which of the words name
//! definitions of the file.

use ahash::HashSet;
use imara_diff::{Algorithm, Diff, InternedInput};

use crate::message::hash;

/// Larger texts are generated, or data.
pub(crate) const MAX_BYTES: usize = 1 << 20;
/// A change of more places touches no place in particular.
const MAX_NAMES: usize = 256;

/// The hashes of the words in the heads around what differs, ascending; none where a text is none.
pub(crate) fn touched(old: &[u8], new: &[u8]) -> Vec<u32> {
    if [old, new].into_iter().any(|text| text.len() > MAX_BYTES || is_binary(text)) {
        return Vec::new();
    }
    let input = InternedInput::new(old, new);
    let mut difference = Diff::compute(Algorithm::Histogram, &input);
    difference.postprocess_lines(&input);
    let heads = Heads::of(new);
    let mut seen = HashSet::default();
    for hunk in difference.hunks() {
        let (start, end) = (hunk.after.start as usize, hunk.after.end as usize);
        // What was only removed stood behind the line before.
        let changed = if start == end { start.saturating_sub(1)..start } else { start..end };
        for line in changed {
            if heads.opens(line) {
                seen.insert(line);
            }
            let mut around = heads.around(line);
            while let Some(head) = around.filter(|head| seen.insert(*head)) {
                around = heads.around(head);
            }
        }
    }
    let mut names: Vec<u32> = seen.iter().flat_map(|&head| words(heads.lines[head].text)).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > MAX_NAMES { Vec::new() } else { names }
}

/// What [`touched`] may take, at worst: a little for each byte, more for each line, and for the lines between the first and the last that
/// differ what the comparison of lines that repeat takes, each with the root of all.
pub(crate) fn work(old: &[u8], new: &[u8]) -> u64 {
    const LINE: u64 = 32;
    let breaks = |text: &[u8]| text.iter().filter(|&&byte| byte == b'\n').count() as u64;
    let start = same(old.iter().zip(new));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = same(old_rest.iter().rev().zip(new_rest.iter().rev()));
    let between = breaks(&old_rest[..old_rest.len() - end]) + breaks(&new_rest[..new_rest.len() - end]);
    let lines = breaks(old) + breaks(new);
    (old.len() + new.len()) as u64 + LINE * lines + between * between.isqrt()
}

fn same<'t>(pairs: impl Iterator<Item = (&'t u8, &'t u8)>) -> usize {
    pairs.take_while(|(old, new)| old == new).count()
}

/// The lines of a text with what is around each.
struct Heads<'t> {
    lines: Vec<Line<'t>>,
}

struct Line<'t> {
    /// Without white space around it.
    text: &'t [u8],
    indentation: usize,
    /// The nearest line above that can be a head and is indented less, or as little if this line can be none.
    around: Option<usize>,
    opens: bool,
}

impl<'t> Heads<'t> {
    fn of(text: &'t [u8]) -> Self {
        let mut lines: Vec<Line<'t>> = Vec::new();
        // Heads that are still open, each indented more than the one before.
        let mut open: Vec<usize> = Vec::new();
        for line in imara_diff::sources::byte_lines(text) {
            let text = line.trim_ascii();
            let indentation = line.len() - line.trim_ascii_start().len();
            let can_be_head = text.first().is_some_and(|&first| begins_head(first));
            if can_be_head {
                while open.last().is_some_and(|&head| lines[head].indentation >= indentation) {
                    open.pop();
                }
            }
            // Those that are open are indented more and more.
            let enclosing =
                open.partition_point(|&head| text.is_empty() || lines[head].indentation <= indentation);
            let around = enclosing.checked_sub(1).map(|last| open[last]);
            if can_be_head {
                open.push(lines.len());
            }
            lines.push(Line { text, indentation, around, opens: false });
        }
        // The indentation of the next line with anything on it.
        let mut next = None;
        for line in lines.iter_mut().rev().filter(|line| !line.text.is_empty()) {
            let is_deeper = next.is_some_and(|next| next > line.indentation);
            line.opens = is_deeper && line.text.first().is_some_and(|&first| begins_head(first));
            next = Some(line.indentation);
        }
        Self { lines }
    }

    fn around(&self, line: usize) -> Option<usize> {
        self.lines.get(line)?.around
    }

    /// Whether a line is a head, and the next one with anything on it is indented more.
    fn opens(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| line.opens)
    }
}

/// Comments, preprocessor lines and closing brackets are no heads.
fn begins_head(first: u8) -> bool {
    first.is_ascii_alphanumeric() || first >= 0x80 || b"_$@\"'<&*~(".contains(&first)
}

/// The words that can be names.
fn words(text: &[u8]) -> impl Iterator<Item = u32> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"_$".contains(byte);
    text.split(move |byte| !is_word(byte))
        .filter(|word| word.first().is_some_and(|first| !first.is_ascii_digit()))
        .map(hash)
}

pub(crate) fn is_binary(text: &[u8]) -> bool {
    text[..text.len().min(8_000)].contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, touches: &[&str], not: &[&str]) {
        let names = touched(old.as_bytes(), new.as_bytes());
        for name in touches {
            assert!(names.contains(&hash(name.as_bytes())), "{name} is touched");
        }
        for name in not {
            assert!(!names.contains(&hash(name.as_bytes())), "{name} is not touched");
        }
    }

    #[test]
    fn a_changed_line_touches_all_that_is_around_it() {
        let old = "class Cache:\n    def get(self):\n        return 1\n\n    def put(self):\n        pass\n";
        check(old, &old.replace("return 1", "return 2"), &["Cache", "get"], &["put", "return"]);
        check(
            old,
            &old.replace("        pass", "        if x:\n            pass"),
            &["Cache", "put"],
            &["get"],
        );
        check(old, &old.replace("def put(self)", "def put(self, key)"), &["Cache", "put", "key"], &["get"]);
    }

    #[test]
    fn brackets_labels_of_the_preprocessor_and_blank_lines_end_no_function() {
        let old = "int get(int key) {\n    int a;\n#ifdef X\n    a = 1;\n#endif\n\n    return a;\n}\n\nint put(void)\n{\n    return 2;\n}\n";
        check(old, &old.replace("return a", "return b"), &["get"], &["put"]);
        check(old, &old.replace("return 2", "return 3"), &["put"], &["get"]);
        check(old, &old.replace("    a = 1;\n", ""), &["get"], &["put"]);
    }

    #[test]
    fn what_was_removed_touches_where_it_stood() {
        let old = "def first():\n    a()\n    b()\n\ndef second():\n    c()\n";
        check(old, &old.replace("    b()\n", ""), &["first"], &["second"]);
        check(old, "", &[], &["first"]);
        check("", old, &["first", "second"], &["a"]);
    }

    #[test]
    fn no_bytes_make_it_panic() {
        for (old, new) in
            [(&b"\0a\nb"[..], &b"c"[..]), (b"\xff\xfe\n \x80", b"\xff\n\xff\n"), (b"a", b"\n\n\n")]
        {
            assert!(touched(old, new).len() <= MAX_NAMES);
        }
        assert!(touched(&vec![b'a'; MAX_BYTES + 1], b"b").is_empty());
    }
}
