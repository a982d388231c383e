//! How long the data file is, and where it must be longer than what is in it.
//!
//! LMDB maps all the address space that it may need, and the file grows below the map. Windows allows that. Wine maps no
//! more than the file has and says "access denied" otherwise: there the file is made as long as the map, with a hole
//! at its end that takes no room.

use heed::{Env, WithoutTls};

/// The bytes of the data file that are in use or were.
#[cfg(not(windows))]
pub(crate) fn file_length(env: &Env<WithoutTls>) -> heed::Result<u64> {
    env.real_disk_size()
}

/// The bytes of the data file up to the last page that was ever used: its length may be that of the map.
#[cfg(windows)]
pub(crate) fn file_length(env: &Env<WithoutTls>) -> heed::Result<u64> {
    let page = u64::from(env.unnamed_database_stat().page_size);
    let used = (env.info().last_page_number as u64 + 1) * page;
    Ok(env.real_disk_size()?.min(used))
}

/// Makes the data file of a directory as long as its map, if that may be why it could not be mapped.
#[cfg(windows)]
pub(crate) fn lengthen(directory: &std::path::Path, map_size: usize, error: &std::io::Error) -> bool {
    const ACCESS_DENIED: i32 = 5;
    let lengthen = || {
        let file = std::fs::OpenOptions::new().write(true).open(directory.join("data.mdb"))?;
        let is_short = file.metadata()?.len() < map_size as u64;
        if is_short {
            file.set_len(map_size as u64)?;
        }
        std::io::Result::Ok(is_short)
    };
    error.raw_os_error() == Some(ACCESS_DENIED) && lengthen().unwrap_or(false)
}

#[cfg(not(windows))]
pub(crate) const fn lengthen(_: &std::path::Path, _: usize, _: &std::io::Error) -> bool {
    false
}
