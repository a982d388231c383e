//! The blocks of a document: code, and paragraphs that may hold spans of it.

use std::ops::Range;

use repo_map_model::LineIndex;

use super::{Markup, identifiers, line_at, spans};

/// Columns from which a line of Markdown is code, where a paragraph might begin.
const INDENT: usize = 4;

/// What blocks are said to be in that name nothing of the code: commands, output, data. Sorted.
const NO_CODE: &[&[u8]] = &[
    b"bash",
    b"bat",
    b"cmd",
    b"console",
    b"csv",
    b"dos",
    b"dot",
    b"ini",
    b"json",
    b"jsonc",
    b"log",
    b"math",
    b"mermaid",
    b"none",
    b"output",
    b"plain",
    b"plaintext",
    b"powershell",
    b"ps1",
    b"sh",
    b"shell",
    b"shell-session",
    b"terminal",
    b"text",
    b"toml",
    b"txt",
    b"xml",
    b"yaml",
    b"yml",
    b"zsh",
];

/// Directives whose body is code. Sorted.
const CODE_DIRECTIVES: &[&[u8]] = &[b"code", b"code-block", b"doctest", b"sourcecode", b"testcode"];

/// Directives whose argument is a name of code. Sorted.
const NAMING_DIRECTIVES: &[&[u8]] = &[
    b"attribute",
    b"autoattribute",
    b"autoclass",
    b"autodata",
    b"autoenum",
    b"autoexception",
    b"autofunction",
    b"automethod",
    b"automodule",
    b"autoproperty",
    b"class",
    b"classmethod",
    b"currentmodule",
    b"data",
    b"decorator",
    b"decoratormethod",
    b"enum",
    b"enumerator",
    b"exception",
    b"function",
    b"interface",
    b"macro",
    b"member",
    b"method",
    b"module",
    b"property",
    b"staticmethod",
    b"struct",
    b"type",
];

/// Tells the names that a document writes as code.
pub(super) fn scan(source: &[u8], lines: &LineIndex, markup: Markup, found: &mut dyn FnMut(Range<usize>)) {
    let mut scan =
        Scan { source, markup, found, block: Block::Text, paragraph: None, next: None, in_list: false };
    for line in 0..lines.starts().len() {
        scan.line(line_at(source, lines, line));
    }
    scan.end_paragraph();
}

/// What the next line is part of.
enum Block {
    Text,
    /// Up to a line of as many of these; or more, where it is no block of AsciiDoc.
    Fenced {
        sign: u8,
        length: usize,
        is_code: bool,
    },
    /// Up to a line that is not indented beyond this column.
    Indented {
        column: usize,
        is_code: bool,
        /// Lines before the first blank one are settings of the block.
        is_head: bool,
    },
}

struct Scan<'a> {
    source: &'a [u8],
    markup: Markup,
    found: &'a mut dyn FnMut(Range<usize>),
    block: Block,
    /// What was read of a paragraph.
    paragraph: Option<Range<usize>>,
    /// AsciiDoc said what the next block is: whether it is code.
    next: Option<bool>,
    in_list: bool,
}

impl Scan<'_> {
    fn line(&mut self, line: Range<usize>) {
        let indent = indent(&self.source[line.clone()]);
        let inner = line.start + indent.bytes..line.end;
        let text = &self.source[inner.clone()];
        match &mut self.block {
            Block::Fenced { sign, length, is_code } => {
                let text = &text[quote(text, self.markup)..];
                let is_open = text.len() > *length && !matches!(sign, b'`' | b'~');
                if is_run(text, *sign, *length) && !is_open {
                    self.block = Block::Text;
                } else if *is_code {
                    self.code(inner);
                }
                return;
            }
            Block::Indented { column, is_code, is_head } => {
                if text.is_empty() {
                    *is_head = false;
                    return;
                }
                if indent.columns > *column {
                    let is_setting = *is_head && text.starts_with(b":");
                    if *is_code && !is_setting {
                        self.code(inner);
                    }
                    return;
                }
                self.block = Block::Text;
            }
            Block::Text => {}
        }
        if text.is_empty() {
            return self.end_paragraph();
        }
        match self.markup {
            Markup::Markdown => self.markdown(inner, indent.columns),
            Markup::Rst => self.rst(inner, indent.columns),
            Markup::AsciiDoc => self.asciidoc(inner),
        }
    }

    fn markdown(&mut self, line: Range<usize>, column: usize) {
        let text = &self.source[line.clone()];
        if self.opens_fence(line.start + quote(text, self.markup)..line.end) {
            return;
        }
        let is_item = is_item(text);
        if self.paragraph.is_none() && !is_item {
            self.in_list &= column > 0;
            if column >= INDENT && !self.in_list {
                return self.code(line);
            }
        }
        self.in_list |= is_item;
        self.extend(line);
    }

    fn rst(&mut self, line: Range<usize>, column: usize) {
        let text = &self.source[line.clone()];
        if let Some(rest) = text.strip_prefix(b"..")
            && rest.first().is_none_or(|byte| *byte == b' ')
        {
            self.end_paragraph();
            return self.directive(line.end - rest.len()..line.end, column);
        }
        if text.starts_with(b">>> ") {
            self.end_paragraph();
            return self.code(line);
        }
        let opens = text.ends_with(b"::");
        self.extend(line);
        if opens {
            self.end_paragraph();
            self.block = Block::Indented { column, is_code: true, is_head: false };
        }
    }

    /// `name:: argument`.
    fn directive(&mut self, line: Range<usize>, column: usize) {
        let text = &self.source[line.clone()];
        let Some(at) = memchr::memmem::find(text, b"::") else { return };
        let name = text[..at].trim_ascii();
        let name = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
        let argument = line.start + at + 2..line.end;
        if CODE_DIRECTIVES.binary_search(&name).is_ok() {
            let is_code = is_code(&self.source[argument]);
            self.block = Block::Indented { column, is_code, is_head: true };
        } else if NAMING_DIRECTIVES.binary_search(&name).is_ok() {
            // What a function takes is described, not named.
            let length = self.source[argument.clone()].iter().take_while(|byte| **byte != b'(').count();
            self.code(argument.start..argument.start + length);
        } else {
            self.extend(argument);
        }
    }

    fn asciidoc(&mut self, line: Range<usize>) {
        let text = &self.source[line.clone()];
        let next = self.next.take();
        if let Some(attributes) = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")) {
            let mut words = attributes.split(|byte| *byte == b',');
            let is_source = words.next().is_some_and(|word| word.starts_with(b"source"));
            self.next = Some(is_source && words.next().is_none_or(is_code));
            return;
        }
        for (sign, by_default) in [(b'-', true), (b'.', false), (b'/', false)] {
            if is_run(text, sign, 4) {
                self.end_paragraph();
                let is_code = next.unwrap_or(by_default) && sign != b'/';
                self.block = Block::Fenced { sign, length: text.len(), is_code };
                return;
            }
        }
        if !self.opens_fence(line.clone()) {
            self.extend(line);
        }
    }

    /// Whether the line begins a block between lines of backticks or tildes.
    fn opens_fence(&mut self, line: Range<usize>) -> bool {
        let text = &self.source[line];
        let Some(&sign @ (b'`' | b'~')) = text.first() else { return false };
        let length = text.iter().take_while(|byte| **byte == sign).count();
        let info = &text[length..];
        if length < 3 || (sign == b'`' && info.contains(&b'`')) {
            return false;
        }
        self.end_paragraph();
        self.block = Block::Fenced { sign, length, is_code: is_code(info) };
        true
    }

    fn extend(&mut self, line: Range<usize>) {
        let start = self.paragraph.take().map_or(line.start, |paragraph| paragraph.start);
        self.paragraph = Some(start..line.end);
    }

    fn end_paragraph(&mut self) {
        if let Some(paragraph) = self.paragraph.take() {
            spans::scan(self.source, paragraph, self.markup, self.found);
        }
    }

    /// A line of code. What it says in a comment of its own is prose again.
    fn code(&mut self, line: Range<usize>) {
        let text = self.source[line.clone()].trim_ascii_start();
        let comments: [&[u8]; 5] = [b"# ", b"//", b"/*", b"* ", b"-- "];
        if !comments.iter().any(|comment| text.starts_with(comment)) {
            identifiers::each(self.source, line.clone(), &mut |name| {
                if !identifiers::joins_words(self.source, &line, &name) {
                    (self.found)(name);
                }
            });
        }
    }
}

/// What stands before the first word.
struct Indent {
    bytes: usize,
    columns: usize,
}

fn indent(line: &[u8]) -> Indent {
    let mut columns = 0;
    let mut bytes = 0;
    for byte in line {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += INDENT - columns % INDENT,
            _ => break,
        }
        bytes += 1;
    }
    Indent { bytes, columns }
}

/// The length of what says that a line is quoted.
fn quote(text: &[u8], markup: Markup) -> usize {
    let is_sign = |byte: &&u8| matches!(byte, b'>' | b' ');
    if markup == Markup::Markdown { text.iter().take_while(is_sign).count() } else { 0 }
}

/// Whether a line is nothing but so many of these signs, or more.
fn is_run(text: &[u8], sign: u8, least: usize) -> bool {
    text.len() >= least && text.iter().all(|byte| *byte == sign)
}

/// `- `, `* `, `+ `, `1. `, `1) `.
fn is_item(text: &[u8]) -> bool {
    let digits = text.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    match &text[digits..] {
        [b'.' | b')', rest @ ..] if digits > 0 => rest.first().is_none_or(u8::is_ascii_whitespace),
        [b'-' | b'*' | b'+', rest @ ..] if digits == 0 => rest.first().is_none_or(u8::is_ascii_whitespace),
        _ => false,
    }
}

/// Whether a block that is said to be in this language has names of code.
fn is_code(language: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let language = language.trim_ascii_start();
    let word = language[..language.iter().take_while(|byte| is_part(byte)).count()].to_ascii_lowercase();
    NO_CODE.binary_search(&word.as_slice()).is_err()
}

#[cfg(test)]
#[test]
fn lists_can_be_searched() {
    assert!(NO_CODE.is_sorted() && CODE_DIRECTIVES.is_sorted() && NAMING_DIRECTIVES.is_sorted());
}
