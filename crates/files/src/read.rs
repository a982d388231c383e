use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use repo_map_model::RepoPath;

use crate::place::Place;
use crate::{Root, SkipReason, StatFingerprint};

/// The bytes of a file below the root, and its fingerprint from just before they were read.
///
/// Follows no symbolic link in any part of the path, never waits for a FIFO, and reads at most `limit` bytes and one.
///
/// # Errors
/// The reason to skip the file; [`TooLarge`](SkipReason::TooLarge) when it has more than `limit` bytes.
pub fn read(root: &Root, path: &RepoPath, limit: u64) -> Result<(Vec<u8>, StatFingerprint), SkipReason> {
    let place = Place::of(root.path(), path)?;
    place.look()?;
    contents(place.open(), limit)
}

/// The fingerprint of a file below the root, links not followed.
pub(crate) fn fingerprint(root: &Path, path: &RepoPath) -> Result<StatFingerprint, SkipReason> {
    let place = Place::of(root, path)?;
    place.look()?;
    let metadata = place.metadata(root, path).map_err(|error| SkipReason::of_io(&error))?;
    Ok(StatFingerprint::of(&metadata))
}

/// The bytes of the regular file at a path, opened without following a link or waiting.
pub(crate) fn contents_at(path: &Path, limit: u64) -> Result<(Vec<u8>, StatFingerprint), SkipReason> {
    contents(open(path), limit)
}

fn contents(file: io::Result<File>, limit: u64) -> Result<(Vec<u8>, StatFingerprint), SkipReason> {
    let refused = |error: io::Error| SkipReason::of_io(&error);
    let file = file.map_err(refused)?;
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
