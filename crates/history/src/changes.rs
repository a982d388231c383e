//! What differs between a commit and the files of the work tree, as text: a task for who asks what a change touches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use repo_map_git::{Entry, ObjectError, ObjectId, Repository as Places, RevisionError, TreeEntries, blob_id};

use crate::hunks::{self, Side};
use crate::log::LogEnd;
use crate::repository::Repository;
use crate::touched::MAX_BYTES;

/// The trees of some million files.
const MAX_TREES: usize = 1 << 16;
const MAX_FILES: usize = 1 << 21;
const MAX_PATH_BYTES: usize = 256 << 20;
/// What is decoded for one comparison.
const MAX_WORK: u64 = 4 << 30;
/// Messages between the commit and `HEAD`, and how far back the commit is looked for.
const MAX_MESSAGES: usize = 200;
const MAX_COMMITS: usize = 20_000;
const MESSAGE_BYTES: usize = 1 << 10;
/// Of the whole text, and of one file's hunks in it.
const MAX_TEXT: usize = 256 << 10;
const MAX_TEXT_OF_FILE: usize = 16 << 10;
/// With the names of files whose hunks have no room.
const MAX_TEXT_WITH_NAMES: usize = 2 * MAX_TEXT;

/// A file of the work tree, as a scan saw it.
#[derive(Clone, Copy, Debug)]
pub struct WorkFile<'a> {
    /// From the root, with `/`.
    pub path: &'a str,
    /// Its length in bytes.
    pub size: u64,
    /// When its content was last changed, in nanoseconds since 1970.
    pub modified_ns: i64,
}

/// What differs between a commit and the work tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// The paths that differ: added, removed or with another content; ascending.
    pub files: Vec<String>,
    /// The beginnings of the messages from `HEAD` back to the commit by first parents, the youngest first; none where the commit is not
    /// on that way.
    pub messages: Vec<String>,
    /// A unified diff; the hunks of a file end after 16 KiB, and after 256 KiB files are named alone.
    pub diff: String,
}

impl Changes {
    /// Whether nothing differs and no commit lies between.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.messages.is_empty()
    }

    /// The messages and the diff as one text.
    pub fn task(&self) -> String {
        let mut text = self.messages.join("\n");
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text + &self.diff
    }
}

/// Why there is no comparison.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangesError {
    /// The folder is in no git repository.
    #[error("there is no git repository")]
    NoRepository,
    /// The branch has no commit yet, and no revision was named.
    #[error("there is no commit to compare with")]
    NoCommit,
    /// The revision names no commit.
    #[error("{revision}: {source}")]
    Revision {
        /// As it was asked for.
        revision: String,
        /// Why it names none.
        source: RevisionError,
    },
    /// What git keeps cannot be read.
    #[error("the git repository cannot be read: {0}")]
    Unreadable(String),
    /// The comparison takes more than any honest one.
    #[error("the trees are too large to be compared")]
    TooLarge,
}

impl Changes {
    /// Compares a commit (`HEAD` where none is named) with files of the work tree at `folder`. Files of the commit that are not among
    /// `files` count as removed when they are not in the work tree. `read` gives the bytes of one of the files, or none.
    ///
    /// Reads what git's index does not prove unchanged. The cost grows with the trees of the commit and the number of files: about
    /// 2 µs a file.
    ///
    /// # Errors
    /// [`ChangesError`].
    pub fn since(
        folder: &Path,
        revision: Option<&str>,
        files: &[WorkFile<'_>],
        mut read: impl FnMut(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, ChangesError> {
        let mut repository = Repository::open(folder).map_err(ChangesError::of)?;
        let head = match repository.head() {
            Ok(head) => Some(head),
            Err(LogEnd::NoCommit) => None,
            Err(end) => return Err(ChangesError::of(end)),
        };
        let base = match revision {
            Some(revision) => repository
                .resolve(revision)
                .map_err(|source| ChangesError::Revision { revision: revision.to_owned(), source })?,
            None => head.ok_or(ChangesError::NoCommit)?,
        };
        let commit = repository.commit(base, 0);
        let tree = commit.ok_or_else(|| ChangesError::Unreadable("its commit is damaged".to_owned()))?.tree;
        let before = flattened(&mut repository, tree)?;
        let staged =
            Staged::of(&repository.places).map_err(|error| ChangesError::Unreadable(error.to_string()))?;
        let mut comparison = Comparison { repository, folder, before, staged };
        let mut changes = comparison.run(files, &mut read);
        changes.messages = comparison.messages(head, base);
        Ok(changes)
    }
}

impl ChangesError {
    fn of(end: LogEnd) -> Self {
        match end {
            LogEnd::NoRepository => Self::NoRepository,
            LogEnd::NoCommit => Self::NoCommit,
            _ => Self::Unreadable("its references or objects make no sense".to_owned()),
        }
    }
}

/// The files of a tree and of its folders. Paths that are no text are left out: a map cannot name them.
fn flattened(
    repository: &mut Repository,
    tree: ObjectId,
) -> Result<BTreeMap<String, ObjectId>, ChangesError> {
    let (mut files, mut bytes, mut trees) = (BTreeMap::new(), 0, 0);
    let mut waiting = vec![(String::new(), tree)];
    while let Some((folder, id)) = waiting.pop() {
        trees += 1;
        let entries = repository.tree(&id).map_err(|error| match error {
            ObjectError::TooLarge => ChangesError::TooLarge,
            other => ChangesError::Unreadable(other.to_string()),
        })?;
        for entry in TreeEntries::new(&entries, repository.hash) {
            let Ok(name) = std::str::from_utf8(entry.name) else { continue };
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            bytes += path.len();
            if entry.is_folder() {
                waiting.push((path, entry.id));
            } else if entry.is_file() {
                files.insert(path, entry.id);
            }
        }
        let is_too_large = trees > MAX_TREES
            || files.len() > MAX_FILES
            || bytes > MAX_PATH_BYTES
            || repository.work() > MAX_WORK;
        if is_too_large {
            return Err(ChangesError::TooLarge);
        }
    }
    Ok(files)
}

/// What git's index proves of files without reading them.
struct Staged {
    by_path: BTreeMap<Vec<u8>, (ObjectId, (u32, u32), u32)>,
    /// What a sparse checkout leaves out.
    left_out: BTreeSet<Vec<u8>>,
    /// When the index was written: what changed in that second or later is not proved.
    written: u32,
}

impl Staged {
    fn of(places: &Places) -> Result<Self, repo_map_git::Error> {
        let index = places.index()?;
        let time = places.index_path().metadata().and_then(|metadata| metadata.modified()).ok();
        let since = time.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let (left_out, there): (Vec<_>, Vec<_>) =
            index.entries().iter().filter(|entry| entry.is_file).partition(|entry| entry.is_left_out);
        let proof = |entry: &Entry| (entry.id, entry.modified, entry.size);
        Ok(Self {
            by_path: there.iter().map(|entry| (index.path(entry).to_vec(), proof(entry))).collect(),
            left_out: left_out.iter().map(|entry| index.path(entry).to_vec()).collect(),
            written: since.map_or(0, |since| since.as_secs() as u32),
        })
    }

    /// The content of a file that was not changed since it was staged.
    fn proved(&self, file: &WorkFile<'_>) -> Option<ObjectId> {
        let &(id, (seconds, nanoseconds), size) = self.by_path.get(file.path.as_bytes())?;
        let modified = file.modified_ns;
        let is_same_time = i64::from(seconds) == modified.div_euclid(1_000_000_000)
            && (nanoseconds == 0 || i64::from(nanoseconds) == modified.rem_euclid(1_000_000_000));
        (is_same_time && size != 0 && size == file.size as u32 && seconds < self.written).then_some(id)
    }
}

struct Comparison<'r> {
    repository: Repository,
    folder: &'r Path,
    before: BTreeMap<String, ObjectId>,
    staged: Staged,
}

impl Comparison<'_> {
    fn run(&mut self, files: &[WorkFile<'_>], read: &mut impl FnMut(&str) -> Option<Vec<u8>>) -> Changes {
        let mut changes = Changes::default();
        let mut before = std::mem::take(&mut self.before);
        let mut sorted: Vec<&WorkFile<'_>> = files.iter().collect();
        sorted.sort_unstable_by_key(|file| file.path);
        let mut differing: BTreeMap<&str, (Option<ObjectId>, Side)> = BTreeMap::new();
        for file in sorted {
            let old = before.remove(file.path);
            if old.is_some() && self.staged.proved(file) == old {
                continue;
            }
            let bytes = if file.size <= MAX_BYTES as u64 { read(file.path) } else { None };
            if old.is_some_and(|old| bytes.as_ref().is_some_and(|bytes| self.is_content(bytes, &old))) {
                continue;
            }
            differing.insert(file.path, (old, bytes.map_or(Side::Unread, Side::Text)));
        }
        let gone: Vec<(String, ObjectId)> =
            before.into_iter().filter(|(path, _)| self.is_gone(path)).collect();
        differing.extend(gone.iter().map(|(path, old)| (path.as_str(), (Some(*old), Side::Absent))));
        for (path, (old, new)) in differing {
            changes.files.push(path.to_owned());
            if changes.diff.len() > MAX_TEXT_WITH_NAMES {
                continue;
            }
            let room = MAX_TEXT.saturating_sub(changes.diff.len()).min(MAX_TEXT_OF_FILE);
            let old = old.map_or(Side::Absent, |old| self.text(&old));
            hunks::write(path, &old, &new, room, &mut changes.diff);
        }
        changes
    }

    /// Whether bytes of the work tree are this content, with whatever ends of lines.
    fn is_content(&self, bytes: &[u8], id: &ObjectId) -> bool {
        let is = |bytes: &[u8]| blob_id(bytes, self.repository.hash).is_some_and(|found| found == *id);
        is(bytes) || (bytes.contains(&b'\r') && is(&hunks::with_line_feeds(bytes)))
    }

    fn text(&mut self, id: &ObjectId) -> Side {
        self.repository.text(*id, MAX_BYTES).map_or(Side::Unread, |text| Side::Text(text.to_vec()))
    }

    /// Whether a file of the commit is not in the work tree any more. One that a sparse checkout leaves out is not gone.
    fn is_gone(&self, path: &str) -> bool {
        let relative = Path::new(path);
        let is_below = relative.components().all(|part| matches!(part, Component::Normal(_)));
        let is_missing = || match self.folder.join(relative).symlink_metadata() {
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
            Ok(_) => false,
        };
        is_below
            && self.repository.places.work_tree().is_some()
            && !self.staged.left_out.contains(path.as_bytes())
            && is_missing()
    }

    fn messages(&mut self, head: Option<ObjectId>, base: ObjectId) -> Vec<String> {
        let mut messages = Vec::new();
        let mut next = head;
        for _ in 0..MAX_COMMITS {
            let Some(id) = next else { break };
            if id == base {
                return messages;
            }
            let Some(facts) = self.repository.commit(id, MESSAGE_BYTES) else { break };
            if messages.len() < MAX_MESSAGES {
                messages.push(String::from_utf8_lossy(&facts.message).trim().to_owned());
            }
            next = facts.parents.first().copied();
        }
        Vec::new()
    }
}
