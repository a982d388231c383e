//! The parameters of a signature that is too long: which stay, and how much of each.

use std::cell::LazyCell;
use std::ops::Range;

use super::decorators;
use super::fold::Flat;
use super::groups::{AllAngles, folded, parameters};
use super::lexeme::{Kind, is_of_word, plain};

/// A parameter as it stands in the text, and what parts it from the next.
struct Parameter {
    range: Range<usize>,
    comma: char,
}

/// Drops the last parameters. Where no other than the receiver would stay, the parameters go without their types, and what
/// the result holds is folded, so that a row says what is asked for as long as it can.
pub(super) fn without_last(flat: &mut Flat, most: usize) {
    let Some(group) = parameters(flat) else { return };
    let text = &flat.text;
    let (head, rest) = (&text[..=group.start], &text[group.end..]);
    let all = split(text, &group);
    let whole: Vec<&str> = all.iter().map(|of| &text[of.range.clone()]).collect();
    let is_first = text[..flat.name.start].starts_with("func ");
    let bare: Vec<&str> = whole.iter().map(|parameter| without_type(parameter, is_first)).collect();
    let folded = LazyCell::new(|| folded(rest));
    let room = |rest: &str| most.saturating_sub(head.chars().count() + rest.chars().count() + 1);
    let kept = fitting(&whole, room(rest))
        .filter(|kept| tells(&whole[..*kept]))
        .map(|kept| (&whole, kept, rest))
        .or_else(|| {
            let of_rest = |rest| {
                let kept = fitting(&bare, room(rest)).filter(|kept| tells(&bare[..*kept]));
                kept.map(|kept| (&bare, kept, rest))
            };
            of_rest(rest).or_else(|| of_rest(&folded))
        })
        .unwrap_or_else(|| {
            let rest = if room(rest) == 0 { &folded } else { rest };
            (&whole, fitting(&whole, room(rest)).unwrap_or(0), rest)
        });
    let (of, kept, rest) = kept;
    let mut shown = head.to_owned();
    for (parameter, Parameter { comma, .. }) in of.iter().zip(&all).take(kept) {
        shown += parameter;
        shown.extend([*comma, ' ']);
    }
    if kept < of.len() {
        shown.push('…');
    } else {
        shown.truncate(shown.trim_end_matches([' ', ',', ';']).len().max(head.len()));
    }
    flat.text = format!("{shown}){rest}");
}

/// Drops what stands before a parameter and is no part of it: annotations, attributes.
pub(super) fn without_attributes(flat: &mut Flat) {
    let Some(group) = parameters(flat) else { return };
    let before = |Parameter { range, .. }: Parameter| {
        range.start..range.start + decorators::before_parameter(&flat.text[range])
    };
    let attributes: Vec<Range<usize>> = split(&flat.text, &group).into_iter().map(before).collect();
    flat.remove(&attributes);
}

/// How many parameters from the first on fit, each with the comma after it, the last of them without where it is the last of all.
fn fitting(all: &[&str], room: usize) -> Option<usize> {
    let mut characters = 0;
    let mut kept = 0;
    for (parameter, place) in all.iter().zip(1..) {
        characters += parameter.chars().count() + if place > 1 { 2 } else { 0 };
        let mark = if place < all.len() { 3 } else { 0 };
        if characters + mark <= room {
            kept = place;
        }
    }
    (kept > 0).then_some(kept)
}

/// Whether one of the parameters is more than the receiver, or a sign that parts them.
fn tells(all: &[&str]) -> bool {
    all.iter().any(|parameter| {
        let words = parameter.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty());
        // Of `&'a mut self` the lifetime is a word too.
        let last = words.take_while(|word| *word != "self").last();
        !parameter.starts_with('&') && last.is_some_and(|last| !matches!(last, "mut" | "cls" | "this"))
    })
}

/// A parameter by its name alone, where its type stands behind a colon, or behind the name as in Go.
fn without_type(parameter: &str, is_first: bool) -> &str {
    let (mut depth, mut before) = (0, "");
    for part in plain(parameter, 0) {
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        let piece = &parameter[part.start..part.end];
        let is_path = before == ":" || parameter[part.end..].starts_with(':');
        // `name:` of Ruby has no type, and is no name without its colon.
        let is_bare = parameter[part.end..].trim_start().is_empty();
        if depth == 0 && piece == ":" && !is_path && !is_bare && part.start > 0 {
            return parameter[..part.start].trim_end();
        }
        before = piece;
    }
    let end = parameter.find(|c| !is_of_word(c)).filter(|end| is_first && parameter[*end..].starts_with(' '));
    &parameter[..end.unwrap_or(parameter.len())]
}

/// Each parameter in the parentheses.
fn split(text: &str, group: &Range<usize>) -> Vec<Parameter> {
    let mut all = Vec::new();
    let (mut depth, mut start, mut before) = (0, group.start + 1, ' ');
    let angles = AllAngles::of(text, group.start);
    // Where the angles end that hold more than one type.
    let mut angles_end = 0;
    let mut push = |start: usize, end: usize| {
        let inner = &text[start..end];
        let from = start + inner.len() - inner.trim_start().len();
        if from < end {
            let comma = if text[end..].starts_with(';') { ';' } else { ',' };
            all.push(Parameter { range: from..start + inner.trim_end().len(), comma });
        }
    };
    for part in plain(text, group.start).take_while(|part| part.end <= group.end) {
        let piece = &text[part.start..part.end];
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        if piece == "<" && is_of_word(before) && part.start >= angles_end {
            angles_end = angles.end(part.start).map_or(angles_end, |end| end.min(group.end));
        }
        if (depth == 1 && matches!(piece, "," | ";") && part.start >= angles_end) || depth == 0 {
            push(start, part.start);
            start = part.end;
        }
        before = piece.chars().next_back().unwrap_or(' ');
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::fold::named;
    use super::*;

    fn check(text: &str, name: &str, most: usize, expected: &str) {
        let mut flat = named(text, name);
        without_attributes(&mut flat);
        without_last(&mut flat, most);
        assert_eq!(flat.text, expected);
    }

    #[test]
    fn names_stay_where_types_have_no_room() {
        let text = "def send(self, path: os.PathLike[str] | t.IO[bytes], kind: str | None) -> Response";
        check(text, "send", 70, "def send(self, path: os.PathLike[str] | t.IO[bytes], …) -> Response");
        check(text, "send", 60, "def send(self, path, kind) -> Response");
        check(text, "send", 37, "def send(self, path, …) -> Response");
        check(text, "send", 30, "def send(self, …) -> Response");
        let text = "fn new(&'a mut self, map: HashMap<String, Vec<u8>>, b: std::io::Error) -> io::Result<()>";
        check(text, "new", 78, "fn new(&'a mut self, map: HashMap<String, Vec<u8>>, …) -> io::Result<()>");
        check(text, "new", 60, "fn new(&'a mut self, map, b) -> io::Result<()>");
        let text = "func (group *RouterGroup) Handle(method, path string, handlers ...HandlerFunc) IRoutes";
        check(text, "Handle", 70, "func (group *RouterGroup) Handle(method, path string, …) IRoutes");
        check(text, "Handle", 55, "func (group *RouterGroup) Handle(method, …) IRoutes");
        // A type that stands before its name is no type of ours to drop.
        check("int open(struct queue *queue, int b)", "open", 25, "int open(…)");
    }

    #[test]
    fn what_the_result_holds_makes_room_for_what_is_asked() {
        let text = "def command(name: str | None) -> t.Callable[[t.Callable[..., t.Any]], Command]";
        check(text, "command", 40, "def command(name) -> t.Callable[…]");
        let text = "refine<T>(check: (of: T) => unknown): ZodEffects<this, Map<Output, Input>>";
        check(text, "refine", 40, "refine<T>(check): ZodEffects<…>");
        check("make(a: A): (b: B) => C<D>", "make", 20, "make(a): (…) => C<…>");
    }

    #[test]
    fn what_stands_before_a_parameter_goes_first() {
        let text = "class Url(@get:JvmName(\"scheme\") val scheme: String, @Deprecated b: Int) : Any";
        check(text, "Url", 90, "class Url(val scheme: String, b: Int) : Any");
        check(text, "Url", 38, "class Url(val scheme: String, …) : Any");
    }
    /// `procedure Insert (Container)` asks for two things less than there are.
    #[test]
    fn parameters_that_semicolons_part_are_several() {
        let text = "procedure Insert (Container : in out Vector; Before : Index_Type; Count : Natural)";
        check(text, "Insert", 70, "procedure Insert (Container : in out Vector; Before : Index_Type; …)");
        check(text, "Insert", 50, "procedure Insert (Container : in out Vector; …)");
        check(text, "Insert", 44, "procedure Insert (Container; Before; Count)");
        check(
            "procedure P(const A, B: Integer; var C: string)",
            "P",
            40,
            "procedure P(const A, B: Integer; …)",
        );
        check("f(a, b; by=sort, rev=false)", "f", 20, "f(a, b; by=sort, …)");
    }

    /// `name` is another parameter than `name:`.
    #[test]
    fn a_parameter_that_is_called_by_its_name_keeps_its_colon() {
        check("def call(name:, age:, size:)", "call", 26, "def call(name:, age:, …)");
        check("def call(self, other: Integer, age:)", "call", 27, "def call(self, other, age:)");
    }

    #[test]
    fn types_and_patterns_are_no_attributes() {
        let go = "func (b *T) CompareAndSwap([]byte, []string) bool";
        check(go, "CompareAndSwap", 90, go);
        let pattern = "setRange([start, end]: [number, number], [a, b] = [1, 2], {c}: C)";
        check(pattern, "setRange", 90, pattern);
        let sql = "PROCEDURE put (@id int, @name varchar(20) = 'x', @sum decimal(10, 2) OUTPUT, @at AS date)";
        check(sql, "put", 90, sql);
        check(
            "Object get(@Nullable String a, @A(1) final @B C<D, E> b, [FromBody] F f, @Inject() dto)",
            "get",
            90,
            "Object get(String a, final @B C<D, E> b, F f, dto)",
        );
    }
}
