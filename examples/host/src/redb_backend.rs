//! A storage backend on redb, an engine that is written in Rust.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::path::Path;

use redb::{Database, ReadableDatabase, TableDefinition, TableError};
use repo_map_cache_core::{
    Capabilities, Error, ErrorKind, Key, Keyspace, ReadTxn, Result, StorageBackend, WriteTxn,
};

/// A table for each keyspace, in one file.
#[derive(Debug)]
pub(crate) struct RedbBackend(Database);

struct RedbRead(redb::ReadTransaction);

struct RedbWrite(redb::WriteTransaction);

type Table = redb::ReadOnlyTable<[u8; 32], &'static [u8]>;

fn failed<E: Into<redb::Error>>(operation: &'static str) -> impl FnOnce(E) -> Error {
    move |error| {
        let error: redb::Error = error.into();
        let kind = match &error {
            redb::Error::ValueTooLarge(_) => ErrorKind::TooLarge,
            redb::Error::Corrupted(_) => ErrorKind::Corrupt,
            redb::Error::UpgradeRequired(_) => ErrorKind::Incompatible,
            redb::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                ErrorKind::StorageFull
            }
            _ => ErrorKind::Unavailable,
        };
        Error::new(kind, "redb", operation).with_source(error)
    }
}

const fn definition(keyspace: Keyspace) -> TableDefinition<'static, [u8; 32], &'static [u8]> {
    TableDefinition::new(keyspace.name())
}

impl RedbBackend {
    /// The store in a directory.
    pub(crate) fn open(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory).map_err(failed("open"))?;
        Database::create(directory.join("data.redb")).map(Self).map_err(failed("open"))
    }
}

impl RedbRead {
    /// A table that was never written does not exist yet.
    fn table(&self, keyspace: Keyspace) -> Result<Option<Table>> {
        match self.0.open_table(definition(keyspace)) {
            Ok(table) => Ok(Some(table)),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(failed("open table")(error)),
        }
    }
}

impl StorageBackend for RedbBackend {
    fn name(&self) -> &'static str {
        "redb"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new().with_durable(true).with_max_value_len(3 << 30)
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        Ok(Box::new(RedbRead(self.0.begin_read().map_err(failed("read"))?)))
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        Ok(Box::new(RedbWrite(self.0.begin_write().map_err(failed("write"))?)))
    }
}

impl ReadTxn for RedbRead {
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>> {
        let Some(table) = self.table(keyspace)? else { return Ok(None) };
        let value = table.get(key.as_bytes()).map_err(failed("get"))?;
        Ok(value.map(|value| Cow::Owned(value.value().to_vec())))
    }

    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        let Some(table) = self.table(keyspace)? else { return Ok(()) };
        let mut first = [0; 32];
        first[..prefix.len()].copy_from_slice(prefix);
        for entry in table.range(first..).map_err(failed("scan"))? {
            let (key, value) = entry.map_err(failed("scan"))?;
            if !key.value().starts_with(prefix) || visit(&Key::new(key.value()), value.value()).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl WriteTxn for RedbWrite {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        if value.len() > 3 << 30 {
            return Err(Error::new(ErrorKind::TooLarge, "redb", "put"));
        }
        let mut table = self.0.open_table(definition(keyspace)).map_err(failed("put"))?;
        table.insert(key.as_bytes(), value).map_err(failed("put"))?;
        Ok(())
    }

    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        let mut table = self.0.open_table(definition(keyspace)).map_err(failed("delete"))?;
        let earlier = table.remove(key.as_bytes()).map_err(failed("delete"))?;
        Ok(earlier.is_some())
    }

    fn commit(self: Box<Self>) -> Result<()> {
        self.0.commit().map_err(failed("commit"))
    }
}
