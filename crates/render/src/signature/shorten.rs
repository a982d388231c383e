//! A signature that is too long, without what matters least.

use std::ops::Range;

use super::beginning;
use super::fold::Flat;
use super::groups::{self, AllAngles, angles, type_parameters};
use super::lexeme::is_of_word;
use super::lexeme::{Kind, Lexeme, plain};
use super::parameters;
use super::value::is_assignment;

/// What stands for what was left out.
const CUT: char = '…';

/// Shortens to so many characters: default values go first, then bounds, what stands before parameters, and the last of these; in
/// the end whatever is last. No name is cut, so one that is longer by itself is left.
pub(super) fn shorten(flat: &mut Flat, most: usize) {
    let is_long = |flat: &Flat| flat.text.chars().count() > most;
    for step in [without_defaults, without_bounds, parameters::without_attributes] {
        if is_long(flat) {
            step(flat);
        }
    }
    beginning::shorten(flat, most);
    if is_long(flat) {
        parameters::without_last(flat, most);
    }
    cut(flat, most);
}

/// Cuts after a whole part, marks that, and closes what is open.
pub(super) fn cut(flat: &mut Flat, most: usize) {
    if flat.text.chars().count() <= most {
        return;
    }
    let text = &flat.text;
    let angles = AllAngles::of(text, 0);
    let mut open: Vec<char> = Vec::new();
    let mut kept = (flat.name.end, String::new());
    let mut characters = 0;
    let mut before = ' ';
    for part in plain(text, 0) {
        let piece = &text[part.start..part.end];
        characters += piece.chars().count();
        match (part.kind, piece) {
            (Kind::Open, "(") => open.push(')'),
            (Kind::Open, "[") => open.push(']'),
            (Kind::Open, _) => open.push('}'),
            (Kind::Sign, "<") if is_of_word(before) && angles.end(part.start).is_some() => open.push('>'),
            (Kind::Close, _) => drop(open.pop()),
            (Kind::Sign, ">") if !matches!(before, '-' | '=') => drop(open.pop_if(|of| *of == '>')),
            _ => {}
        }
        // A blank, the mark, and what closes.
        if characters + 2 + open.len() > most {
            break;
        }
        if part.end >= kept.0
            && is_end(before, &text[part.end..], part.kind, piece, open.last() == Some(&'>'))
        {
            kept = (part.end, open.iter().rev().collect());
        }
        before = piece.chars().next_back().unwrap_or(' ');
    }
    let (end, closing) = kept;
    let start = text[..end].trim_end();
    let apart = if start.ends_with(['(', '[', '<']) { "" } else { " " };
    let (shown, shortened) = (start.len(), format!("{start}{apart}{CUT}{closing}"));
    flat.text = shortened;
    // A name that ended with blanks is shorter now.
    flat.name = flat.name.start.min(shown)..flat.name.end.min(shown);
}

/// Whether a text may be cut behind a part: not within `a.b::c`, nor behind a sign that belongs to what follows.
fn is_end(before: char, after: &str, kind: Kind, piece: &str, in_angles: bool) -> bool {
    match kind {
        Kind::Word | Kind::Quoted => !after.starts_with('.') && !after.starts_with("::"),
        Kind::Sign => match piece {
            "<" => in_angles,
            ":" => before != ':' && !after.starts_with(':'),
            // The beginning of an arrow says another thing than the arrow.
            "-" | "=" | "|" | "+" | "/" | "%" | "^" => !after.starts_with(['>', '=', '-', '|', '+']),
            _ => !".@#$&*?!~".contains(piece),
        },
        _ => true,
    }
}

fn without_defaults(flat: &mut Flat) {
    let Some(group) = groups::parameters(flat) else { return };
    let text = &flat.text;
    let mut dropped: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut before) = (0, ' ');
    let mut default: Option<usize> = None;
    let parts: Vec<Lexeme> = plain(text, group.start).take_while(|part| part.end <= group.end).collect();
    for (at, part) in parts.iter().enumerate() {
        let piece = &text[part.start..part.end];
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        let ends = (depth == 1 && matches!(piece, "," | ";")) || depth == 0;
        if ends && let Some(start) = default.take() {
            dropped.push(start..part.start);
        }
        if depth == 1 && default.is_none() && is_assignment(text, &parts, at, before) {
            // `Count : Natural := 1`
            let before = text[..part.start].strip_suffix(':').unwrap_or(&text[..part.start]);
            default = Some(before.trim_end().len());
        }
        before = piece.chars().next_back().unwrap_or(' ');
    }
    flat.remove(&dropped);
}

/// Drops what stands before a template: `template <typename T>`.
fn without_template(flat: &mut Flat) {
    let Some(group) = flat.text.strip_prefix("template ").and_then(|rest| angles(rest, 0)) else { return };
    let end = "template ".len() + group.end;
    let length = end + flat.text[end..].len() - flat.text[end..].trim_start().len();
    if length <= flat.name.start {
        flat.text.replace_range(..length, "");
        flat.name = flat.name.start - length..flat.name.end - length;
    }
}

fn without_bounds(flat: &mut Flat) {
    without_template(flat);
    let text = &flat.text;
    let mut dropped: Vec<Range<usize>> = Vec::new();
    let types = type_parameters(flat);
    // A `where` among type parameters is one of them.
    let after_types = types.as_ref().map_or(flat.name.end, |group| group.end.max(flat.name.end));
    if let Some(group) = types {
        let (mut depth, mut bound) = (0, None);
        let mut before = ' ';
        for part in plain(text, group.start).take_while(|part| part.end <= group.end) {
            let piece = &text[part.start..part.end];
            match piece {
                "<" | "(" | "[" => depth += 1,
                ">" if !matches!(before, '-' | '=') => depth -= 1,
                ")" | "]" => depth -= 1,
                _ => {}
            }
            let ends = (depth == 1 && piece == ",") || depth == 0;
            if ends && let Some(start) = bound.take() {
                dropped.push(start..part.start);
            } else if depth == 1 && bound.is_none() && begins_bound(piece, before, &text[part.end..]) {
                bound = Some(text[..part.start].trim_end().len());
            }
            before = piece.chars().next_back().unwrap_or(' ');
        }
    }
    let from = groups::parameters(flat).map_or(after_types, |group| group.end);
    let mut depth = 0;
    for part in plain(text, from) {
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            Kind::Word if depth == 0 && matches!(&text[part.start..part.end], "where" | "throws") => {
                dropped.push(text[..part.start].trim_end().len()..text.len());
                break;
            }
            _ => {}
        }
    }
    flat.remove(&dropped);
}

/// Whether a part of a type parameter begins what it is bound to: `::` is of a path.
fn begins_bound(piece: &str, before: char, after: &str) -> bool {
    match piece {
        ":" => before != ':' && !after.starts_with(':'),
        _ => matches!(piece, "=" | "extends"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::named;
    use super::*;

    fn short(text: &str, name: &str, most: usize) -> String {
        let mut flat = named(text, name);
        shorten(&mut flat, most);
        flat.text
    }

    #[test]
    fn defaults_go_first_then_bounds_then_the_last_parameters() {
        let text = "fn f<T: Clone + Send, U>(a: T = [1, 2], b: U, c: u8 = 1) -> Result<T> where T: Debug";
        assert_eq!(short(text, "f<", 90), text);
        let text = "fn go<T: Clone + Send, U>(a: T = [1, 2], b: U, c: u8 = 1) -> Result<T> where T: Debug";
        assert_eq!(
            short(text, "go", 72),
            "fn go<T: Clone + Send, U>(a: T, b: U, c: u8) -> Result<T> where T: Debug"
        );
        assert_eq!(short(text, "go", 50), "fn go<T, U>(a: T, b: U, c: u8) -> Result<T>");
        assert_eq!(short(text, "go", 42), "fn go<T, U>(a: T, b: U, …) -> Result<T>");
        assert_eq!(short(text, "go", 33), "fn go<T, U>(a: T, …) -> Result<T>");
        assert_eq!(short(text, "go", 30), "fn go<T, U>(a, …) -> Result<T>");
        assert_eq!(short(text, "go", 28), "fn go<T, U>(…) -> Result<T>");
        assert_eq!(short(text, "go", 9), "fn go<…>");
        assert_eq!(short(text, "go", 0), "fn go …");
    }

    #[test]
    fn a_template_goes_where_there_is_no_room() {
        let text = "template <typename T, int N = 1> class Queue : public Listener<T>";
        assert_eq!(short(text, "Queue", 65), text);
        assert_eq!(short(text, "Queue", 64), "class Queue : public Listener<T>");
    }

    /// Both were taken out: from `where` on all that follows, then the bound that was there no more.
    #[test]
    fn a_bound_that_looks_like_a_clause_is_taken_out_once() {
        let text = "interface Long<Key extends where, Value extends throws> extends Base<Key> where Key: Any";
        assert_eq!(short(text, "Long", 60), "interface Long<Key, Value> extends Base<Key>");
        for most in 0..text.len() {
            short(text, "Long", most);
        }
        assert_eq!(
            short("struct hash<std::string, N = 1> : base<std::string>", "hash", 48),
            "struct hash<std::string, N> : base<std::string>"
        );
    }

    #[test]
    fn a_name_that_ends_with_blanks_is_cut_twice() {
        let text = format!("define('K   ', $x = {})", "1".repeat(70));
        let mut flat = named(&text, "K   ");
        for most in [60, 50, 12, 9, 0] {
            cut(&mut flat, most);
            assert!(flat.text.get(flat.name.clone()).is_some_and(|name| name.starts_with('K')), "{flat:?}");
        }
        assert_eq!(flat.text, "define('K …");
    }

    #[test]
    fn a_row_ends_with_a_whole_operator() {
        let text = "f :: Queue -> Length -> Result <=> Other || Third";
        for most in 0..text.len() {
            let row = short(text, "f", most);
            let shown = row.strip_suffix(" …").unwrap_or(&row);
            assert!(text.starts_with(shown), "{most}: {row}");
            let next = text[shown.len()..].chars().next();
            assert!(next.is_none_or(char::is_whitespace), "{most}: {row}");
        }
    }

    #[test]
    fn a_default_goes_with_the_whole_sign_before_it() {
        let text = "procedure Insert (Place : Index := 1; Count : Natural := 2)";
        assert_eq!(short(text, "Insert", 58), "procedure Insert (Place : Index; Count : Natural)");
    }

    #[test]
    fn what_is_no_default_stays() {
        let text = "def go(a: Callable[[int], X] = g(1, y=2), *, b=lambda x: x <= 3, c=4)";
        assert_eq!(short(text, "go", 60), "def go(a: Callable[[int], X], *, b, c)");
        assert_eq!(
            short("const go = (a: (b) => void = x, c = 1) => R", "go", 36),
            "const go = (a: (b) => void, c) => R"
        );
        assert_eq!(
            short("impl<T: A + B, U: C> Router<T, U> where T: Long", "impl", 30),
            "impl<T, U> Router<T, U>"
        );
    }

    #[test]
    fn what_is_cut_is_closed_and_ends_with_a_whole_name() {
        assert_eq!(
            short("NAMES = [größe, (breite, höhe), tiefe]", "NAMES", 32),
            "NAMES = [größe, (breite, …)]"
        );
        assert_eq!(short("NAMES = [größe, (breite, höhe), tiefe]", "NAMES", 24), "NAMES = [größe, (…)]");
        assert_eq!(
            short("class A extends B implements Cats, Dogs", "A", 35),
            "class A extends B implements Cats …"
        );
    }
}
