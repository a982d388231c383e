//! The names of a file, each held once, and the references that use them.

use std::ops::Range;

use ahash::HashMap;
use repo_map_model::{NameId, Reference, ReferenceKind};

use crate::budget::Budget;
use crate::found::{FoundDefinition, FoundReference};
use crate::rows::Row;
use crate::text::Text;

pub(crate) struct Names<'a> {
    source: &'a [u8],
    ids: HashMap<&'a [u8], NameId>,
    names: Vec<Box<str>>,
    /// Names may be nested: those of a file can be longer than the file.
    budget: &'a Budget,
}

impl<'a> Names<'a> {
    pub(crate) fn new(source: &'a [u8], budget: &'a Budget) -> Self {
        Self { source, ids: HashMap::default(), names: Vec::new(), budget }
    }

    /// The id of the name at these bytes; none for an empty one and for one that is not UTF-8, nor beyond the budget.
    pub(crate) fn id(&mut self, range: &Range<usize>) -> Option<NameId> {
        let bytes = &self.source[range.clone()];
        if self.budget.read(bytes.len()).is_break() {
            return None;
        }
        self.known(bytes)
    }

    /// The same of a name in prose, whatever is left of the budget: such names are short and do not overlap.
    pub(crate) fn id_in_prose(&mut self, range: &Range<usize>) -> Option<NameId> {
        self.known(&self.source[range.clone()])
    }

    fn known(&mut self, bytes: &'a [u8]) -> Option<NameId> {
        if let Some(&id) = self.ids.get(bytes) {
            return Some(id);
        }
        let name = std::str::from_utf8(bytes).ok().filter(|name| !name.is_empty())?;
        let id = NameId(self.names.len() as u32);
        self.names.push(name.into());
        self.ids.insert(bytes, id);
        Some(id)
    }

    pub(crate) fn into_names(self) -> Vec<Box<str>> {
        self.names
    }
}

/// The name in the bytes of a node: `limit` of Ruby's `:limit` and of Elixir's `limit: `, `add queue` of Scala's
/// quoted one, and the last segment of a path.
fn bare(source: &[u8], node: &Range<usize>, separator: Option<&str>) -> Range<usize> {
    let mut name = match source[node.clone()] {
        [b':' | b'&', first, ..] if is_of_word(first) => node.start + 1..node.end,
        [.., last, b':'] if is_of_word(last) => node.start..node.end - 1,
        [.., last, b':', b' '] if is_of_word(last) => node.start..node.end - 2,
        [quote @ (b'"' | b'\'' | b'`'), _, .., last] if quote == last => node.start + 1..node.end - 1,
        _ => node.clone(),
    };
    if let Some(separator) = separator.map(str::as_bytes)
        && let Some(at) = memchr::memmem::rfind(&source[name.clone()], separator)
        && name.start + at + separator.len() < name.end
    {
        name.start += at + separator.len();
    }
    name
}

/// The bare name of a definition: `ll` of Bash's `ll=ls`.
pub(crate) fn defined_name(source: &[u8], node: &Range<usize>, row: &Row) -> Range<usize> {
    let mut name = bare(source, node, row.separator);
    if row.values_in_words
        && let Some(length) = memchr::memchr(b'=', &source[name.clone()])
    {
        name.end = name.start + length;
    }
    name
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Which kind stays when several patterns name one node.
fn precedence(kind: ReferenceKind) -> u8 {
    match kind {
        ReferenceKind::Implementation => 0,
        ReferenceKind::Import => 1,
        ReferenceKind::Macro => 2,
        ReferenceKind::Call => 3,
        _ => 4,
    }
}

/// One reference a name, in source order, without the names of definitions (which are in order too)
/// and without what the row calls noise.
pub(crate) fn references(
    mut found: Vec<FoundReference>,
    definitions: &[FoundDefinition],
    row: &Row,
    text: &Text<'_>,
    names: &mut Names<'_>,
) -> Vec<Reference> {
    for reference in found.iter_mut().filter(|reference| has_bare_name(reference.kind, row)) {
        if text.budget.read(reference.name.len()).is_break() {
            return Vec::new();
        }
        reference.name = bare(text.source, &reference.name, row.separator);
    }
    found.sort_by_key(|reference| (reference.name.start, precedence(reference.kind)));
    found.dedup_by_key(|reference| reference.name.start);
    let mut defined = definitions.iter().map(|definition| definition.name.start).peekable();
    found
        .iter()
        .filter_map(|reference| {
            let range = match reference.kind {
                ReferenceKind::Import if !has_bare_name(reference.kind, row) => {
                    stem(text.source, &reference.name)
                }
                _ => reference.name.clone(),
            };
            let start = reference.name.start;
            while defined.next_if(|&name| name < start).is_some() {}
            if defined.peek() == Some(&start) || row.is_noise(&text.source[range.clone()]) {
                return None;
            }
            Some(Reference { name: names.id(&range)?, kind: reference.kind, line: text.line(start) })
        })
        .collect()
}

/// Adds the names in prose, each once: where it stands first.
pub(crate) fn mention(
    references: &mut Vec<Reference>,
    mentions: &[Range<usize>],
    text: &Text<'_>,
    names: &mut Names<'_>,
) {
    if mentions.is_empty() {
        return;
    }
    let mut is_mentioned = Vec::new();
    for range in mentions {
        let Some(name) = names.id_in_prose(range) else { continue };
        let index = name.0 as usize;
        is_mentioned.resize(is_mentioned.len().max(index + 1), false);
        if !std::mem::replace(&mut is_mentioned[index], true) {
            let line = text.line(range.start);
            references.push(Reference { name, kind: ReferenceKind::Mention, line });
        }
    }
    references.sort_by_key(|reference| reference.line);
}

/// An import is a path to a file, unless dots are the language's own way to write one.
fn has_bare_name(kind: ReferenceKind, row: &Row) -> bool {
    kind != ReferenceKind::Import || row.separator == Some(".")
}

/// The last segment of an imported path without its extension: `engine` of `"../parts/engine.h"`.
/// A name that is no path stays as it is.
fn stem(source: &[u8], path: &Range<usize>) -> Range<usize> {
    let quoted = |byte: &u8| matches!(byte, b'"' | b'<' | b'>' | b'`' | b'\'');
    let mut start = path.start + source[path.clone()].iter().take_while(|byte| quoted(byte)).count();
    let mut end = path.end - source[start..path.end].iter().rev().take_while(|byte| quoted(byte)).count();
    if let Some(slash) = memchr::memrchr2(b'/', b':', &source[start..end]) {
        start += slash + 1;
    }
    match memchr::memrchr(b'.', &source[start..end]) {
        Some(dot) if dot > 0 => end = start + dot,
        _ => {}
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_quotes_them() {
        for (node, expected) in [
            (":limit", "limit"),
            ("limit: ", "limit"),
            ("`add queue`", "add queue"),
            ("\"limit<-\"", "limit<-"),
            (":|", ":|"),
            (":", ":"),
            ("\"\"", "\"\""),
            ("limit", "limit"),
        ] {
            assert_eq!(&node[bare(node.as_bytes(), &(0..node.len()), None)], expected, "{node}");
        }
    }

    #[test]
    fn a_path_is_named_by_its_last_segment() {
        for (node, separator, expected) in [
            ("Shop.Queue", Some("."), "Queue"),
            ("Shop.Queue", None, "Shop.Queue"),
            ("\"shop.queue\"", Some("."), "queue"),
            ("Shop::Queue", Some("::"), "Queue"),
            ("Queue", Some("."), "Queue"),
            ("...", Some("."), "..."),
        ] {
            assert_eq!(&node[bare(node.as_bytes(), &(0..node.len()), separator)], expected, "{node}");
        }
    }

    #[test]
    fn imports_are_named_by_the_file_s_stem() {
        for (path, expected) in [
            ("<linux/list.h>", "list"),
            ("\"engine.hpp\"", "engine"),
            ("./engine", "engine"),
            ("`gopkg.in/yaml.v3`", "yaml"),
            ("node:path", "path"),
            ("Engine", "Engine"),
            ("\"\"", ""),
            ("<", ""),
        ] {
            assert_eq!(&path[stem(path.as_bytes(), &(0..path.len()))], expected, "{path}");
        }
    }
}
