//! The open elements of HTML, many of which end without saying so.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

/// Elements that hold nothing.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "command", "embed", "frame", "hr", "image", "img",
    "input", "isindex", "keygen", "link", "menuitem", "meta", "nextid", "param", "source", "track", "wbr",
];

/// Elements, and what ends each by its beginning.
const ENDED_BY: &[(&[&str], &[&str])] = &[
    (&["li"], &["li"]),
    (&["dd", "dt"], &["dd", "dt"]),
    (&["rb", "rp", "rt"], &["rb", "rp", "rt"]),
    (&["optgroup"], &["optgroup"]),
    (&["tr"], &["tr"]),
    (&["td", "th"], &["td", "th", "tr"]),
    (
        &["p"],
        &[
            "address",
            "article",
            "aside",
            "blockquote",
            "details",
            "div",
            "dl",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
        ],
    ),
];

/// How many elements the scanner will restore.
pub(super) fn restored(source: &[u8]) -> u64 {
    let mut elements = Elements::default();
    let mut restored = 0_u64;
    for at in memchr::memchr_iter(b'<', source) {
        match &source[at + 1..] {
            [b'/', rest @ ..] => elements.end(name(rest)),
            rest => elements.begin(name(rest)),
        }
        restored += elements.open.len() as u64;
    }
    restored
}

/// The name of an element; the scanner passes over blanks before it, but not over so many as this.
fn name(text: &[u8]) -> &[u8] {
    let text = text[..text.len().min(100)].trim_ascii_start();
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':') || *byte >= 0x80;
    &text[..text.iter().take_while(|byte| is_of_name(byte)).count()]
}

#[derive(Default)]
struct Elements<'a> {
    open: Vec<&'a [u8]>,
    /// How often each name is among them, by its hash in small letters.
    count: FxHashMap<u64, usize>,
}

impl<'a> Elements<'a> {
    fn begin(&mut self, name: &'a [u8]) {
        while self.open.last().is_some_and(|last| ends(name, last)) {
            self.pop();
        }
        if !name.is_empty() && !is_among(name, VOID) {
            self.open.push(name);
            *self.count.entry(hash(name)).or_default() += 1;
        }
    }

    /// Ends what is open within the element as well; nothing if it is not open.
    fn end(&mut self, name: &[u8]) {
        let hash = hash(name);
        let Some(before) = self.count.get(&hash).copied().filter(|count| *count > 0) else { return };
        while self.count.get(&hash) == Some(&before) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let count = self.open.pop().and_then(|name| self.count.get_mut(&hash(name)));
        *count.expect("what is open was counted") -= 1;
    }
}

/// Whether an element is ended where one of the name begins.
fn ends(name: &[u8], element: &[u8]) -> bool {
    ENDED_BY.iter().any(|(elements, by)| is_among(element, elements) && is_among(name, by))
}

fn is_among(name: &[u8], names: &[&str]) -> bool {
    names.iter().any(|other| name.eq_ignore_ascii_case(other.as_bytes()))
}

fn hash(name: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    name.iter().for_each(|byte| byte.to_ascii_lowercase().hash(&mut hasher));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_open_costs() {
        let cost = |text: &str, count: usize| {
            restored(text.repeat(count).as_bytes()) / super::super::ELEMENTS_A_CALL
        };
        assert!(
            cost("<ul><li>a<li>b</ul>\n<br><p>a <b>b</B><table><tr><td>c<td>d<tr></table>\n", 5_000) < 2_000
        );
        assert!(cost("<script>a < b || a <c</script>\n<div>a</div>", 5_000) < 200);
        for none in ["<br>", "</a>", "<\n", "<!-- a -->", "<>"] {
            assert!(cost(none, 50_000) < 1_000, "{none}: {}", cost(none, 50_000));
        }
        for open in
            ["<a>", "<Option>", "a < b\n", "<3", "<li><td>", "<template\n", "<p><a>\n", "<dd></b><li>"]
        {
            assert!(cost(open, 50_000) > 1_000_000, "{open}: {}", cost(open, 50_000));
        }
    }

    #[test]
    fn an_end_ends_what_is_within() {
        let mut elements = Elements::default();
        [b"div".as_slice(), b"c", b"DIV", b"d"].into_iter().for_each(|name| elements.begin(name));
        elements.end(b"e");
        assert_eq!(elements.open.len(), 4);
        elements.end(b"div");
        assert_eq!(elements.open, [b"div".as_slice(), b"c"]);
        elements.end(b"c");
        elements.end(b"c");
        assert_eq!(elements.open, [b"div".as_slice()]);
    }
}
