//! A store on a file system that nobody can write here: a cache that was baked into an image, a read-only mount.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use heed::{Env, RoTxn, WithoutTls};
use repo_map_cache_core::{
    Capabilities, Error, ErrorKind, Key, Keyspace, ReadTxn, Result, StorageBackend, WriteTxn,
};

use crate::backend::MAX_VALUE_LEN;
use crate::checker::check;
use crate::directory::{DirectoryProblem, judge, problem_from, versioned};
use crate::environment::{Table, existing_table, open_read_only};
use crate::error::{NAME, of_heed, of_io};
use crate::folder::Folder;
use crate::generation::DATA;
use crate::marks::{is_marked, number_of, stamp, stamp_of};
use crate::transaction::scan;
use crate::way::reach;

/// The newest store of a directory, for reading alone: it takes no lock and writes nothing.
///
/// Without locks nothing keeps a writer away, so it opens only what lies on a file system that is mounted read-only. Its structure is
/// read as a whole first: 0.2 ms a MiB.
pub struct LmdbReader {
    env: Env<WithoutTls>,
    /// Those that the store has.
    tables: Vec<(Keyspace, Table)>,
    path: PathBuf,
}

impl LmdbReader {
    /// Opens the newest store of a directory on a read-only file system.
    ///
    /// # Errors
    /// [`Unavailable`](ErrorKind::Unavailable) where the file system can be written, or there is no store of this format version and kind of
    /// machine; [`Corrupt`](ErrorKind::Corrupt) where it is damaged; a [`DirectoryProblem`] as the source where the directory is unfit.
    pub fn open(directory: impl AsRef<Path>, keyspaces: &[Keyspace], trusts_owners: bool) -> Result<Self> {
        let folder =
            newest(directory.as_ref(), trusts_owners).map_err(|problem| problem.into_error("open"))?;
        let folder = folder.ok_or_else(|| unavailable("there is no store in it"))?;
        if !folder.is_read_only().map_err(of_io("open"))? {
            return Err(unavailable("its file system can be written"));
        }
        let data = folder.file(DATA).map_err(of_io("open"))?;
        check(&data).map_err(|fault| Error::new(ErrorKind::Corrupt, NAME, "open").with_source(fault))?;
        let length = data.metadata().map_err(of_io("open"))?.len();
        let env = open_read_only(folder.path(), length, 2 * keyspaces.len() + 1)?;
        let mut tables = Vec::new();
        for &keyspace in keyspaces {
            if let Some(table) = existing_table(&env, keyspace.name())? {
                tables.push((keyspace, table));
            }
        }
        Ok(Self { env, tables, path: folder.path().to_owned() })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn table(&self, keyspace: Keyspace) -> Option<Table> {
        self.tables.iter().find(|(known, _)| *known == keyspace).map(|(_, table)| *table)
    }
}

/// The newest generation of this format version and machine.
fn newest(directory: &Path, trusts_owners: bool) -> std::result::Result<Option<Folder>, DirectoryProblem> {
    let Some(path) = reach(directory, false, trusts_owners)? else { return Ok(None) };
    let folder = Folder::open(&path, trusts_owners).map_err(problem_from)?;
    judge(&folder)?;
    if !is_marked(&folder)? {
        return Ok(None);
    }
    let versioned = match folder.folder(&versioned()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        outcome => outcome.map_err(problem_from)?,
    };
    judge(&versioned)?;
    let mut numbers: Vec<u64> = versioned
        .names()
        .map_err(problem_from)?
        .iter()
        .filter_map(|name| number_of(name.to_str()?))
        .collect();
    numbers.sort_unstable();
    let generations =
        numbers.into_iter().rev().filter_map(|number| versioned.folder(&number.to_string()).ok());
    Ok(generations.into_iter().find(|generation| stamp_of(generation).is_some_and(|found| found == stamp())))
}

fn unavailable(why: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, NAME, "open for reading").with_source(why)
}

impl StorageBackend for LmdbReader {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new()
            .with_read_only(true)
            .with_multi_process(true)
            .with_zero_copy(true)
            .with_max_value_len(MAX_VALUE_LEN)
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        let txn = self.env.read_txn().map_err(of_heed("begin read"))?;
        Ok(Box::new(Read { reader: self, txn }))
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        Err(Error::new(ErrorKind::Unavailable, NAME, "begin write")
            .with_source("the file system is read-only"))
    }

    fn size_on_disk(&self) -> Result<Option<u64>> {
        let metadata = std::fs::metadata(self.path.join(DATA)).map_err(of_io("size"))?;
        Ok(Some(metadata.len()))
    }
}

impl fmt::Debug for LmdbReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LmdbReader").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A snapshot of what never changes.
struct Read<'a> {
    reader: &'a LmdbReader,
    txn: RoTxn<'a, WithoutTls>,
}

impl ReadTxn for Read<'_> {
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>> {
        let Some(table) = self.reader.table(keyspace) else { return Ok(None) };
        let value = table.get(&self.txn, key.as_bytes()).map_err(of_heed("get"))?;
        Ok(value.map(Cow::Borrowed))
    }

    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        match self.reader.table(keyspace) {
            Some(table) => scan(table, &self.txn, prefix, visit),
            None => Ok(()),
        }
    }
}
