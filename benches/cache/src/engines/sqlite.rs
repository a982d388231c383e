use std::marker::PhantomData;
use std::path::Path;

use anyhow::Result;
use repo_map_cache_core::Key;
use rusqlite::{Connection, params};

use super::{Engine, walk_archive};
use crate::records::{OwnedTag, Sample, owned, sum};

/// As diskcache sets it up: its table and indexes, a write-ahead log, a map of 64 MiB, synced as it says.
const SCHEMA: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = 8192; PRAGMA mmap_size = 67108864;
    CREATE TABLE Cache (rowid INTEGER PRIMARY KEY, key BLOB, raw INTEGER, store_time REAL, expire_time REAL,
        access_time REAL, access_count INTEGER DEFAULT 0, tag BLOB, size INTEGER DEFAULT 0, mode INTEGER DEFAULT 0,
        filename TEXT, value BLOB);
    CREATE UNIQUE INDEX Cache_key_raw ON Cache(key, raw);
    CREATE INDEX Cache_expire_time ON Cache (expire_time) WHERE expire_time IS NOT NULL;
    CREATE INDEX Cache_store_time ON Cache (store_time);";

/// Records of one transaction: a larger one is no cheaper here.
const BATCH: usize = 1024;

/// What stands in a row, and what a reader does to have the tags.
pub(super) trait Shape: 'static {
    const NAME: &'static str;

    fn value(sample: &Sample) -> &[u8];

    fn visit(value: &[u8]) -> Result<u64>;
}

/// What most write: a vector of tags through serde and bincode. It is what the goals were set beside.
pub(super) struct Bincode;

/// Owned strings still, by a decoder written for this one layout.
pub(super) struct Packed;

/// Our own archives, which SQLite cannot lend: its user copies them where they are not aligned, and has no checksum.
pub(super) struct Archives;

struct Sqlite<S> {
    connection: Connection,
    shape: PhantomData<S>,
}

pub(super) fn make<S: Shape>(folder: &Path) -> Result<Box<dyn Engine>> {
    let connection = Connection::open(folder.join("cache.db"))?;
    connection.execute_batch(SCHEMA)?;
    Ok(Box::new(Sqlite::<S> { connection, shape: PhantomData }))
}

impl Shape for Bincode {
    const NAME: &'static str = "SQLite (bincode, owned strings)";

    fn value(sample: &Sample) -> &[u8] {
        &sample.bincode
    }

    fn visit(value: &[u8]) -> Result<u64> {
        Ok(sum(&bincode::deserialize::<Vec<OwnedTag>>(value)?))
    }
}

impl Shape for Packed {
    const NAME: &'static str = "SQLite (hand-packed, owned strings)";

    fn value(sample: &Sample) -> &[u8] {
        &sample.flat
    }

    fn visit(value: &[u8]) -> Result<u64> {
        Ok(sum(&owned(value)))
    }
}

impl Shape for Archives {
    const NAME: &'static str = "SQLite (archives, no checksum)";

    fn value(sample: &Sample) -> &[u8] {
        &sample.archive
    }

    fn visit(value: &[u8]) -> Result<u64> {
        walk_archive(value)
    }
}

impl<S: Shape> Engine for Sqlite<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn fill(&mut self, samples: &[Sample]) -> Result<()> {
        for batch in samples.chunks(BATCH) {
            let write = self.connection.transaction()?;
            let mut insert = write.prepare_cached(
                "INSERT OR REPLACE INTO Cache (key, raw, store_time, access_time, size, value) VALUES (?, 1, 1.0, 1.0, 0, ?)",
            )?;
            for sample in batch {
                insert.execute(params![&sample.key.as_bytes()[..], S::value(sample)])?;
            }
            drop(insert);
            write.commit()?;
        }
        Ok(())
    }

    fn read(&self, key: &Key) -> Result<u64> {
        let mut select =
            self.connection.prepare_cached("SELECT value FROM Cache WHERE key = ? AND raw = 1")?;
        let mut rows = select.query([&key.as_bytes()[..]])?;
        let row = rows.next()?.ok_or_else(|| anyhow::anyhow!("a record is gone"))?;
        S::visit(row.get_ref(0)?.as_blob()?)
    }

    fn load(&self) -> Result<u64> {
        let mut select = self.connection.prepare_cached("SELECT value FROM Cache")?;
        let mut rows = select.query([])?;
        let mut sum = 0u64;
        while let Some(row) = rows.next()? {
            sum = sum.wrapping_add(S::visit(row.get_ref(0)?.as_blob()?)?);
        }
        Ok(sum)
    }
}
