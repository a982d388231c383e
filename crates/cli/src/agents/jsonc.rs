//! JSON with comments, as people write settings: where its members stand, so that a text can be changed without touching the rest.

use std::ops::Range;

/// Deeper than any settings.
const DEEPEST: usize = 100;

/// A value and where it stands, in bytes.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Object(Vec<Member>),
    Array(Vec<Node>),
    /// A text, a number, a word.
    Plain,
}

#[derive(Debug)]
pub(crate) struct Member {
    /// Where the name begins, with its quote.
    pub(crate) start: usize,
    pub(crate) name: String,
    pub(crate) value: Node,
}

/// The one value of a text. `None` where it is no JSON with comments.
pub(crate) fn parse(text: &str) -> Option<Node> {
    let mut reader = Reader { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    reader.pass()?;
    let node = reader.value(0)?;
    reader.pass()?;
    (reader.at == text.len()).then_some(node)
}

impl Node {
    /// A member of an object; of a name that stands twice, the last, as readers take it.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        match &self.kind {
            Kind::Object(members) => members.iter().rev().find(|member| member.name == name),
            _ => None,
        }
    }

    /// What stands at a way of names.
    pub(crate) fn at(&self, way: &[&str]) -> Option<&Node> {
        way.iter().try_fold(self, |node, name| Some(&node.member(name)?.value))
    }
}

/// White space and comments up to the next character that counts; where that is.
pub(crate) fn passed(text: &str, at: usize) -> usize {
    let mut reader = Reader { text, at };
    match reader.pass() {
        Some(()) => reader.at,
        None => text.len(),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    /// `None` in a comment that does not end.
    fn pass(&mut self) -> Option<()> {
        loop {
            let rest = self.text.get(self.at..)?;
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/")? + 2;
            } else if rest.starts_with([' ', '\t', '\r', '\n']) {
                self.at += 1;
            } else {
                return Some(());
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        let kind = match self.peek()? {
            _ if depth > DEEPEST => return None,
            b'{' => self.object(depth)?,
            b'[' => self.array(depth)?,
            b'"' => {
                self.string()?;
                Kind::Plain
            }
            _ => {
                let rest = &self.text[start..];
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
                self.at += end.unwrap_or(rest.len());
                serde_json::from_str::<serde_json::Value>(&self.text[start..self.at]).ok()?;
                Kind::Plain
            }
        };
        Some(Node { span: start..self.at, kind })
    }

    fn object(&mut self, depth: usize) -> Option<Kind> {
        let mut members = Vec::new();
        self.at += 1;
        loop {
            self.pass()?;
            if self.take(b'}') {
                return Some(Kind::Object(members));
            }
            let start = self.at;
            let name = self.string()?;
            self.pass()?;
            if !self.take(b':') {
                return None;
            }
            self.pass()?;
            let value = self.value(depth + 1)?;
            members.push(Member { start, name, value });
            self.pass()?;
            if !self.take(b',') && self.peek() != Some(b'}') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Kind> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.pass()?;
            if self.take(b']') {
                return Some(Kind::Array(items));
            }
            items.push(self.value(depth + 1)?);
            self.pass()?;
            if !self.take(b',') && self.peek() != Some(b']') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        if !self.take(b'"') {
            return None;
        }
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_among_comments() {
        let text = "\u{feff}// head\n{ /* {\"a\": 1} */ \"a\": {\"b\\u0063\": [1, \"]\", {},], // x\n}, \"n\": -1.5e3, }\n";
        let node = parse(text).unwrap();
        let bc = node.at(&["a", "bc"]).unwrap();
        assert_eq!(&text[bc.span.clone()], "[1, \"]\", {},]");
        assert!(node.at(&["a", "x"]).is_none());
        assert_eq!(&text[node.at(&["n"]).unwrap().span.clone()], "-1.5e3");
    }

    #[test]
    fn what_is_no_json_is_none() {
        for text in ["", "{", "{\"a\"}", "{\"a\": }", "[1 2]", "{} {}", "/* ", "\"a", "{a: 1}", "nul", "\"\\"]
        {
            assert!(parse(text).is_none(), "{text:?}");
        }
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert!(parse(&deep).is_none());
    }
}
