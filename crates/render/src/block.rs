use std::collections::BTreeSet;

use repo_map_model::RepoPath;

use crate::file::SourceFile;
use crate::printable::{GAP, path_line};
use crate::style::{Link, Style};

/// One file of a map in the making. On the page it is a bare path, or a path with a colon and rows.
pub(crate) struct Block {
    pub(crate) path: RepoPath,
    pub(crate) text: Text,
    /// The lines that show definitions. What stands between them follows from them.
    pub(crate) shown: BTreeSet<u32>,
    /// The place among the files of the page.
    pub(crate) place: Option<usize>,
    /// What a blank line after the last row costs.
    pub(crate) glue: i64,
}

/// What is known of a file's text.
pub(crate) enum Text {
    NotAsked,
    Gone,
    Here(Box<SourceFile>),
}

impl Block {
    pub(crate) const fn new(path: RepoPath) -> Self {
        Self { path, text: Text::NotAsked, shown: BTreeSet::new(), place: None, glue: 0 }
    }

    /// Without rows.
    pub(crate) fn is_bare(&self) -> bool {
        self.shown.is_empty()
    }

    /// The line that names the file.
    pub(crate) fn header(&self, bare: bool) -> String {
        let colon = if bare { "" } else { ":" };
        format!("{}{colon}", path_line(self.path.as_str()))
    }

    /// Appends the lines of the file.
    pub(crate) fn write(&self, style: Style, text: &mut String) {
        let mut line = |line: &str| {
            text.push_str(line);
            text.push('\n');
        };
        line(&self.header(self.is_bare()));
        let Text::Here(file) = &self.text else { return };
        for row in self.rows(style) {
            match row {
                Some(of) => line(&file.row(of)),
                None => line(GAP.encode_utf8(&mut [0; 4])),
            }
        }
    }

    /// What stands below the file's line: the source lines, `None` for a mark of what is left out.
    pub(crate) fn rows(&self, style: Style) -> Vec<Option<u32>> {
        let Text::Here(file) = &self.text else { return Vec::new() };
        let mut rows = Vec::with_capacity(self.shown.len());
        let after = self.shown.iter().map(|&line| Some(line)).chain([None]);
        let before = std::iter::once(None).chain(self.shown.iter().map(|&line| Some(line)));
        for (before, after) in before.zip(after).filter(|ends| *ends != (None, None)) {
            let Link { line: closing, gap } = style.link(file, before, after);
            rows.extend(closing.map(Some));
            rows.extend(gap.then_some(None));
            rows.extend(after.map(Some));
        }
        rows
    }

    /// Whether the line of the definition is shown.
    pub(crate) fn shows(&self, definition: u32) -> bool {
        let Text::Here(file) = &self.text else { return false };
        file.tags().definitions().get(definition as usize).is_some_and(|d| self.shown.contains(&d.line))
    }

    /// The definitions whose line is shown.
    pub(crate) fn definitions(&self) -> Vec<u32> {
        let Text::Here(file) = &self.text else { return Vec::new() };
        (0..).take(file.tags().definitions().len()).filter(|&definition| self.shows(definition)).collect()
    }
}
