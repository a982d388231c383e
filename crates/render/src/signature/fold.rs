//! A signature of several lines as one.

use std::ops::Range;

use super::lexeme::{self, Kind};

/// A text on one line, and where the name stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flat {
    pub(super) text: String,
    pub(super) name: Range<usize>,
    /// A colon after the name makes a key of it.
    pub(super) is_key: bool,
}

/// Folds white space to a blank and drops comments. What breaks inside of brackets is written as if it never had:
/// `f(⏎ a,⏎ b,⏎)` is `f(a, b)`. With `until_body`, the text ends before its first brace that is inside of no bracket.
pub(super) fn fold(source: &str, name: Range<usize>, until_body: bool) -> Flat {
    let mut text = String::with_capacity(source.len().min(256));
    let mut at = 0..0;
    // Whether white space comes before the next part, and whether it breaks the line.
    let mut blank: Option<bool> = None;
    let mut depth = 0u32;
    for part in lexeme::source(source) {
        let piece = &source[part.start..part.end];
        let holds_name = part.start <= name.start && name.start < part.end;
        match part.kind {
            Kind::Blank | Kind::Break => {
                blank = Some(part.kind == Kind::Break || blank == Some(true));
                continue;
            }
            // A name is in no comment, whatever it looks like.
            Kind::Comment if !(part.start < name.end && name.start < part.end) => {
                blank = Some(blank == Some(true));
                continue;
            }
            Kind::Open if until_body && depth == 0 && piece == "{" && !text.is_empty() => break,
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(breaks) = blank.take() {
            join(&mut text, piece, breaks);
        }
        if holds_name {
            at.start = text.len() + (name.start - part.start);
        }
        match piece.contains(['\n', '\r']) {
            true => text.extend(piece.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c })),
            false => text.push_str(piece),
        }
        if part.start < name.end && name.end <= part.end {
            at.end = text.len() - (part.end - name.end);
        }
    }
    if at.end < at.start {
        at.end = text.len();
    }
    Flat { text, name: at, is_key: false }
}

/// What stands for white space between a text and what follows.
fn join(text: &mut String, next: &str, breaks: bool) {
    let Some(last) = text.chars().next_back() else { return };
    if breaks {
        match next {
            ")" | "]" | ">" if last == ',' => {
                text.pop();
                return;
            }
            ")" | "]" | "," | ";" | "." => return,
            "}" if last == ',' => drop(text.pop()),
            _ if matches!(last, '(' | '[' | '<') => return,
            _ => {}
        }
    }
    text.push(' ');
}

impl Flat {
    /// Drops what only opens a body or ends a statement. The name stays whole, with the colon right after it that makes
    /// a key of it.
    pub(super) fn trim(&mut self) {
        while let Some(length) = self.without_end() {
            self.text.truncate(length);
        }
    }

    /// Ends the text here, and the name where the text does.
    pub(super) fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        self.name = self.name.start.min(length)..self.name.end.min(length);
    }

    /// Takes ranges out that stand apart from each other, in their order and after the name.
    pub(super) fn remove(&mut self, ranges: &[Range<usize>]) {
        debug_assert!(ranges.is_sorted_by(|a, b| a.end <= b.start), "{ranges:?} of {:?}", self.text);
        let mut kept = String::with_capacity(self.text.len());
        let mut at = 0;
        for range in ranges.iter().filter(|range| range.start >= self.name.end) {
            kept.push_str(self.text.get(at..range.start).unwrap_or_default());
            at = at.max(range.end);
        }
        kept.push_str(&self.text[at..]);
        self.text = kept;
    }

    /// The length without the last sign or word that says nothing of what is defined.
    fn without_end(&self) -> Option<usize> {
        const SIGNS: &[&str] = &["{}", "{", "(", "[", ";", ",", "\\", ":=", "->", ":", "="];
        const WORDS: &[&str] = &["do", "begin", "where", "is", "as", "end"];
        let after = self.text.get(self.name.end..)?.trim_end();
        let length = self.name.end + after.len();
        if length < self.text.len() {
            return Some(length);
        }
        if let Some(sign) = SIGNS.iter().find(|sign| after.ends_with(*sign)) {
            let rest = &after[..after.len() - sign.len()];
            if *sign == ":" && self.is_key && rest.chars().all(|c| matches!(c, '"' | '\'')) {
                return None;
            }
            if *sign == "{}" && rest.trim_end().ends_with(|c| "=:(,[".contains(c)) {
                return None;
            }
            let is_operator =
                matches!(*sign, ":" | "=") && rest.ends_with(|c| ":=!<>+-*/%&|^~.?".contains(c));
            return (!is_operator).then_some(self.name.end + rest.len());
        }
        let start =
            after.rfind(|c: char| !c.is_ascii_alphabetic()).filter(|&at| after[at..].starts_with(' '))?;
        let word = &after[start + 1..];
        WORDS.iter().any(|of| word.eq_ignore_ascii_case(of)).then_some(self.name.end + start)
    }
}

/// A text folded, by the name in it.
#[cfg(test)]
pub(super) fn named(text: &str, name: &str) -> Flat {
    let start = text.find(name).expect("the name is in the text");
    fold(text, start..start + name.len(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_its_colon() {
        let key = |is_key| {
            let mut flat = Flat { is_key, ..fold("\"jobs\": {", 1..5, false) };
            flat.trim();
            flat.text
        };
        assert_eq!([key(true), key(false)], ["\"jobs\":", "\"jobs\""]);
    }

    fn flat(source: &str, name: &str) -> String {
        let mut flat = named(source, name);
        assert_eq!(&flat.text[flat.name.clone()], name);
        flat.trim();
        flat.text
    }

    #[test]
    fn what_breaks_in_brackets_is_written_as_if_it_never_had() {
        assert_eq!(
            flat("fn f<\n    T,\n    U,\n>(\n    a: T, // one\n    b: U,\n) -> R {", "f"),
            "fn f<T, U>(a: T, b: U) -> R"
        );
        assert_eq!(flat("function f({\n  a,\n  b,\n}: P)", "f"), "function f({ a, b }: P)");
        assert_eq!(flat("static int\r\nf(int  a,\r\n  int b)\r\n", "f"), "static int f(int a, int b)");
        assert_eq!(flat("def f(\n    a,  # one\n    b=1\n):\n    # why\n", "f"), "def f(a, b=1)");
    }

    #[test]
    fn what_only_opens_a_body_goes_and_names_stay() {
        for (source, name, row) in [
            ("class A {", "A", "class A"),
            ("def f(x): Int =", "f", "def f(x): Int"),
            ("LIMITS = {", "LIMITS", "LIMITS"),
            ("def run(a) do", "run", "def run(a)"),
            ("bool operator=(A a) {", "operator=", "bool operator=(A a)"),
            ("def ==(o)\n  end", "==", "def ==(o)"),
            ("f = (a) =>", "f", "f = (a) =>"),
            ("CREATE VIEW v AS", "v", "CREATE VIEW v"),
            ("rpc Drain(A) returns (B) {}", "Drain", "rpc Drain(A) returns (B)"),
            ("var cache = {};", "cache", "var cache = {}"),
            ("do:", "do", "do"),
            ("#define A \\", "A", "#define A"),
        ] {
            assert_eq!(flat(source, name), row);
        }
    }

    #[test]
    fn a_header_ends_where_its_body_begins() {
        assert_eq!(fold("impl<T> A<T> where T: B { fn x() {} ", 0..0, true).text, "impl<T> A<T> where T: B");
    }
}
