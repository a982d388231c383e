use std::fs;
use std::path::{Path, PathBuf};

use repo_map_model::RepoPath;

use crate::git::{Discovery, Repository, is_git_directory};
use crate::{Error, ErrorKind};

/// The directory that paths are relative to: that of a git work tree, or a plain one.
#[derive(Clone, Debug)]
pub struct Root {
    path: PathBuf,
    subtree: Option<RepoPath>,
    pub(crate) git: Git,
}

#[derive(Clone, Debug)]
pub(crate) enum Git {
    None,
    Unreadable,
    Repository(Repository),
}

/// Finds the root that a directory belongs to.
///
/// That is the git work tree around it, if the directory is the work tree's own root or git tracks a file below it;
/// otherwise the directory itself. A git-ignored folder is therefore treated as its own root.
/// Reads the git index when the directory lies deeper in a work tree; no environment variable and no configuration but the repository's own.
///
/// # Errors
/// When the path is missing, is not a directory, cannot be reached, or is a directory of git's own that no repository tracks.
pub fn locate(path: &Path) -> Result<Root, Error> {
    let directory = fs::canonicalize(path).map_err(|error| Error::from_io(path, error))?;
    if !directory.is_dir() {
        return Err(Error::new(ErrorKind::NotADirectory, path));
    }
    let mut own = Git::None;
    for ancestor in directory.ancestors() {
        let is_directory = ancestor == directory;
        match Repository::at(ancestor) {
            Discovery::Nothing => {}
            Discovery::Unreadable if is_directory => own = Git::Unreadable,
            Discovery::Unreadable => {}
            Discovery::Found(repository) if is_directory => {
                return Ok(Root { path: directory, subtree: None, git: Git::Repository(repository) });
            }
            Discovery::Found(repository) => {
                let Some(subtree) = relative(ancestor, &directory) else { break };
                let holds = |tracked: &crate::git::Tracked| {
                    !tracked.below(&tracked.all(), subtree.as_str()).is_empty()
                };
                if !repository.tracked().as_ref().is_some_and(holds) {
                    break;
                }
                let git = Git::Repository(repository);
                return Ok(Root { path: ancestor.to_owned(), subtree: Some(subtree), git });
            }
        }
    }
    if is_git_directory(&directory) {
        return Err(Error::new(ErrorKind::GitDirectory, path));
    }
    Ok(Root { path: directory, subtree: None, git: own })
}

fn relative(root: &Path, directory: &Path) -> Option<RepoPath> {
    let relative = directory.strip_prefix(root).ok()?;
    let parts: Option<Vec<_>> = relative.iter().map(|part| part.to_str()).collect();
    RepoPath::new(&parts?.join("/")).ok()
}

impl Root {
    /// The root directory, absolute and without symbolic links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the given directory lies below the root; none if it is the root.
    pub fn subtree(&self) -> Option<&RepoPath> {
        self.subtree.as_ref()
    }

    /// Whether the root is that of a git work tree.
    pub fn is_git(&self) -> bool {
        matches!(self.git, Git::Repository(_))
    }
}
