use std::io;

use heed::MdbError;
use repo_map_cache_core::{Error, ErrorKind};

pub(crate) const NAME: &str = "lmdb";

/// An error of LMDB in the terms of the contract.
pub(crate) fn of_heed(operation: &'static str) -> impl FnOnce(heed::Error) -> Error {
    move |error| Error::new(heed_kind(&error), NAME, operation).with_source(error.to_string())
}

/// An error of a commit: LMDB calls it an I/O error when the system wrote less than it was given, as on a full disk.
pub(crate) fn of_commit(error: &heed::Error) -> Error {
    const IO_ERROR: i32 = 5;
    let is_short = matches!(error, heed::Error::Io(error) if error.raw_os_error() == Some(IO_ERROR));
    let kind = if is_short { ErrorKind::StorageFull } else { heed_kind(error) };
    Error::new(kind, NAME, "commit").with_source(error.to_string())
}

/// An error of the file system in the terms of the contract.
pub(crate) fn of_io(operation: &'static str) -> impl FnOnce(io::Error) -> Error {
    move |error| Error::new(io_kind(&error), NAME, operation).with_source(error)
}

fn heed_kind(error: &heed::Error) -> ErrorKind {
    match error {
        heed::Error::Io(error) => io_kind(error),
        heed::Error::Mdb(error) => match error {
            MdbError::MapFull | MdbError::TxnFull => ErrorKind::StorageFull,
            MdbError::Corrupted | MdbError::PageNotFound | MdbError::Invalid | MdbError::Problem => {
                ErrorKind::Corrupt
            }
            MdbError::VersionMismatch | MdbError::Incompatible => ErrorKind::Incompatible,
            MdbError::MapResized | MdbError::ReadersFull | MdbError::Panic => ErrorKind::Unavailable,
            MdbError::BadValSize => ErrorKind::TooLarge,
            MdbError::DbsFull => ErrorKind::Misconfigured,
            _ => ErrorKind::Other,
        },
        heed::Error::EnvAlreadyOpened => ErrorKind::Unavailable,
        heed::Error::Encoding(_) | heed::Error::Decoding(_) => ErrorKind::Other,
    }
}

fn io_kind(error: &io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            ErrorKind::StorageFull
        }
        io::ErrorKind::Unsupported => ErrorKind::Unsupported,
        _ => ErrorKind::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_a_full_store() {
        for (code, kind) in
            [(28, ErrorKind::StorageFull), (13, ErrorKind::Unavailable), (5, ErrorKind::Unavailable)]
        {
            let error = of_heed("commit")(heed::Error::Io(io::Error::from_raw_os_error(code)));
            assert_eq!(error.kind(), kind, "{error}");
        }
        let short = heed::Error::Io(io::Error::from_raw_os_error(5));
        assert_eq!(of_commit(&short).kind(), ErrorKind::StorageFull);
        assert_eq!(of_heed("put")(heed::Error::Mdb(MdbError::MapFull)).kind(), ErrorKind::StorageFull);
    }
}
