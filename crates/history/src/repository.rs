//! The git repository as the walk sees it: commits, trees, texts, borders. All reading of objects is here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use repo_map_bounded_io::{Links, ReadError, read};
use repo_map_git::{
    Commit, HashKind, Kind, ObjectError, ObjectId, Objects, Repository as Places, RevisionError,
    is_git_directory,
};

use crate::log::LogEnd;
use crate::options::LogOptions;

/// A commit is read so far: what counts stands at its beginning.
const COMMIT_BYTES: usize = 64 << 10;
/// A folder of half a million files.
const TREE_BYTES: usize = 16 << 20;
/// Some hundred thousand borders.
const BORDERS_BYTES: u64 = 8 << 20;

pub(crate) struct Repository {
    /// Its files: references, index, where the work tree is.
    pub(crate) places: Places,
    objects: Objects,
    pub(crate) hash: HashKind,
    head: Result<ObjectId, LogEnd>,
    /// Commits whose parents are not there.
    borders: BTreeSet<ObjectId>,
}

/// What the walk needs of a commit.
pub(crate) struct CommitFacts {
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    pub(crate) time: i64,
    /// Its beginning.
    pub(crate) message: Box<[u8]>,
    pub(crate) is_border: bool,
}

impl Repository {
    /// Opens the repository whose work tree, or whose bare directory, the folder is.
    pub(crate) fn open(folder: &Path) -> Result<Self, LogEnd> {
        let dot_git = folder.join(".git");
        let folder = match dot_git.metadata() {
            Ok(metadata) if metadata.is_dir() || metadata.is_file() => dot_git.as_path(),
            // A bare one.
            _ if is_git_directory(folder) => folder,
            _ => return Err(LogEnd::NoRepository),
        };
        // Nothing is run and no configuration of a user is read, so it does not matter who owns the repository.
        let unreadable = |error: &dyn std::fmt::Display| {
            tracing::debug!(?folder, %error, "the git repository cannot be read");
            LogEnd::Unreadable
        };
        let places = Places::open(folder).map_err(|error| unreadable(&error))?;
        let borders = borders(&places).map_err(|error| unreadable(&error))?;
        let mut objects = Objects::open(&places).map_err(|error| unreadable(&error))?;
        let head = match places.head() {
            Ok(Some(head)) => objects.peel(&head).map_err(|error| unreadable(&error)),
            Ok(None) => Err(LogEnd::NoCommit),
            Err(error) => Err(unreadable(&error)),
        };
        Ok(Self { objects, hash: places.object_hash(), head, borders, places })
    }

    /// The commit that `HEAD` stands for.
    pub(crate) fn head(&self) -> Result<ObjectId, LogEnd> {
        self.head
    }

    /// The commit that a revision names.
    pub(crate) fn resolve(&mut self, revision: &str) -> Result<ObjectId, RevisionError> {
        self.places.resolve(&mut self.objects, revision)
    }

    /// What was decoded so far.
    pub(crate) fn work(&self) -> u64 {
        self.objects.work()
    }

    /// The bytes of a text; none when it is missing, damaged or longer than `limit`.
    pub(crate) fn text(&mut self, id: ObjectId, limit: usize) -> Option<Rc<Vec<u8>>> {
        let text = self.objects.read(&id, limit).ok()?;
        (text.kind == Kind::Blob).then_some(text.data)
    }

    /// The bytes of a tree.
    pub(crate) fn tree(&mut self, id: &ObjectId) -> Result<Rc<Vec<u8>>, ObjectError> {
        let tree = self.objects.read(id, TREE_BYTES)?;
        if tree.kind == Kind::Tree { Ok(tree.data) } else { Err(ObjectError::Damaged) }
    }

    /// A hash of the borders of a shallow clone; 0 for a whole one.
    pub(crate) fn borders_hash(&self) -> u64 {
        let bytes = self.borders.iter().flat_map(|id| id.as_slice());
        bytes.fold(0, |state, &byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(5)
        })
    }

    /// Reads a commit, and of its message as many bytes as are wanted. `None` when it is missing or damaged.
    pub(crate) fn commit(&mut self, id: ObjectId, message_bytes: usize) -> Option<CommitFacts> {
        let object = self.objects.prefix(&id, COMMIT_BYTES).ok()?;
        if object.kind != Kind::Commit {
            return None;
        }
        let commit = Commit::parse(&object.data, object.data.len() < COMMIT_BYTES, self.hash)?;
        let is_border = self.borders.contains(&id);
        Some(CommitFacts {
            tree: commit.tree,
            parents: if is_border { Vec::new() } else { commit.parents },
            time: commit.time,
            message: commit.message[..commit.message.len().min(message_bytes)].into(),
            is_border,
        })
    }
}

/// The commits where a shallow clone was cut.
fn borders(places: &Places) -> Result<BTreeSet<ObjectId>, ReadError> {
    let path = places.common_dir().join("shallow");
    if let Err(error) = fs::symlink_metadata(&path)
        && error.kind() == std::io::ErrorKind::NotFound
    {
        return Ok(BTreeSet::new());
    }
    let text = read(&path, Links::Follow, BORDERS_BYTES)?;
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let ids = lines.map(|line| ObjectId::from_hex(line.trim_ascii_end()).map_err(|_| ReadError::NotText));
    ids.collect()
}

impl LogOptions {
    pub(crate) fn settings(&self, repository: Option<&Repository>) -> crate::log::Settings {
        crate::log::Settings {
            commits: self.commits as u64,
            named_commits: self.named_commits as u64,
            message_bytes: self.message_bytes as u64,
            words_version: self.words_version,
            work: self.work,
            shallow: repository.map_or(0, Repository::borders_hash),
        }
    }
}
