//! What git knows of a tree: where its repository is, and which files it tracks.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use gix::index::entry::{Flags, Mode};

/// A repository with a work tree. Holds places, no open files: it may live as long as the process.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    pub(crate) index: PathBuf,
    object_hash: gix::hash::Kind,
    /// The rules that are the repository's own and not in the tree. All its work trees share them.
    pub(crate) exclude: PathBuf,
}

/// What a `.git` in a directory turned out to be.
pub(crate) enum Discovery {
    /// None is there, or its work tree is another directory.
    Nothing,
    /// Something is there that gix does not understand.
    Unreadable,
    Found(Repository),
}

/// The files of an index, in path order.
pub(crate) struct Tracked(gix::index::File);

impl Repository {
    /// Looks for the repository whose work tree is rooted at exactly this directory, given canonically.
    pub(crate) fn at(directory: &Path) -> Discovery {
        let dot_git = directory.join(".git");
        // Links are followed: some tools make `.git` a link to a shared directory. Opening a FIFO would hang.
        match fs::metadata(&dot_git) {
            Ok(metadata) if metadata.is_dir() || metadata.is_file() => {}
            _ => return Discovery::Nothing,
        }
        // Isolated: neither the environment nor the user's configuration may change what a tree holds. The index is all
        // that is read and nothing is run, so it does not matter who owns the repository.
        let options = gix::open::Options::isolated().with(gix::sec::Trust::Full);
        let repository = match options.open(dot_git) {
            Ok(repository) => repository.to_thread_local(),
            Err(error) => {
                tracing::debug!(?directory, %error, "the git repository cannot be opened");
                return Discovery::Unreadable;
            }
        };
        match repository.workdir().map(fs::canonicalize) {
            Some(Ok(workdir)) if workdir == directory => Discovery::Found(Self {
                index: repository.index_path(),
                object_hash: repository.object_hash(),
                exclude: repository.common_dir().join("info").join("exclude"),
            }),
            _ => Discovery::Nothing,
        }
    }

    /// Reads the index; a repository without one tracks nothing. `None` when the index makes no sense.
    pub(crate) fn tracked(&self) -> Option<Tracked> {
        match fs::metadata(&self.index) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let empty = gix::index::State::new(self.object_hash);
                return Some(Tracked(gix::index::File::from_state(empty, &*self.index)));
            }
            Ok(metadata) if metadata.is_file() => {}
            _ => return None,
        }
        let skip_checksum = false;
        match gix::index::File::at(&*self.index, self.object_hash, skip_checksum, Default::default()) {
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
        let start = entries.partition_point(|entry| comes_before(entry.path(&self.0), directory, b'/'));
        let len =
            entries[start..].partition_point(|entry| comes_before(entry.path(&self.0), directory, b'0'));
        range.start + start..range.start + start + len
    }

    /// Whether a file of this path is among the entries of `range`, in whatever stage of a merge.
    pub(crate) fn has_file(&self, range: &Range<usize>, path: &str) -> bool {
        let entries = &self.0.entries()[range.clone()];
        let start = entries.partition_point(|entry| entry.path(&self.0)[..] < *path.as_bytes());
        entries[start..]
            .iter()
            .take_while(|entry| entry.path(&self.0)[..] == *path.as_bytes())
            .any(|entry| is_file(entry.mode))
    }

    /// The paths that must be in the work tree, each once: a sparse checkout leaves others out on purpose.
    pub(crate) fn checked_out(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        let mut last = None;
        self.0.entries()[range]
            .iter()
            .filter(|entry| is_file(entry.mode) && !entry.flags.contains(Flags::SKIP_WORKTREE))
            .filter_map(|entry| std::str::from_utf8(entry.path(&self.0)).ok())
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

/// Neither a submodule nor a directory that a sparse index stands for.
fn is_file(mode: Mode) -> bool {
    !mode.is_submodule() && !mode.is_sparse()
}
