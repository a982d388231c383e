//! The git repository as the walk sees it: commits, trees, borders. All of gix but the difference of trees is here.

use std::collections::BTreeSet;
use std::path::Path;

use gix::ObjectId;
use gix::objs::{CommitRefIter, FindExt as _};
use gix::odb::HeaderExt as _;

use crate::log::LogEnd;
use crate::options::LogOptions;

/// Neighbouring trees are deltas of one another: what is kept of packs spares decoding them anew.
const PACK_CACHE_BYTES: usize = 16 << 20;
/// A tree is met twice: as the commit's and as the parent's of the next one.
const OBJECT_CACHE_BYTES: usize = 8 << 20;

pub(crate) struct Repository {
    pub(crate) git: gix::Repository,
    /// Commits whose parents are not there.
    borders: BTreeSet<ObjectId>,
}

/// What the walk needs of a commit.
pub(crate) struct CommitFacts {
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    pub(crate) time: i64,
    pub(crate) message: Vec<u8>,
    pub(crate) is_border: bool,
}

impl Repository {
    /// Opens the repository whose work tree, or whose bare directory, the folder is.
    pub(crate) fn open(folder: &Path) -> Result<Self, LogEnd> {
        let dot_git = folder.join(".git");
        let folder = match dot_git.metadata() {
            Ok(metadata) if metadata.is_dir() || metadata.is_file() => dot_git.as_path(),
            // A bare one.
            _ if folder.join("HEAD").is_file() && folder.join("objects").is_dir() => folder,
            _ => return Err(LogEnd::NoRepository),
        };
        // Isolated: neither the environment nor the user's configuration may change what a log holds. Nothing is run, so it
        // does not matter who owns the repository.
        let options = gix::open::Options::isolated().with(gix::sec::Trust::Full).open_path_as_is(true);
        let git = options.open(folder).map_err(|error| {
            tracing::debug!(?folder, %error, "the git repository cannot be opened");
            LogEnd::Unreadable
        })?;
        let mut git = git.to_thread_local();
        git.objects.set_pack_cache(|| {
            Box::new(gix::odb::pack::cache::lru::MemoryCappedHashmap::new(PACK_CACHE_BYTES))
        });
        git.object_cache_size(OBJECT_CACHE_BYTES);
        // A partial clone lacks objects on purpose: to look for new packs at each of them would cost more than all the rest.
        git.objects.refresh_never();
        let borders = match git.shallow_commits() {
            Ok(Some(commits)) => commits.iter().copied().collect(),
            Ok(None) => BTreeSet::new(),
            Err(error) => {
                tracing::debug!(?folder, %error, "the borders of the shallow clone cannot be read");
                return Err(LogEnd::Unreadable);
            }
        };
        Ok(Self { git, borders })
    }

    /// The commit that `HEAD` stands for.
    pub(crate) fn head(&self) -> Result<ObjectId, LogEnd> {
        let head = self.git.head().map_err(|_| LogEnd::Unreadable)?;
        if head.is_unborn() {
            return Err(LogEnd::NoCommit);
        }
        let id = head.into_peeled_id().map_err(|_| LogEnd::Unreadable)?;
        Ok(id.detach())
    }

    /// The bytes of a text; none when it is missing, damaged or longer than `limit`.
    pub(crate) fn text(&self, id: ObjectId, limit: usize) -> Option<Vec<u8>> {
        let header = self.git.objects.header(id).ok()?;
        if header.kind() != gix::objs::Kind::Blob || header.size() > limit as u64 {
            return None;
        }
        let mut text = Vec::new();
        self.git.objects.find(&id, &mut text).ok()?;
        Some(text)
    }

    /// A hash of the borders of a shallow clone; 0 for a whole one.
    pub(crate) fn borders_hash(&self) -> u64 {
        let bytes = self.borders.iter().flat_map(|id| id.as_slice());
        bytes.fold(0, |state, &byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(5)
        })
    }

    /// Reads a commit. `None` when it is missing or damaged.
    pub(crate) fn commit(&self, id: ObjectId) -> Option<CommitFacts> {
        let mut buffer = Vec::new();
        let data = self.git.objects.find(&id, &mut buffer).ok()?;
        if data.kind != gix::objs::Kind::Commit {
            return None;
        }
        let commit = || CommitRefIter::from_bytes(data.data, id.kind());
        let is_border = self.borders.contains(&id);
        Some(CommitFacts {
            tree: commit().tree_id().ok()?,
            parents: if is_border { Vec::new() } else { commit().parent_ids().collect() },
            time: commit().committer().ok()?.seconds(),
            message: commit().message().ok()?.to_vec(),
            is_border,
        })
    }
}

impl LogOptions {
    pub(crate) fn settings(&self, repository: Option<&Repository>) -> crate::log::Settings {
        crate::log::Settings {
            commits: self.commits as u64,
            named_commits: self.named_commits as u64,
            message_bytes: self.message_bytes as u64,
            words_version: self.words_version,
            shallow: repository.map_or(0, Repository::borders_hash),
        }
    }
}
