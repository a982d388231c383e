//! Removing a store, and nothing but the store.

use std::fs;
use std::io;
use std::path::Path;

use repo_map_cache_core::Result;

use crate::FORMAT_VERSION;
use crate::directory::OWN_FILES;
use crate::error::of_io;
use crate::generation::Decision;

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
/// When the file system refuses; what was removed until then is gone.
pub fn clear(directory: &Path) -> Result<Cleared> {
    let versioned = directory.join(format!("v{FORMAT_VERSION}"));
    if !versioned.is_dir() {
        return Ok(Cleared::default());
    }
    let cleared = Decision::wait(&versioned)?.clear()?;
    if !cleared.is_in_use {
        remove_empty(&versioned)?;
        for (name, text) in OWN_FILES {
            let file = directory.join(name);
            if fs::read(&file).is_ok_and(|found| found == text.as_bytes()) {
                fs::remove_file(file).map_err(of_io("clear"))?;
            }
        }
        remove_empty(directory)?;
    }
    Ok(cleared)
}

/// Removes a directory that holds nothing, or nothing but the lock file of ours.
fn remove_empty(directory: &Path) -> Result<()> {
    let lock = directory.join("open.lock");
    let others = fs::read_dir(directory).map_err(of_io("clear"))?.flatten().any(|entry| entry.path() != lock);
    if others {
        return Ok(());
    }
    match fs::remove_file(lock) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(of_io("clear")(error)),
        _ => {}
    }
    fs::remove_dir(directory).map_err(of_io("clear"))
}
