use std::sync::{Arc, OnceLock};

use repo_map_model::{FileTags, LineIndex, RepoPath};

/// What a file's lines are printed from: its text and the tags of the same text.
///
/// Lines that the tags name and the text has not are left out, so tags of another version do no harm but a poor map.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Source {
    /// The text, with any line ends.
    pub text: Arc<str>,
    /// The definitions and scopes of the text.
    pub tags: Arc<FileTags>,
    /// The lines of a text, found once for all clones.
    lines: Arc<OnceLock<(Arc<str>, Arc<LineIndex>)>>,
}

/// Where the files of a map come from. A closure is one.
pub trait Sources {
    /// The file's text and tags, or `None` when it can no longer be read. Asked at most once a file and map, and only for
    /// files whose first definition may still fit.
    fn source(&mut self, path: &RepoPath) -> Option<Source>;
}

impl Source {
    /// A text and its tags.
    pub fn new(text: impl Into<Arc<str>>, tags: impl Into<Arc<FileTags>>) -> Self {
        Self { text: text.into(), tags: tags.into(), lines: Arc::default() }
    }

    /// The lines of the text. `None` for a text whose offsets do not fit 32 bits.
    pub(crate) fn lines(&self) -> Option<Arc<LineIndex>> {
        u32::try_from(self.text.len()).ok()?;
        let find = || Arc::new(LineIndex::new(self.text.as_bytes()));
        let (text, lines) = self.lines.get_or_init(|| (Arc::clone(&self.text), find()));
        // Whoever holds a clone may give it another text.
        Some(if Arc::ptr_eq(text, &self.text) { Arc::clone(lines) } else { find() })
    }
}

impl<F: FnMut(&RepoPath) -> Option<Source>> Sources for F {
    fn source(&mut self, path: &RepoPath) -> Option<Source> {
        self(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_text_has_lines_of_its_own() {
        let source = Source::new("a\nb\nc\n", FileTags::default());
        assert_eq!(source.lines().unwrap().starts(), [0, 2, 4]);
        let mut other = source.clone();
        other.text = "abc\nd\n".into();
        assert_eq!(other.lines().unwrap().starts(), [0, 4]);
        assert_eq!(source.lines().unwrap().starts(), [0, 2, 4]);
    }
}
