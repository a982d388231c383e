//! The row of a line in an outline: the whole signature of what is defined there, as one line.

mod beginning;
mod decorators;
mod fold;
mod groups;
#[cfg(test)]
mod laws;
mod lexeme;
mod parameters;
mod shorten;
mod value;

use std::ops::Range;

use repo_map_model::{Definition, DefinitionKind as Kind, FileTags, LineSpan};

use crate::printable::without_hidden;
use fold::{Flat, fold};

/// The characters of a row that a value may fill.
const VALUE: usize = 60;
/// What a row is made from: so many bytes before the name and after it. The rest would not be seen.
const MOST_BYTES: usize = 4096;
/// The lines above a function that are asked for the attribute that makes a test of it.
const ATTRIBUTES: u32 = 6;

/// A text by its lines, with what is defined in it.
#[derive(Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) text: &'a str,
    pub(crate) starts: &'a [u32],
    pub(crate) tags: &'a FileTags,
}

impl<'a> Page<'a> {
    /// The signature of what is defined on a line, in at most so many characters if its name allows. `None` where nothing
    /// is, or something else than the tags say.
    pub(crate) fn definition(&self, line: u32, most: usize) -> Option<String> {
        let all = self.tags.definitions();
        let from = all.partition_point(|of| of.line < line);
        let of_line = &all[from..from + all[from..].partition_point(|of| of.line == line)];
        let first = of_line.first().filter(|of| of.line == line)?;
        let name = self.name(first)?;
        let begin = self.begin(first.signature.first.min(line), line, name.start);
        let mut end = of_line.iter().map(|of| self.end(of, begin)).max()?;
        if of_line.len() > 1 {
            // What they stand in may close on the same line: `enum A { B, C }`.
            let rest = self.text.get(end..self.line_end(line)).unwrap_or_default();
            let closes = rest.chars().all(|c| c.is_whitespace() || "})];,".contains(c));
            end = if closes { end.max(self.line_end(line)) } else { end };
        }
        let indentation = self.indentation(begin);
        let begin = begin + indentation.len();
        let (mut kept, skipped) = decorators::leading(self.text.get(begin..name.start)?);
        if first.kind.is_callable() && kept.is_empty() {
            kept =
                self.test_attribute(first.signature.first).map_or(kept, |attribute| format!("{attribute} "));
        }
        let mut start = begin + skipped;
        let line_start = self.line_start(line);
        let on_its_line = (line_start + self.indentation(line_start).len()).min(name.start);
        if start < line_start && !self.text[start..line_start].contains(lexeme::is_of_word) {
            // Ornament: the line above a heading.
            start = on_its_line;
        }
        if lexeme::ends_statement(&self.text[start..name.start]) {
            // The parser has lost its way before: what stands on the line of the name is less wrong.
            (kept, start) = (String::new(), on_its_line);
        } else if start < line_start && self.text[start..name.start].starts_with(self.tags.name(first.name)) {
            // The type stands by itself before what has it: `f :: A -> B`.
            end = line_start;
        }
        let mut flat = {
            // Where the text ends before the name, the same name begins it.
            let at = if end < name.end { start..start + name.len() } else { name };
            clean(&self.text[start..end], at.start - start..at.end - start, false)
        };
        flat.is_key = !first.kind.is_type();
        flat.trim();
        if first.kind.is_callable() {
            value::without_body(&mut flat, first.kind);
        }
        if flat.text.starts_with("} ") && flat.name.start >= 2 {
            // The name stands behind the body: `typedef struct { … } A;`.
            let opening = if first.kind.is_type() { "typedef … " } else { "… " };
            flat.text.replace_range(..2, opening);
            flat.name = flat.name.start + opening.len() - 2..flat.name.end + opening.len() - 2;
        }
        let name = flat.text[flat.name.clone()].chars().count();
        let indentation =
            without_end(indentation, most.saturating_sub(name + beginning::MARK.chars().count()));
        let room = most.saturating_sub(indentation.chars().count());
        if !is_data(first.kind) {
            if kept.chars().count() + flat.text.chars().count() > room {
                kept.clear();
            }
            shorten::shorten(&mut flat, room);
        } else {
            shorten_value(&mut flat, room);
        }
        Some([indentation, &kept, &flat.text].concat())
    }

    /// The lines before the body of what holds definitions and is none, as one.
    pub(crate) fn header(&self, lines: LineSpan, most: usize) -> Option<String> {
        let begin = *self.starts.get(lines.first as usize)? as usize;
        let end = self.floor(self.line_end(lines.last).min(begin + MOST_BYTES));
        let indentation = self.indentation(begin);
        let mut flat = clean(self.text.get(begin + indentation.len()..end)?, 0..0, true);
        flat.trim();
        shorten::shorten(&mut flat, most.saturating_sub(indentation.chars().count()));
        Some([indentation, &flat.text].concat())
    }

    /// Where a name stands, if it does.
    fn name(&self, of: &Definition) -> Option<Range<usize>> {
        let name = self.tags.name(of.name);
        let start = of.name_start as usize;
        let within = start >= self.line_start(of.line) && start + name.len() <= self.line_end(of.line);
        (within && !name.is_empty() && self.text.get(start..)?.starts_with(name))
            .then(|| start..start + name.len())
    }

    /// Where a row begins: with a line, not too far before the name.
    fn begin(&self, first: u32, line: u32, name: usize) -> usize {
        let lines = (first..=line).rev().map(|line| self.line_start(line));
        let near = lines.take_while(|start| name.saturating_sub(*start) <= MOST_BYTES).last();
        near.unwrap_or_else(|| self.floor(name - MOST_BYTES)).min(name)
    }

    /// Where the row of a definition ends.
    fn end(&self, of: &Definition, begin: usize) -> usize {
        let Some(name) = self.name(of) else { return self.line_end(of.line) };
        let line_end = self.floor(self.line_end(of.line).min(name.end + MOST_BYTES));
        let end = self.floor((of.signature_end as usize).min(name.end + MOST_BYTES));
        if end < name.end {
            return line_end;
        }
        if !is_data(of.kind) || end <= line_end {
            return end;
        }
        // A value over several lines is shown where it is short.
        let opens = self.text[name.end..line_end].trim_end().ends_with(['(', '[', '{', '=', '<', '|']);
        if opens && end - begin <= 2 * VALUE { end } else { line_end }
    }

    fn test_attribute(&self, first: u32) -> Option<&'a str> {
        let above = (first.saturating_sub(ATTRIBUTES)..first).rev();
        let lines = above.map(|line| self.text[self.line_start(line)..self.line_end(line)].trim());
        lines.take_while(|line| line.starts_with("#[")).find(|line| decorators::is_test(line)).map(|line| {
            // Without its arguments there is no more to it.
            line.find('(').map_or(line, |_| "#[test]")
        })
    }

    fn line_start(&self, line: u32) -> usize {
        self.starts.get(line as usize).map_or(self.text.len(), |&start| start as usize)
    }

    fn line_end(&self, line: u32) -> usize {
        self.line_start(line.saturating_add(1))
    }

    fn indentation(&self, begin: usize) -> &'a str {
        let text = &self.text[begin..];
        &text[..text.find(|c: char| !c.is_whitespace() || matches!(c, '\n' | '\r')).unwrap_or(0)]
    }

    /// The last place up to here that is between two characters.
    fn floor(&self, at: usize) -> usize {
        (0..=at.min(self.text.len())).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0)
    }
}

/// So much of an indentation that the name has its place on the row.
fn without_end(indentation: &str, most: usize) -> &str {
    indentation.char_indices().nth(most).map_or(indentation, |(end, _)| &indentation[..end])
}

/// What has a value and no parameters.
fn is_data(kind: Kind) -> bool {
    !kind.is_type() && (!kind.is_callable() || kind == Kind::Macro)
}

/// Cuts a value that is long, and the rest where it is.
fn shorten_value(flat: &mut Flat, room: usize) {
    value::without_blocks(flat);
    beginning::shorten(flat, room);
    let value = value::value(flat).unwrap_or(flat.text.len());
    let head = flat.text[..value].trim_end().to_owned();
    if flat.text.chars().count() > room.min(VALUE) {
        if head.chars().count() + 8 > VALUE {
            flat.truncate(value);
        } else if value < flat.text.len() {
            shorten::cut(flat, room.min(VALUE));
            // Nothing of it, or nothing but what opens it.
            let says = |c: char| c.is_alphanumeric() || c == '"' || c == '\'';
            if flat.text.strip_prefix(&head).is_some_and(|told| !told.contains(says)) {
                flat.truncate(head.len());
            }
        }
        flat.trim();
    }
    shorten::cut(flat, room);
}

/// A source folded, without what nobody sees.
fn clean(source: &str, name: Range<usize>, until_body: bool) -> Flat {
    let lines = |text: &str| -> String {
        let lines = text.split_inclusive(['\n', '\r']);
        lines
            .flat_map(|line| {
                let text = line.trim_end_matches(['\n', '\r']);
                [without_hidden(text), if text.len() < line.len() { "\n".into() } else { "".into() }]
            })
            .collect()
    };
    if source.is_ascii() && !source.contains(|c: char| c.is_ascii_control() && !c.is_ascii_whitespace()) {
        return fold(source, name, until_body);
    }
    let before = lines(&source[..name.start]);
    let of_name = lines(&source[name.clone()]);
    let after = lines(&source[name.end..]);
    let name = before.len()..before.len() + of_name.len();
    fold(&[before, of_name, after].concat(), name, until_body)
}
