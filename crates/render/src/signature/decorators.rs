//! What stands before a definition and is no part of it: attributes, annotations, decorators.

use super::lexeme::{self, Kind, Lexeme};

/// Those that change how the definition is used, by the last part of their name.
const TELLING: &[&str] = &[
    "property",
    "cached_property",
    "setter",
    "getter",
    "deleter",
    "staticmethod",
    "classmethod",
    "abstractmethod",
    "overload",
    "dataclass",
    "contextmanager",
    "asynccontextmanager",
    "fixture",
    "test",
    "Test",
    "Fact",
    "Theory",
    "TestMethod",
];

/// Splits a text that ends before a name: the decorators worth a place on the row, short, and where the rest begins.
///
/// A decorator that nothing else would stand before the name without, on its line, stays: it may be what defines
/// (`@interface A`).
pub(super) fn leading(text: &str) -> (String, usize) {
    let mut kept = String::new();
    let mut rest = 0;
    let parts: Vec<Lexeme> = lexeme::source(text).collect();
    let mut at = 0;
    loop {
        let blank = |of: &&Lexeme| matches!(of.kind, Kind::Blank | Kind::Break | Kind::Comment);
        at += parts[at..].iter().take_while(blank).count();
        let Some(end) = decorator(text, &parts, at) else { break };
        let after = end + parts[end..].iter().take_while(blank).count();
        let ends_line = parts[end..after].iter().any(|of| of.kind == Kind::Break);
        if after == parts.len() && !ends_line {
            break;
        }
        let name = short(&text[parts[at].start..parts[end - 1].end]);
        if TELLING.contains(&last_part(name)) {
            kept.push_str(name);
            kept.push_str(if name.starts_with('@') { " " } else { "] " });
        }
        rest = parts.get(after).map_or(text.len(), |of| of.start);
        at = after;
    }
    (kept, rest)
}

/// How much of a parameter is attributes before it.
///
/// White space parts an attribute from what follows: `[]byte` is a type. What is followed by a type or a value is a pattern
/// (`[a, b]: [A, B]`), and a name before a single word a name with its type (`@id int`).
pub(super) fn before_parameter(text: &str) -> usize {
    let parts: Vec<Lexeme> = lexeme::plain(text, 0).collect();
    let mut at = 0;
    while let Some(end) = decorator(text, &parts, at) {
        let is_blank = parts.get(end).is_some_and(|part| part.kind == Kind::Blank);
        let Some(next) = parts.get(end + 1).filter(|_| is_blank) else { break };
        let rest = &text[next.start..];
        let is_name = text[parts[at].start..].starts_with('@') && parts[end - 1].kind != Kind::Close;
        if rest.starts_with([':', '=']) || (is_name && is_type(rest)) {
            break;
        }
        at = end + 1;
    }
    parts.get(at).map_or(0, |part| part.start)
}

/// Whether a text is a type and no parameter with its name.
fn is_type(text: &str) -> bool {
    const WORDS: &[&str] = &["as", "out", "output", "readonly", "null", "not"];
    let (mut depth, mut words, mut is_apart) = (0, 0, true);
    for part in lexeme::plain(text, 0) {
        let piece = &text[part.start..part.end];
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            Kind::Sign if depth == 0 && piece == "=" => break,
            Kind::Sign if depth == 0 && piece == ":" => return false,
            Kind::Word if depth == 0 && is_apart => {
                words += u32::from(!WORDS.iter().any(|word| piece.eq_ignore_ascii_case(word)));
            }
            _ => {}
        }
        is_apart = part.kind == Kind::Blank;
    }
    words < 2
}

/// The attribute on a line of its own that makes a test of a function.
pub(super) fn is_test(line: &str) -> bool {
    line.starts_with("#[") && line.ends_with(']') && TELLING.contains(&last_part(short(line)))
}

/// Where the decorator ends that begins with this part.
fn decorator(text: &str, parts: &[Lexeme], at: usize) -> Option<usize> {
    let is = |at: usize, of: &str| parts.get(at).is_some_and(|part| &text[part.start..part.end] == of);
    if is(at, "@") {
        let mut end = at + 1;
        parts.get(end).filter(|part| part.kind == Kind::Word)?;
        while parts.get(end).is_some_and(|part| part.kind == Kind::Word) || is(end, ".") || is(end, ":") {
            end += 1;
        }
        return if is(end, "(") { closing(parts, end) } else { Some(end) };
    }
    let open = if is(at, "#") { at + 1 } else { at };
    if is(open, "[") { closing(parts, open) } else { None }
}

/// Where the bracket ends that opens at this part.
fn closing(parts: &[Lexeme], open: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, part) in parts.iter().enumerate().skip(open) {
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// A decorator without its arguments, an attribute without its last bracket.
fn short(decorator: &str) -> &str {
    let start = decorator.find(|c| !matches!(c, '#' | '[')).unwrap_or(0);
    let end = decorator[start..].find(['(', ']', ' ', ',', '=']).map_or(decorator.len(), |end| start + end);
    &decorator[..end]
}

fn last_part(name: &str) -> &str {
    name.rsplit(|c| !lexeme::is_of_word(c)).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, kept: &str, rest: &str) {
        let (found, at) = leading(text);
        assert_eq!((found.as_str(), &text[at..]), (kept, rest), "{text}");
    }

    #[test]
    fn what_changes_the_use_stays_and_the_rest_goes() {
        check("@property\n    def ", "@property ", "def ");
        check("@app.route(\"/\", methods=[\"GET\"])\n@x.setter\ndef ", "@x.setter ", "def ");
        check("@Override public String ", "", "public String ");
        check("@Test(timeout = 1)\n  public void ", "@Test ", "public void ");
        check("#[Route('/')]\n#[\\Deprecated] public function ", "", "public function ");
        check("[HttpGet(\"x\")] [Fact] public void ", "[Fact] ", "public void ");
        check("[[nodiscard]] int ", "", "int ");
        check("@Input()\n  ", "", "");
    }

    #[test]
    fn what_defines_is_no_decorator() {
        check("@interface ", "", "@interface ");
        check("@Input() ", "", "@Input() ");
        check("[", "", "[");
        check("@mixin ", "", "@mixin ");
        check("@open(\ndef ", "", "@open(\ndef ");
    }

    #[test]
    fn a_test_is_one_by_its_attribute() {
        assert!(is_test("#[test]") && is_test("#[tokio::test(flavor = \"x\")]"));
        assert!(!is_test("#[cfg(test)]") && !is_test("#[inline]"));
    }
}
