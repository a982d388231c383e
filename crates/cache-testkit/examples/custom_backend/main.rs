//! Keeps a value in a storage backend that is a directory of files: `docs/backends.md` walks through it.

mod files_backend;

use std::fs;

use repo_map_cache_core::{Error, ErrorKind, Key, Keyspace, Result, StorageBackend as _};

use files_backend::FilesBackend;

fn main() -> Result<()> {
    const NOTES: Keyspace = Keyspace::new("notes");
    let directory = std::env::temp_dir().join("files-backend");
    let backend = FilesBackend::open(&directory, &[NOTES])?;
    let mut write = backend.write()?;
    write.put(NOTES, &Key::new([1; 32]), b"kept in a file")?;
    write.commit()?;
    assert_eq!(backend.read()?.get(NOTES, &Key::new([1; 32]))?.as_deref(), Some(&b"kept in a file"[..]));
    let failed = |error| Error::new(ErrorKind::Unavailable, "files", "clean up").with_source(error);
    fs::remove_dir_all(&directory).map_err(failed)
}
