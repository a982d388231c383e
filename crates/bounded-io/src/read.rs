use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use crate::{Links, ReadError, open};

/// The bytes of a regular file that has at most `limit` of them.
///
/// # Errors
/// [`ReadError::TooLarge`] when it has more, even if it says otherwise; else as [`open`].
pub fn read(path: &Path, links: Links, limit: u64) -> Result<Vec<u8>, ReadError> {
    let (file, metadata) = open(path, links)?;
    read_opened(file, &metadata, limit)
}

/// As [`read`], of a file that [`open`] gave: for those who ask what it is in between.
///
/// # Errors
/// As [`read`].
pub fn read_opened(file: File, metadata: &Metadata, limit: u64) -> Result<Vec<u8>, ReadError> {
    if metadata.len() > limit {
        return Err(ReadError::TooLarge { limit });
    }
    // One more than it has, so that the end is found without growing.
    let mut bytes =
        Vec::with_capacity(usize::try_from(metadata.len()).map_or(0, |len| len.saturating_add(1)));
    read_on(file, &mut bytes, limit)?;
    Ok(bytes)
}

/// What is left of a source, up to the bound.
pub(crate) fn read_on(source: impl Read, bytes: &mut Vec<u8>, limit: u64) -> Result<(), ReadError> {
    source.take(limit.saturating_add(1)).read_to_end(bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge { limit });
    }
    Ok(())
}

/// The text of a regular UTF-8 file that has at most `limit` bytes.
///
/// # Errors
/// [`ReadError::NotText`] for another encoding; else as [`read`].
pub fn read_text(path: &Path, links: Links, limit: u64) -> Result<String, ReadError> {
    String::from_utf8(read(path, links, limit)?).map_err(|_| ReadError::NotText)
}
