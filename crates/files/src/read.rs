use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use repo_map_model::RepoPath;

use crate::{Root, SkipReason, StatFingerprint};

/// The bytes of a file below the root, and its fingerprint from just before they were read.
///
/// Follows no symbolic link in any part of the path, never waits for a FIFO, and reads at most `limit` bytes and one.
/// A directory of the path that is exchanged for a link within the microseconds between check and opening is not noticed.
///
/// # Errors
/// The reason to skip the file; [`TooLarge`](SkipReason::TooLarge) when it has more than `limit` bytes.
pub fn read(root: &Root, path: &RepoPath, limit: u64) -> Result<(Vec<u8>, StatFingerprint), SkipReason> {
    let (full, _) = stat(root.path(), path)?;
    contents(&full, limit)
}

/// Where a file is and what it is, reached through directories alone.
pub(crate) fn stat(root: &Path, path: &RepoPath) -> Result<(PathBuf, Metadata), SkipReason> {
    let mut full = root.to_owned();
    let mut parts = path.components().peekable();
    while let Some(part) = parts.next() {
        // There such a part would be a drive or more parts than one, and lead out of the root.
        if cfg!(windows) && part.contains(['\\', ':']) {
            return Err(SkipReason::Vanished);
        }
        full.push(part);
        let metadata = full.symlink_metadata().map_err(|error| SkipReason::of_io(&error))?;
        let is_last = parts.peek().is_none();
        if metadata.is_symlink() {
            return Err(SkipReason::Symlink);
        } else if is_last && metadata.is_file() {
            return Ok((full, metadata));
        } else if is_last {
            return Err(SkipReason::NotRegular);
        } else if !metadata.is_dir() {
            return Err(SkipReason::Vanished);
        }
    }
    Err(SkipReason::Vanished)
}

/// The bytes of a regular file, opened without following a link or waiting.
pub(crate) fn contents(path: &Path, limit: u64) -> Result<(Vec<u8>, StatFingerprint), SkipReason> {
    let refused = |error: io::Error| SkipReason::of_io(&error);
    let file = open(path).map_err(refused)?;
    let metadata = file.metadata().map_err(refused)?;
    if !metadata.is_file() {
        return Err(SkipReason::NotRegular);
    }
    if metadata.len() > limit {
        return Err(SkipReason::TooLarge);
    }
    let mut bytes =
        Vec::with_capacity(usize::try_from(metadata.len()).map_or(0, |len| len.saturating_add(1)));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > limit {
        return Err(SkipReason::TooLarge);
    }
    Ok((bytes, StatFingerprint::of(&metadata)))
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}
