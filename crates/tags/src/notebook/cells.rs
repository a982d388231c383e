//! Where the code of a notebook stands: the strings of its code cells, found in one pass over its JSON.
//!
//! Whatever is no notebook has none. Nothing is kept of the rest, so what cells have put out costs a look for the end of its strings.

use std::ops::Range;

/// The type of a cell with code.
pub(super) const CODE: &[u8] = b"code";

/// What is in the cells of a notebook, by its places.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// The insides of strings, as they are escaped.
    pub(super) strings: Vec<Range<usize>>,
    /// The strings of each cell, by their places in the list.
    pub(super) cells: Vec<Range<usize>>,
    /// The name of the language, if the notebook says it.
    pub(super) language: Option<Range<usize>>,
}

/// An object or an array that is open.
struct Open {
    is_object: bool,
    /// The last key of an object.
    key: Range<usize>,
    /// Whether what comes next is its value.
    is_named: bool,
}

/// A cell that is open.
struct Cell {
    /// So many objects and arrays are open at its members.
    depth: usize,
    is_wanted: bool,
    /// Where its strings begin in the list.
    from: usize,
}

struct Reader<'a> {
    source: &'a [u8],
    wanted: Option<&'a [u8]>,
    open: Vec<Open>,
    cell: Option<Cell>,
    found: Cells,
}

/// The cells of a type, or of any, in a notebook of any version: 4 has its cells at the top, 3 within sheets.
pub(super) fn find(source: &[u8], wanted: Option<&[u8]>) -> Cells {
    let mut reader = Reader { source, wanted, open: Vec::new(), cell: None, found: Cells::default() };
    let mut at = 0;
    while let Some(&byte) = source.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let end = string_end(source, at);
                reader.string(at..end);
                at = end + 1;
            }
            b'{' | b'[' => reader.begin(byte == b'{'),
            b'}' | b']' => reader.end(),
            b':' | b',' => {
                if let Some(open) = reader.open.last_mut() {
                    open.is_named = byte == b':';
                }
            }
            _ => {}
        }
    }
    reader.found
}

/// The closing quote of a string, or the end of the text.
fn string_end(source: &[u8], mut at: usize) -> usize {
    while let Some(found) = source.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if source[at] == b'"' {
            return at;
        }
        at += 2;
    }
    source.len()
}

impl Reader<'_> {
    fn begin(&mut self, is_object: bool) {
        let is_cell = is_object && self.cell.is_none() && self.is_among_cells();
        self.open.push(Open { is_object, key: 0..0, is_named: false });
        if is_cell {
            self.cell =
                Some(Cell { depth: self.open.len(), is_wanted: false, from: self.found.strings.len() });
        }
    }

    fn end(&mut self) {
        if let Some(cell) = self.cell.take_if(|cell| cell.depth == self.open.len()) {
            let strings = cell.from..self.found.strings.len();
            if cell.is_wanted && !strings.is_empty() {
                self.found.cells.push(strings);
            } else {
                self.found.strings.truncate(cell.from);
            }
        }
        self.open.pop();
    }

    fn string(&mut self, text: Range<usize>) {
        let depth = self.open.len();
        let Some(open) = self.open.last_mut() else { return };
        if open.is_object && !open.is_named {
            open.key = text;
            return;
        }
        let in_object = open.is_object;
        let of_cell = self.cell.as_ref().map(|cell| cell.depth);
        if of_cell == Some(depth) && in_object && self.key(depth - 1) == b"cell_type" {
            let is_wanted = self.wanted.is_none_or(|wanted| self.source[text] == *wanted);
            self.cell.iter_mut().for_each(|cell| cell.is_wanted = is_wanted);
            return;
        }
        let member = if in_object { depth } else { depth - 1 };
        if of_cell == Some(member) && matches!(self.key(member - 1), b"source" | b"input") {
            self.found.strings.push(text);
        } else if of_cell.is_none() && in_object && depth == 3 && self.key(0) == b"metadata" {
            self.metadata(text);
        }
    }

    /// What the kernel itself says is surer than what it was asked for.
    fn metadata(&mut self, text: Range<usize>) {
        match (self.key(1), self.key(2)) {
            (b"language_info", b"name") => self.found.language = Some(text),
            (b"kernelspec", b"language") => {
                self.found.language.get_or_insert(text);
            }
            _ => {}
        }
    }

    fn is_among_cells(&self) -> bool {
        let is_array = |depth: usize| !self.open[depth].is_object;
        match self.open.len() {
            2 => is_array(1) && self.key(0) == b"cells",
            4 => is_array(1) && is_array(3) && self.key(0) == b"worksheets" && self.key(2) == b"cells",
            _ => false,
        }
    }

    fn key(&self, depth: usize) -> &[u8] {
        &self.source[self.open[depth].key.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The strings of each code cell, with commas between them and semicolons behind cells, and the language.
    fn check(source: &str, cells: &str, language: Option<&str>) {
        let found = find(source.as_bytes(), Some(CODE));
        let text = |range: &Range<usize>| &source[range.clone()];
        let strings = |cell: &Range<usize>| found.strings[cell.clone()].iter().map(text).collect::<Vec<_>>();
        let all: String = found.cells.iter().map(|cell| strings(cell).join(",") + ";").collect();
        assert_eq!(all, cells, "{source}");
        assert_eq!(found.language.as_ref().map(text), language, "{source}");
    }

    #[test]
    fn code_is_told_from_all_else() {
        for (source, cells, language) in [
            (
                r#"{"cells": [{"cell_type": "code", "source": ["a\n", "b"]}, {"cell_type": "markdown", "source": ["c"]}]}"#,
                r"a\n,b;",
                None,
            ),
            // In any order, as one string, and none at all.
            (
                r#"{"cells": [{"source": "a\"\\", "cell_type": "code"}, {"cell_type": "code", "source": []}]}"#,
                r#"a\"\\;"#,
                None,
            ),
            // What a cell has put out, and its own metadata, may look like anything.
            (
                r#"{"cells": [{"cell_type": "code", "outputs": [{"source": ["no"], "cell_type": "raw"}], "metadata": {"source": "no"}, "source": ["yes"]}]}"#,
                "yes;",
                None,
            ),
            (
                r#"{"metadata": {"kernelspec": {"language": "R", "name": "ir"}, "language_info": {"codemirror_mode": {"name": "no"}, "name": "r"}}, "cells": []}"#,
                "",
                Some("r"),
            ),
            (
                r#"{"metadata": {"language_info": {"name": "julia"}, "kernelspec": {"language": "no"}}}"#,
                "",
                Some("julia"),
            ),
            (
                r#"{"worksheets": [{"cells": [{"cell_type": "code", "input": ["a"], "language": "python"}]}]}"#,
                "a;",
                None,
            ),
            (r#"{"other": [{"cell_type": "code", "source": ["no"]}]}"#, "", None),
            (r#"[{"cells": [{"cell_type": "code", "source": ["no"]}]}]"#, "", None),
            // Text that is no JSON.
            (r#"{"cells": [{"cell_type": "code", "source": ["a"#, "", None),
            (r#"}]{"cells": [{"cell_type": "code", "source": ["a"]}"#, "a;", None),
            (r#""\"#, "", None),
            ("", "", None),
        ] {
            check(source, cells, language);
        }
    }
}
