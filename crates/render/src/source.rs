use std::sync::Arc;

use repo_map_model::{FileTags, RepoPath};

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
        Self { text: text.into(), tags: tags.into() }
    }
}

impl<F: FnMut(&RepoPath) -> Option<Source>> Sources for F {
    fn source(&mut self, path: &RepoPath) -> Option<Source> {
        self(path)
    }
}
