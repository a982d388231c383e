//! What stands around the rows of a map: a map is text that is also Markdown or tagged, for prompts that are written so.

use std::borrow::Cow;

use crate::printable::{BAR, GAP};

/// How the files of a map are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A path and a colon, then rows.
    #[default]
    Text,
    /// A path in code marks, then rows in a fence. No row can close a fence: each begins with its bar or number.
    Markdown,
    /// `<file path="…">`, rows, `</file>`, all in `<repository-map>`. Marks for a model and no XML document: rows are not escaped.
    Xml,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[Self::Text, Self::Markdown, Self::Xml];

    /// The format of a word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.as_str() == name)
    }

    /// The word that flags and configuration use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Xml => "xml",
        }
    }

    /// The same map in this format. `text` is what [`render`](crate::render) gives, lines before its first file included.
    pub fn of(self, text: &str) -> Cow<'_, str> {
        if self == Self::Text || text.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut told = String::with_capacity(text.len() * 2);
        if self == Self::Xml {
            told += "<repository-map>\n";
        }
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let rows: Vec<&str> = std::iter::from_fn(|| lines.next_if(|line| is_row(line))).collect();
            let path = line.strip_suffix(':').filter(|_| !rows.is_empty());
            match (self, path) {
                (_, None) if line.is_empty() => told.push('\n'),
                (Self::Markdown, Some(path)) => told += &format!("`{path}`\n```\n{}\n```\n", rows.join("\n")),
                (_, Some(path)) => {
                    told += &format!("<file path=\"{}\">\n{}\n</file>\n", attribute(path), rows.join("\n"));
                }
                (Self::Markdown, None) => told += &format!("- {line}\n"),
                (_, None) if line.contains("/: ") => told += &format!("{line}\n"),
                (_, None) => told += &format!("<file path=\"{}\"/>\n", attribute(line)),
            }
        }
        if self == Self::Xml {
            told += "</repository-map>\n";
        }
        Cow::Owned(told)
    }
}

/// Whether a line of a map is a row: a line of source, or the mark of lines that are left out. No path passes for one.
pub fn is_row(line: &str) -> bool {
    line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(BAR) || line.starts_with(GAP)
}

/// A path as it stands in the tag of a file.
pub fn attribute(path: &str) -> String {
    path.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "lib/: 3 files, Rust\n\nREADME.md\n\nsrc/a \"b\".rs:\n12│fn start()\n⋮\n│}\n";

    #[test]
    fn files_are_fenced_in_markdown_and_tagged_in_xml() {
        assert_eq!(Format::Text.of(TEXT), TEXT);
        assert_eq!(
            Format::Markdown.of(TEXT),
            "- lib/: 3 files, Rust\n\n- README.md\n\n`src/a \"b\".rs`\n```\n12│fn start()\n⋮\n│}\n```\n"
        );
        assert_eq!(
            Format::Xml.of(TEXT),
            "<repository-map>\nlib/: 3 files, Rust\n\n<file path=\"README.md\"/>\n\n<file path=\"src/a &quot;b&quot;.rs\">\n12│fn start()\n⋮\n│}\n</file>\n</repository-map>\n"
        );
        for &format in Format::ALL {
            assert_eq!(Format::by_name(format.as_str()), Some(format));
            assert_eq!(format.of(""), "");
        }
    }
}
