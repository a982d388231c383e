//! What git knows of a tree: where its repository is, and which files it tracks.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

pub(crate) use repo_map_git::is_git_directory;
use repo_map_git::{Index, Repository as Places};

/// A repository with a work tree. Holds places, no open files: it may live as long as the process.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    places: Places,
    pub(crate) index: PathBuf,
    /// The rules that are the repository's own and not in the tree. All its work trees share them.
    pub(crate) exclude: PathBuf,
}

/// What a `.git` in a directory turned out to be.
pub(crate) enum Discovery {
    /// None is there, or its work tree is another directory.
    Nothing,
    /// Something is there that makes no sense, or may not be read.
    Unreadable,
    Found(Repository),
}

/// The files of an index, in path order.
pub(crate) struct Tracked(Index);

impl Repository {
    /// Looks for the repository whose work tree is rooted at exactly this directory, given canonically.
    pub(crate) fn at(directory: &Path) -> Discovery {
        let dot_git = directory.join(".git");
        // Links are followed: some tools make `.git` a link to a shared directory.
        match fs::metadata(&dot_git) {
            Ok(metadata) if metadata.is_dir() || metadata.is_file() => {}
            _ => return Discovery::Nothing,
        }
        let places = match Places::open(&dot_git) {
            Ok(places) => places,
            Err(error) => {
                tracing::debug!(?directory, %error, "the git repository cannot be opened");
                return Discovery::Unreadable;
            }
        };
        match places.work_tree().map(fs::canonicalize) {
            Some(Ok(work_tree)) if work_tree == directory => Discovery::Found(Self {
                index: places.index_path(),
                exclude: places.common_dir().join("info").join("exclude"),
                places,
            }),
            _ => Discovery::Nothing,
        }
    }

    /// Reads the index; a repository without one tracks nothing. `None` when the index makes no sense.
    pub(crate) fn tracked(&self) -> Option<Tracked> {
        match self.places.index() {
            Ok(index) => Some(Tracked(index)),
            Err(error) => {
                tracing::debug!(index = ?self.index, %error, "the git index cannot be read");
                None
            }
        }
    }
}

impl Tracked {
    /// All entries.
    pub(crate) fn all(&self) -> Range<usize> {
        0..self.0.entries().len()
    }

    /// The entries of `range` below a directory.
    pub(crate) fn below(&self, range: &Range<usize>, directory: &str) -> Range<usize> {
        let entries = &self.0.entries()[range.clone()];
        let directory = directory.as_bytes();
        // In byte order a directory's files lie between `directory/` and `directory0`, the byte after `/`.
        let start = entries.partition_point(|entry| comes_before(self.0.path(entry), directory, b'/'));
        let len = entries[start..].partition_point(|entry| comes_before(self.0.path(entry), directory, b'0'));
        range.start + start..range.start + start + len
    }

    /// Whether a file of this path is among the entries of `range`, in whatever stage of a merge.
    pub(crate) fn has_file(&self, range: &Range<usize>, path: &str) -> bool {
        let entries = &self.0.entries()[range.clone()];
        let start = entries.partition_point(|entry| self.0.path(entry) < path.as_bytes());
        let same = entries[start..].iter().take_while(|entry| self.0.path(entry) == path.as_bytes());
        same.into_iter().any(|entry| entry.is_file)
    }

    /// The paths that must be in the work tree, each once: a sparse checkout leaves others out on purpose.
    pub(crate) fn checked_out(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        let mut last = None;
        self.0.entries()[range]
            .iter()
            .filter(|entry| entry.is_file && !entry.is_left_out)
            .filter_map(|entry| std::str::from_utf8(self.0.path(entry)).ok())
            .filter(move |path| last.replace(*path) != Some(*path))
    }
}

/// Whether `path` comes before `directory` with one byte appended.
fn comes_before(path: &[u8], directory: &[u8], last: u8) -> bool {
    let common = path.len().min(directory.len());
    path[..common]
        .cmp(&directory[..common])
        .then_with(|| path.get(common..).unwrap_or_default().cmp(&[last]))
        .is_lt()
}
