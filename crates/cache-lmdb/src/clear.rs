//! Removing a store, and nothing but the store.

use std::io;
use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::Result;

use crate::LmdbOptions;
use crate::decision::Decision;
use crate::directory::{DirectoryProblem, problem_from, versioned};
use crate::error::of_io;
use crate::folder::Folder;
use crate::marks::{Standing, remove_marks, standing};
use crate::way::reach;

/// What [`clear`] has removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cleared {
    /// Bytes of files that are gone.
    pub bytes: u64,
    /// Whether a store stays because somebody has it open: its entries have to be deleted one by one.
    pub is_in_use: bool,
}

/// Removes the store of a directory, stores that were moved aside included: what this crate has made there, by name.
/// Any other file stays, and the directory too where it then is not empty. Nothing at all is done where there is no store.
///
/// # Errors
/// When the directory has no mark of this crate but a folder that looks like a store, and when the file system refuses; what was
/// removed until then is gone.
pub fn clear(directory: &Path) -> Result<Cleared> {
    clear_with(directory, &LmdbOptions::new(&[]))
}

/// As [`clear`], for a directory that is [opened](crate::LmdbBackend::open) with these options.
///
/// # Errors
/// As [`clear`].
pub fn clear_with(directory: &Path, options: &LmdbOptions) -> Result<Cleared> {
    remove(directory, options.trusts_owners)
}

fn remove(directory: &Path, trusts_owners: bool) -> Result<Cleared> {
    let of_problem = |problem: DirectoryProblem| problem.into_error("clear");
    let Some(path) = reach(directory, false, trusts_owners).map_err(of_problem)? else {
        return Ok(Cleared::default());
    };
    let folder = Folder::open(&path, trusts_owners).map_err(of_io("clear"))?;
    let name = versioned();
    let is_there = folder.kind(&name).map_err(of_io("clear"))?.is_some();
    match standing(&folder).map_err(of_problem)? {
        Standing::Ours | Standing::Store => {}
        Standing::Foreign(_) if is_there => {
            return Err(of_problem(DirectoryProblem::NotOurs { path, found: name }));
        }
        Standing::Empty | Standing::Foreign(_) => return Ok(Cleared::default()),
    }
    let mut cleared = Cleared::default();
    if is_there {
        let versioned = Arc::new(folder.folder(&name).map_err(|error| of_problem(problem_from(error)))?);
        // Nothing where another process has cleared it meanwhile.
        let Some(decision) = Decision::wait(&versioned)? else { return Ok(cleared) };
        cleared = decision.clear()?;
        if cleared.is_in_use {
            return Ok(cleared);
        }
        // Before the lock goes: who has it next must see that the folder is not marked any more.
        remove_marks(&folder).map_err(of_io("clear"))?;
        decision.end().map_err(of_io("clear"))?;
        drop(versioned);
        remove_empty(&folder, &name).map_err(of_io("clear"))?;
    } else {
        remove_marks(&folder).map_err(of_io("clear"))?;
    }
    drop(folder);
    if let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) {
        let parent = Folder::open(parent, trusts_owners).map_err(of_io("clear"))?;
        remove_empty(&parent, name).map_err(of_io("clear"))?;
    }
    Ok(cleared)
}

/// Removes a folder that holds nothing.
fn remove_empty(parent: &Folder, name: &str) -> io::Result<()> {
    match parent.remove_folder(name) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound) => {
            Err(error)
        }
        _ => Ok(()),
    }
}
