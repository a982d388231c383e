//! Frames of stack traces, told from other places by what stands around them: Python and pytest, Java and its kin, Rust, Go, Node and browsers, .NET,
//! Ruby, Lua, PHP, Perl, Elixir, Dart, gdb and the sanitizers.

use super::located::{Located, located};
use super::place::{MAX_NAMES, Origin, Place};
use crate::words::tokens;

/// So much before and after a place is looked at for names.
const BEFORE: usize = 400;
const AFTER: usize = 120;
/// Lines between two frames of a trace: source, carets, names.
const GAP: usize = 8;
/// pytest prints whole functions between its frames.
const GAP_OF_SOURCE: usize = 80;

/// Reads a text line by line.
#[derive(Default)]
pub(super) struct Frames<'a> {
    traces: Vec<Trace>,
    others: Vec<Place>,
    previous: &'a str,
    /// Lines since the last frame, while a trace may go on.
    since: Option<usize>,
}

#[derive(Default)]
struct Trace {
    frames: Vec<Place>,
    order: Option<Order>,
    has_source: bool,
}

/// Which frame stands first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Outermost,
    Innermost,
}

/// How a frame is told from other places.
struct Frame {
    names: Vec<String>,
    order: Option<Order>,
    begins: bool,
    has_source: bool,
}

impl<'a> Frames<'a> {
    pub(super) fn read(&mut self, line: &'a str) {
        let trimmed = line.trim_start();
        if is_head(trimmed) {
            self.since = None;
        }
        if let Some(order) = told_order(trimmed) {
            self.traces.push(Trace { order: Some(order), ..Trace::default() });
            self.since = Some(0);
        }
        let (mut from, mut is_framed) = (0, false);
        for found in located(line) {
            let start = line.ceil_char_boundary(found.start.saturating_sub(BEFORE)).max(from);
            let before = &line[start.min(found.start)..found.start];
            let after = &line[found.end..line.floor_char_boundary(found.end + AFTER)];
            match frame(before, after, self.previous, &found) {
                Some(frame) => {
                    is_framed = true;
                    self.add(&found, before, frame);
                }
                None if is_log(line) => {}
                None => self.others.extend(Place::of(&found, Origin::Line)),
            }
            from = found.end;
        }
        let most = if self.traces.last().is_some_and(|trace| trace.has_source) { GAP_OF_SOURCE } else { GAP };
        self.since = if is_framed {
            Some(0)
        } else {
            self.since.map(|since| since + 1).filter(|since| *since <= most)
        };
        self.previous = line;
    }

    fn add(&mut self, found: &Located<'_>, before: &str, frame: Frame) {
        let Frame { names, order, begins, has_source } = frame;
        if self.since.is_none() || begins {
            self.traces.push(Trace::default());
        }
        self.since = Some(0);
        let origin = Origin::Frame(self.traces.len() as u32 - 1);
        let place = match packaged(before, found) {
            Some(path) => Place::new(&path, Some(found.lines), origin),
            None => Place::of(found, origin),
        };
        let Some(trace) = self.traces.last_mut() else { return };
        trace.order = trace.order.or(order);
        trace.has_source |= has_source;
        trace.frames.extend(place.map(|place| Place { names, ..place }));
    }

    /// Traces in their order, each from the innermost frame outwards, then all other places.
    pub(super) fn into_places(self, most: usize) -> impl Iterator<Item = Place> {
        let traces = self.traces.into_iter().flat_map(|mut trace| {
            if trace.order == Some(Order::Outermost) {
                trace.frames.reverse();
            }
            trace.frames
        });
        traces.chain(self.others).take(most)
    }
}

/// Whether a line begins another trace, or ends one.
fn is_head(line: &str) -> bool {
    let begins = ["```", "~~~", "Caused by", "goroutine ", "Traceback", "Exception in thread", "Suppressed:"];
    begins.iter().any(|head| line.starts_with(head))
}

/// A line of a log names the place that wrote it.
fn is_log(line: &str) -> bool {
    const LEVELS: [&str; 6] = ["TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING"];
    tokens(&line[..line.floor_char_boundary(60)]).any(|token| LEVELS.contains(&token))
}

fn told_order(line: &str) -> Option<Order> {
    let line = &line[..line.floor_char_boundary(80)];
    if line.contains("most recent call last") {
        Some(Order::Outermost)
    } else if line.contains("most recent call first") {
        Some(Order::Innermost)
    } else {
        None
    }
}

/// Whether a place is a frame, by what stands around it.
fn frame(before: &str, after: &str, previous: &str, found: &Located<'_>) -> Option<Frame> {
    let extension = found.path.rsplit('.').next().unwrap_or_default();
    let is_python = matches!(extension, "py" | "pyi" | "pyx");
    let lead = before.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '#' | '(' | '<'));
    let is_bare = lead.trim().is_empty();
    let colon = after.strip_prefix(':').unwrap_or(after);
    let said_in = colon.trim_start_matches([',', ' ']).strip_prefix("in ").is_some();
    let python = |has_source| Frame {
        names: names_after(after),
        order: Some(Order::Outermost),
        begins: false,
        has_source,
    };
    let numbered = lead.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let plain = |names| Frame { names, order: None, begins: false, has_source: false };
    if lead.trim_end_matches(['"', '\'']).trim_end().ends_with("File") {
        return Some(python(false));
    }
    if is_python && is_bare && (said_in || is_end_of_pytest(colon)) {
        return Some(python(true));
    }
    let panicked = ["panicked at", "Uncaught"].iter().any(|mark| before.contains(mark));
    if panicked {
        return Some(Frame { begins: true, ..plain(Vec::new()) });
    }
    if is_bare && extension == "go" && (after.trim_start().starts_with("+0x") || is_call_of_go(previous)) {
        return Some(plain(names_of(previous.rsplit_once('(').map_or(previous, |(name, _)| name))));
    }
    if lead.starts_with("at ") || numbered {
        let mut names = names_of(lead);
        if extension == "rs" {
            names.extend(names_of(previous));
        }
        names.extend(names_after(after));
        names.truncate(MAX_NAMES);
        return Some(plain(names));
    }
    let of_ruby = lead.starts_with("from ") || lead.trim_end().ends_with(": from");
    let of_elixir = (is_bare || lead.starts_with('(')) && is_call_of_elixir(colon);
    let called = ["called at ", "thrown at ", "died at "].iter().any(|mark| before.ends_with(mark));
    let of_browser = before.ends_with('@');
    if of_ruby || of_elixir || called || of_browser || (is_bare && said_in) {
        let mut names = if of_browser || called { names_of(before) } else { Vec::new() };
        names.extend(names_after(after));
        return Some(plain(names));
    }
    None
}

/// `:` and no more, or the name of an error alone.
fn is_end_of_pytest(after: &str) -> bool {
    let after = after.trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    after.is_empty() || (after.starts_with(char::is_uppercase) && after.chars().all(is_name))
}

/// `main.(*T).run(0x1, ...)`, `created by main.start`.
fn is_call_of_go(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("created by ") || (line.ends_with(')') && line.contains('.') && !line.contains(' '))
}

/// `: Some.Module.run/2`.
fn is_call_of_elixir(after: &str) -> bool {
    let word = after.split_whitespace().next_back().unwrap_or_default();
    let arity = word.rsplit_once('/').map_or("", |(_, arity)| arity);
    !arity.is_empty() && arity.bytes().all(|byte| byte.is_ascii_digit())
}

/// The names before a place: the last ones before the arguments.
fn names_of(text: &str) -> Vec<String> {
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    // `(args)`; Go has receivers in brackets: what follows them is a name still.
    let cut = text
        .match_indices('(')
        .find(|&(at, _)| !text[at..].starts_with("(*"))
        .map_or(text, |(at, _)| &text[..at]);
    let is_name = |token: &&str| {
        let hash = token.len() == 17 && token.starts_with('h');
        token.len() > 1 && !token.starts_with(|c: char| c.is_ascii_digit()) && !hash && !is_mark(token)
    };
    let mut names: Vec<String> = tokens(cut).filter(is_name).map(ToOwned::to_owned).collect();
    names.drain(..names.len().saturating_sub(MAX_NAMES));
    names
}

/// The names after a place: `, in show`, `:in 'Pool#grow'`, `: Pool.grow/2`, `: Pool->grow()`.
fn names_after(text: &str) -> Vec<String> {
    names_of(text.split_once('(').map_or(text, |(names, _)| names))
}

/// Words of traces that are no names.
fn is_mark(token: &str) -> bool {
    [
        "at",
        "in",
        "from",
        "async",
        "new",
        "function",
        "method",
        "block",
        "module",
        "File",
        "created",
        "by",
        "goroutine",
    ]
    .contains(&token)
}

/// The file of `at org.example.Pool.grow(Pool.java:12)` in the folders of its package.
fn packaged(before: &str, found: &Located<'_>) -> Option<String> {
    let extension = found.path.rsplit_once('.')?.1;
    if found.path.contains('/') || !matches!(extension, "java" | "kt" | "scala" | "groovy" | "clj") {
        return None;
    }
    let called = before.trim_end_matches('(').rsplit([' ', '/', '\t']).next()?;
    let is_package = |part: &&str| part.starts_with(|c: char| c.is_lowercase());
    let parts: Vec<&str> = called.split('.').collect();
    // The last one is a method.
    let folders = parts[..parts.len() - 1].iter().copied().take_while(is_package);
    let mut path: Vec<&str> = folders.collect();
    path.push(found.path);
    Some(path.join("/"))
}
