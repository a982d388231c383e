use repo_map_model::{Definition, RepoPath};
use repo_map_render::{Quotes, Source, Tokenizer};

use crate::answer::{Answer, Omitted, Role, Row};
use crate::callers::definition_around;
use crate::find::{left_out, unnumbered};
use crate::name::parts;
use crate::order::stands_in;
use crate::outline::outline;
use crate::page::{Page, WIDTH};
use crate::place::Point;

/// Where lines of a body are cut: only such as no person writes are longer.
const BODY_WIDTH: usize = 1_000;

/// Lines before and after one that stands in no definition.
const AROUND: u32 = 20;

/// Lines of comment above a definition that are shown with it.
const MOST_COMMENT: u32 = 40;

/// The lines of a part of a file: the body of a definition, the definition around a line, lines, or all. Where they do not fit, a definition with
/// members is its head and these, a file its outline, anything else its beginning. `None` for a name that is not defined there.
pub fn show(
    path: &RepoPath,
    source: &Source,
    point: &Point,
    budget: usize,
    tokenizer: &Tokenizer,
) -> Option<Answer> {
    let body = Quotes::new(source, BODY_WIDTH)?;
    let tags = &source.tags;
    let last = body.len().saturating_sub(1);
    let definition = match point {
        Point::Name(name) => Some(named(path, source, name)?),
        Point::Line(line) => definition_around(tags, *line),
        Point::Whole | Point::Lines(..) => None,
    };
    let (first, last) = match (definition, point) {
        (Some(at), _) => {
            let of = &tags.definitions()[at];
            (above(&body, of.signature.first.min(of.line)), of.end_line.min(last))
        }
        (None, Point::Line(line)) => {
            (line.saturating_sub(AROUND).min(last), line.saturating_add(AROUND).min(last))
        }
        (None, Point::Lines(first, end)) => (*first.min(&last), (*end).min(last)),
        (None, _) => (0, last),
    };
    let all = lines(path, source, &body, definition, first..=last, budget, tokenizer);
    if all.omitted.lines == 0 {
        return Some(all);
    }
    if *point == Point::Whole && !tags.definitions().is_empty() {
        return Some(outline(path, source, budget, tokenizer));
    }
    let of = definition.map(|at| &tags.definitions()[at]).filter(|of| of.kind.is_type());
    Some(of.and_then(|of| members(path, source, of, budget, tokenizer)).unwrap_or(all))
}

/// The definition of a name in a file, and of a qualified one that which stands in what is named before it.
fn named(path: &RepoPath, source: &Source, name: &str) -> Option<usize> {
    let (last, qualifiers) = parts(name);
    let tags = &source.tags;
    let of_name = |same: fn(&str, &str) -> bool| -> Vec<usize> {
        let all = tags.definitions().iter().enumerate();
        all.filter(|(_, of)| same(tags.name(of.name), last)).map(|(at, _)| at).collect()
    };
    let mut found = of_name(|a, b| a == b);
    if found.is_empty() {
        found = of_name(str::eq_ignore_ascii_case);
    }
    let fits = |at: &&usize| stands_in(tags, **at as u32, path, &qualifiers);
    let is_whole = |at: &&usize| !tags.definitions()[**at].declaration;
    found.iter().find(fits).or_else(|| found.iter().find(is_whole)).or(found.first()).copied()
}

/// Lines as they stand, as many as fit from the first on.
fn lines(
    path: &RepoPath,
    source: &Source,
    body: &Quotes,
    definition: Option<usize>,
    range: std::ops::RangeInclusive<u32>,
    budget: usize,
    tokenizer: &Tokenizer,
) -> Answer {
    let tags = &source.tags;
    let of = definition.map(|at| &tags.definitions()[at]);
    let count = if body.is_empty() { 0 } else { (range.end() - range.start() + 1) as usize };
    let mut page = Page::new(tokenizer, budget, String::new());
    page.section("");
    for line in range.take(count) {
        let printed = body.line(line);
        let is_its = of.is_some_and(|of| of.line == line);
        let row = Row {
            path: path.clone(),
            line,
            end_line: if is_its { of.map_or(line, |of| of.end_line) } else { line },
            role: if is_its { Role::Definition } else { Role::Line },
            name: of.filter(|_| is_its).map_or(String::new(), |of| tags.name(of.name).to_owned()),
            kind: of.filter(|_| is_its).map(|of| of.kind),
            text: unnumbered(&printed),
        };
        if !page.take(printed, row) {
            break;
        }
    }
    page.finish(|rows| {
        let omitted = Omitted { lines: count - rows.len(), ..Omitted::default() };
        let next = rows.last().map_or(0, |row| row.line + 1);
        let tail = match omitted.lines {
            0 => String::new(),
            _ => format!("{} from line {} on", left_out(omitted), next + 1),
        };
        (omitted, tail)
    })
}

/// The head of a type and what is defined in it.
fn members(
    path: &RepoPath,
    source: &Source,
    of: &Definition,
    budget: usize,
    tokenizer: &Tokenizer,
) -> Option<Answer> {
    let quotes = Quotes::new(source, WIDTH)?;
    let tags = &source.tags;
    let is_in = |other: &Definition| other.line > of.line && other.end_line <= of.end_line;
    // Definitions stand in source order: the last function that was come by and reaches furthest is around what stands within.
    let mut body = of.line;
    let mut members: Vec<&Definition> = Vec::new();
    for other in tags.definitions().iter().filter(|other| is_in(other)) {
        if other.line <= body && other.end_line <= body {
            continue;
        }
        members.push(other);
        if other.kind.is_callable() {
            body = body.max(other.end_line);
        }
    }
    if members.is_empty() {
        return None;
    }
    let mut page = Page::new(tokenizer, budget, String::new());
    page.section("");
    let all = [of].into_iter().chain(members.iter().copied());
    let mut last = None;
    for other in all {
        // Definitions of one line are one row.
        if last.replace(other.line) == Some(other.line) {
            continue;
        }
        let printed = quotes.definition(other.line);
        let row = Row {
            path: path.clone(),
            line: other.line,
            end_line: other.end_line,
            role: Role::Definition,
            name: tags.name(other.name).to_owned(),
            kind: Some(other.kind),
            text: unnumbered(&printed),
        };
        if !page.take(printed, row) {
            break;
        }
    }
    let (first, end) = (of.signature.first.min(of.line), of.end_line);
    Some(page.finish(|rows| {
        let shown = rows.iter().map(|row| row.line).max().unwrap_or(first);
        let left = members.iter().filter(|member| member.line > shown).count();
        let lines = (end - first + 1) as usize - rows.len().min((end - first + 1) as usize);
        let omitted = Omitted { definitions: left, references: 0, lines };
        (omitted, format!("lines {} to {}; {}", first + 1, end + 1, left_out(omitted)))
    }))
}

/// The first line of the comment right above a line.
fn above(body: &Quotes, line: u32) -> u32 {
    let is_comment = |line: u32| {
        let text = unnumbered(&body.line(line));
        let text = text.trim_start();
        let is_hash =
            text.strip_prefix('#').is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
        is_hash
            || ["//", "/*", "* ", "*/", "--", ";;", "%%", "\"\"\""].iter().any(|mark| text.starts_with(mark))
            || text == "*"
    };
    let above = (line.saturating_sub(MOST_COMMENT)..line).rev();
    above.take_while(|line| is_comment(*line)).last().unwrap_or(line)
}
