//! A build that does not read git's data: a repository is seen, so its rules of what to ignore hold, and all its files count as
//! untracked.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// A directory with a `.git`.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    pub(crate) index: PathBuf,
    pub(crate) exclude: PathBuf,
}

pub(crate) enum Discovery {
    Nothing,
    #[expect(dead_code, reason = "nothing is read that could make no sense")]
    Unreadable,
    Found(Repository),
}

/// No file.
pub(crate) struct Tracked;

impl Repository {
    pub(crate) fn at(directory: &Path) -> Discovery {
        let git = directory.join(".git");
        match git.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() || metadata.is_file() => {
                Discovery::Found(Self { index: git.join("index"), exclude: git.join("info").join("exclude") })
            }
            _ => Discovery::Nothing,
        }
    }

    pub(crate) fn tracked(&self) -> Option<Tracked> {
        Some(Tracked)
    }
}

impl Tracked {
    pub(crate) fn all(&self) -> Range<usize> {
        0..0
    }

    pub(crate) fn below(&self, _: &Range<usize>, _: &str) -> Range<usize> {
        0..0
    }

    pub(crate) fn has_file(&self, _: &Range<usize>, _: &str) -> bool {
        false
    }

    pub(crate) fn checked_out(&self, _: Range<usize>) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

/// Whether a directory is git's own.
pub(crate) fn is_git_directory(directory: &Path) -> bool {
    directory.join("HEAD").is_file() && directory.join("objects").is_dir() && directory.join("refs").is_dir()
}
