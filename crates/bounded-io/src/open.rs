use std::fs::{self, File, Metadata};
use std::path::Path;

use crate::ReadError;

/// Whether the last part of a path may be a symbolic link. Links among its folders are followed either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// A link is read as what it leads to, if that is a regular file.
    Follow,
    /// A link is refused as [`ReadError::NotRegular`].
    Refuse,
}

/// Opens a regular file for reading, without waiting for anybody, and tells what it is.
///
/// The path is looked at before it is opened, so a FIFO or a device is never opened; the open file is asked
/// once more, in case the path was exchanged in between.
///
/// # Errors
/// [`ReadError::NotRegular`] for all else that may be there; [`ReadError::Io`] when the file system refuses.
pub fn open(path: &Path, links: Links) -> Result<(File, Metadata), ReadError> {
    let before = match links {
        Links::Follow => fs::metadata(path)?,
        Links::Refuse => fs::symlink_metadata(path)?,
    };
    if !before.is_file() {
        return Err(ReadError::NotRegular);
    }
    let file = open_unblocked(path, links)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || is_made_up(&file) {
        return Err(ReadError::NotRegular);
    }
    Ok((file, metadata))
}

#[cfg(unix)]
fn open_unblocked(path: &Path, links: Links) -> Result<File, ReadError> {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;

    let mut flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    if links == Links::Refuse {
        flags |= OFlags::NOFOLLOW;
    }
    match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => Ok(File::from(file)),
        // A link that came in between; a socket.
        Err(Errno::LOOP) if links == Links::Refuse => Err(ReadError::NotRegular),
        Err(Errno::NXIO) => Err(ReadError::NotRegular),
        Err(error) => Err(ReadError::Io(error.into())),
    }
}

/// A link that comes in between is followed: a flag of Windows that opens the link itself would not fetch files that are
/// kept elsewhere, as in a cloud.
#[cfg(not(unix))]
fn open_unblocked(path: &Path, links: Links) -> Result<File, ReadError> {
    if links == Links::Refuse && path.symlink_metadata()?.file_type().is_symlink() {
        return Err(ReadError::NotRegular);
    }
    Ok(File::open(path)?)
}

/// Whether the kernel makes the file up as it is read: what such a file says of its size means nothing.
#[cfg(target_os = "linux")]
fn is_made_up(file: &File) -> bool {
    const PROC: u32 = 0x9fa0;
    const SYSFS: u32 = 0x6265_6572;
    const DEBUGFS: u32 = 0x6462_6720;
    const TRACEFS: u32 = 0x7472_6163;
    // The magic numbers have 32 bits; the field is wider or narrower by architecture.
    rustix::fs::fstatfs(file)
        .is_ok_and(|facts| matches!(facts.f_type as u32, PROC | SYSFS | DEBUGFS | TRACEFS))
}

#[cfg(not(target_os = "linux"))]
fn is_made_up(_file: &File) -> bool {
    false
}
