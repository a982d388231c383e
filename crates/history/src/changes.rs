//! What differs between a commit and the files of the work tree, as text: a task for who asks what a change touches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use repo_map_git::{
    Commit, Entry, Kind, ObjectError, ObjectId, Objects, Repository, RevisionError, TreeEntries, blob_id,
    is_git_directory,
};

use crate::hunks::{self, Side};
use crate::touched::MAX_BYTES;

/// A folder of half a million files.
const TREE_BYTES: usize = 16 << 20;
/// The trees of some million files.
const MAX_TREES: usize = 1 << 16;
const MAX_FILES: usize = 1 << 21;
const MAX_PATH_BYTES: usize = 256 << 20;
/// What is decoded for one comparison.
const MAX_WORK: u64 = 4 << 30;
/// Messages between the commit and `HEAD`, and how far back the commit is looked for.
const MAX_MESSAGES: usize = 200;
const MAX_COMMITS: usize = 20_000;
const COMMIT_BYTES: usize = 64 << 10;
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
        let places = open(folder)?;
        let unreadable = |error: &dyn std::fmt::Display| ChangesError::Unreadable(error.to_string());
        let mut objects = Objects::open(&places).map_err(|error| unreadable(&error))?;
        let head = places.head().map_err(|error| unreadable(&error))?;
        let head = head.map(|head| objects.peel(&head)).transpose().map_err(|error| unreadable(&error))?;
        let base = match revision {
            Some(revision) => places
                .resolve(&mut objects, revision)
                .map_err(|source| ChangesError::Revision { revision: revision.to_owned(), source })?,
            None => head.ok_or(ChangesError::NoCommit)?,
        };
        let tree = commit(&mut objects, &places, base)?.tree;
        let before = flattened(&mut objects, &places, tree)?;
        let staged = Staged::of(&places).map_err(|error| unreadable(&error))?;
        let mut comparison = Comparison { objects, places: &places, folder, before, staged };
        let mut changes = comparison.run(files, &mut read);
        changes.messages = comparison.messages(head, base);
        Ok(changes)
    }
}

fn open(folder: &Path) -> Result<Repository, ChangesError> {
    let dot_git = folder.join(".git");
    let place = match dot_git.metadata() {
        Ok(metadata) if metadata.is_dir() || metadata.is_file() => dot_git.as_path(),
        _ if is_git_directory(folder) => folder,
        _ => return Err(ChangesError::NoRepository),
    };
    Repository::open(place).map_err(|error| ChangesError::Unreadable(error.to_string()))
}

struct CommitFacts {
    tree: ObjectId,
    parents: Vec<ObjectId>,
    message: String,
}

fn commit(objects: &mut Objects, places: &Repository, id: ObjectId) -> Result<CommitFacts, ChangesError> {
    let unreadable = |error: ObjectError| ChangesError::Unreadable(error.to_string());
    let object = objects.prefix(&id, COMMIT_BYTES).map_err(unreadable)?;
    let is_whole = object.data.len() < COMMIT_BYTES;
    let facts = Commit::parse(&object.data, is_whole, places.object_hash())
        .filter(|_| object.kind == Kind::Commit)
        .ok_or_else(|| unreadable(ObjectError::Damaged))?;
    let message = &facts.message[..facts.message.len().min(MESSAGE_BYTES)];
    let message = String::from_utf8_lossy(message).trim().to_owned();
    Ok(CommitFacts { tree: facts.tree, parents: facts.parents, message })
}

/// The files of a tree and of its folders. Paths that are no text are left out: a map cannot name them.
fn flattened(
    objects: &mut Objects,
    places: &Repository,
    tree: ObjectId,
) -> Result<BTreeMap<String, ObjectId>, ChangesError> {
    let (mut files, mut bytes, mut trees) = (BTreeMap::new(), 0, 0);
    let mut waiting = vec![(String::new(), tree)];
    while let Some((folder, id)) = waiting.pop() {
        trees += 1;
        let object = objects.read(&id, TREE_BYTES).map_err(|error| match error {
            ObjectError::TooLarge => ChangesError::TooLarge,
            other => ChangesError::Unreadable(other.to_string()),
        })?;
        if object.kind != Kind::Tree {
            return Err(ChangesError::Unreadable(ObjectError::Damaged.to_string()));
        }
        for entry in TreeEntries::new(&object.data, places.object_hash()) {
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
            || objects.work() > MAX_WORK;
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
    fn of(places: &Repository) -> Result<Self, repo_map_git::Error> {
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
    objects: Objects,
    places: &'r Repository,
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
        let is = |bytes: &[u8]| blob_id(bytes, self.places.object_hash()).is_some_and(|found| found == *id);
        is(bytes) || (bytes.contains(&b'\r') && is(&hunks::with_line_feeds(bytes)))
    }

    fn text(&mut self, id: &ObjectId) -> Side {
        match self.objects.read(id, MAX_BYTES) {
            Ok(object) if object.kind == Kind::Blob => Side::Text(object.data.to_vec()),
            _ => Side::Unread,
        }
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
            && self.places.work_tree().is_some()
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
            let Ok(facts) = commit(&mut self.objects, self.places, id) else { break };
            if messages.len() < MAX_MESSAGES {
                messages.push(facts.message);
            }
            next = facts.parents.first().copied();
        }
        Vec::new()
    }
}
