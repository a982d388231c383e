//! The directories and files of a tree that was scanned, asked for their `stat` again.

use std::path::Path;

use rayon::prelude::*;
use repo_map_model::Interrupt;

use crate::opened::Opened;
use crate::{ScannedFile, StatFingerprint};

/// Directories with so many entries to ask for are opened for it: the kernel then walks short names. Measured on Django's
/// sources: whole paths cost 17 ms, paths from the root 14, this 12; more or fewer directories cost no less.
const WORTH_OPENING: usize = 32;

/// Entries that a thread asks for at once.
const BATCH: usize = 256;

/// What is asked for in one directory that is opened.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Below the root; empty for the root.
    path: String,
    entries: Vec<Entry>,
    below: Vec<Tree>,
}

/// A directory or file by its place among those of the scan.
#[derive(Clone, Copy, Debug)]
enum Entry {
    Directory(u32),
    File(u32),
}

/// A directory that was listed: its path below the root, and its fingerprint from before.
pub(crate) type Listed = (String, StatFingerprint);

/// What all were asked, where the directories are as they were.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// The files with another fingerprint than before, with the new one.
    pub(crate) changed: Vec<(usize, StatFingerprint)>,
    /// The files that may change without a word in their directory: with more names than one, or mounted there.
    pub(crate) apart: Vec<usize>,
}

impl Tree {
    /// A plan for directories and files in path order.
    pub(crate) fn new(directories: &[Listed], files: &[ScannedFile]) -> Self {
        let mut all: Vec<(&str, Entry)> = Vec::with_capacity(directories.len() + files.len());
        let listed = directories.iter().zip(0..).filter(|((path, _), _)| !path.is_empty());
        all.extend(listed.map(|((path, _), at)| (path.as_str(), Entry::Directory(at))));
        all.extend(files.iter().zip(0..).map(|(file, at)| (file.path.as_str(), Entry::File(at))));
        all.sort_unstable_by_key(|(path, _)| *path);
        Self::below("", &all)
    }

    /// `all` lies below the directory `path`, in path order.
    fn below(path: &str, all: &[(&str, Entry)]) -> Self {
        let mut tree = Self { path: path.to_owned(), ..Self::default() };
        let skip = if path.is_empty() { 0 } else { path.len() + 1 };
        // In byte order what lies below a directory stands together.
        for group in all.chunk_by(|a, b| child(a.0, skip).is_some() && child(a.0, skip) == child(b.0, skip)) {
            let (first, entry) = group[0];
            match child(first, skip) {
                None => tree.entries.push(entry),
                Some(name) => {
                    let inner = Self::below(&first[..skip + name.len()], group);
                    if inner.entries.len() + inner.below.len() >= WORTH_OPENING {
                        tree.below.push(inner);
                    } else {
                        tree.entries.extend(inner.entries);
                        tree.below.extend(inner.below);
                    }
                }
            }
        }
        tree
    }

    /// Asks for all. `None` where a directory is another than it was, a file is none, or something cannot be told.
    pub(crate) fn ask(
        &self,
        root: &Path,
        directories: &[Listed],
        files: &[ScannedFile],
        interrupt: Interrupt<'_>,
    ) -> Option<Round> {
        let opened = Opened::root(root)?;
        let own = opened.own()?;
        // The root was listed first of all.
        let before = directories.first().filter(|(path, _)| path.is_empty())?;
        if own.fingerprint != before.1 {
            return None;
        }
        self.ask_below(&opened, &Asked { directories, files, device: own.device, interrupt })
    }

    fn ask_below(&self, opened: &Opened, asked: &Asked<'_>) -> Option<Round> {
        let skip = if self.path.is_empty() { 0 } else { self.path.len() + 1 };
        let own = || {
            let batches = self.entries.par_chunks(BATCH);
            batches.map(|batch| asked.batch(opened, skip, batch)).try_reduce(Round::default, Round::and)
        };
        let below = || {
            let below = self.below.par_iter().with_max_len(1);
            let each = below.map(|tree| tree.ask_below(&opened.below(&tree.path[skip..])?, asked));
            each.try_reduce(Round::default, Round::and)
        };
        let (own, below) = rayon::join(own, below);
        own?.and(below?)
    }
}

/// What is known, by the places that entries say.
struct Asked<'a> {
    directories: &'a [Listed],
    files: &'a [ScannedFile],
    /// Of the root: nothing may be mounted below it.
    device: u64,
    interrupt: Interrupt<'a>,
}

impl Asked<'_> {
    fn batch(&self, opened: &Opened, skip: usize, batch: &[Entry]) -> Option<Round> {
        let mut round = Round::default();
        // Whoever sees that there is no answer asks whether one is wanted.
        if self.interrupt.is_due() {
            return None;
        }
        for &entry in batch {
            match entry {
                Entry::Directory(at) => {
                    let (path, before) = &self.directories[at as usize];
                    let now = opened.stat(&path[skip..])?;
                    if now.fingerprint != *before || now.device != self.device {
                        return None;
                    }
                }
                Entry::File(at) => {
                    let file = &self.files[at as usize];
                    let now = opened.stat(&file.path.as_str()[skip..]).filter(|now| now.is_file)?;
                    if now.fingerprint != file.stat {
                        round.changed.push((at as usize, now.fingerprint));
                    }
                    if now.links != 1 || now.is_mounted != Some(false) {
                        round.apart.push(at as usize);
                    }
                }
            }
        }
        Some(round)
    }
}

impl Round {
    fn and(mut self, mut other: Self) -> Option<Self> {
        self.changed.append(&mut other.changed);
        self.apart.append(&mut other.apart);
        Some(self)
    }
}

/// The directory of a path that stands after `skip` bytes of it; `None` when the rest is a name alone.
fn child(path: &str, skip: usize) -> Option<&str> {
    path[skip..].split_once('/').map(|(directory, _)| directory)
}

#[cfg(test)]
mod tests {
    use repo_map_model::RepoPath;

    use super::*;

    fn count(tree: &Tree) -> (usize, usize) {
        tree.below
            .iter()
            .map(count)
            .fold((tree.entries.len(), 1), |(entries, trees), (more, below)| (entries + more, trees + below))
    }

    #[test]
    fn everything_is_asked_once_and_large_directories_are_opened() {
        let stat = StatFingerprint { size: 0, mtime_ns: 0, ctime_ns: 0, inode: 0 };
        // `a-b` stands between `a` and `a/0` in byte order.
        let directories: Vec<Listed> =
            ["", "a", "a/deep", "a-b", "c"].map(|path| (path.to_owned(), stat)).into();
        let mut files: Vec<ScannedFile> = Vec::new();
        for (folder, many) in [("a/deep", 40), ("a", 3), ("a-b", 31), ("c", 33)] {
            let paths = (0..many).map(|at| RepoPath::new(&format!("{folder}/{at}")).unwrap());
            files.extend(paths.map(|path| ScannedFile { path, stat }));
        }
        files.sort_unstable();
        let tree = Tree::new(&directories, &files);
        assert_eq!(count(&tree), (4 + 107, 3));
        let opened: Vec<&str> = tree.below.iter().map(|tree| tree.path.as_str()).collect();
        assert_eq!(opened, ["a/deep", "c"]);
    }
}
