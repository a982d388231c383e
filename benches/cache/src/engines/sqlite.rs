use std::path::Path;

use anyhow::Result;
use repo_map_cache_core::Key;
use rusqlite::{Connection, params};

use super::{Engine, walk_archive};
use crate::records::{Sample, owned, sum};

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

/// With owned strings, as a cache of pickles or bincode hands its values over, or with archives that are copied.
struct Sqlite<const OWNED: bool>(Connection);

pub(super) fn make<const OWNED: bool>(folder: &Path) -> Result<Box<dyn Engine>> {
    let connection = Connection::open(folder.join("cache.db"))?;
    connection.execute_batch(SCHEMA)?;
    Ok(Box::new(Sqlite::<OWNED>(connection)))
}

impl<const OWNED: bool> Sqlite<OWNED> {
    fn visit(value: &[u8]) -> Result<u64> {
        if OWNED { Ok(sum(&owned(value))) } else { walk_archive(value) }
    }
}

impl<const OWNED: bool> Engine for Sqlite<OWNED> {
    fn name(&self) -> &'static str {
        if OWNED { "SQLite (owned strings)" } else { "SQLite (archives, no checksum)" }
    }

    fn fill(&mut self, samples: &[Sample]) -> Result<()> {
        for batch in samples.chunks(BATCH) {
            let write = self.0.transaction()?;
            let mut insert = write.prepare_cached(
                "INSERT OR REPLACE INTO Cache (key, raw, store_time, access_time, size, value) VALUES (?, 1, 1.0, 1.0, 0, ?)",
            )?;
            for sample in batch {
                let value = if OWNED { &sample.flat } else { &sample.archive };
                insert.execute(params![&sample.key.as_bytes()[..], value])?;
            }
            drop(insert);
            write.commit()?;
        }
        Ok(())
    }

    fn read(&self, key: &Key) -> Result<u64> {
        let mut select = self.0.prepare_cached("SELECT value FROM Cache WHERE key = ? AND raw = 1")?;
        let mut rows = select.query([&key.as_bytes()[..]])?;
        let row = rows.next()?.ok_or_else(|| anyhow::anyhow!("a record is gone"))?;
        Self::visit(row.get_ref(0)?.as_blob()?)
    }

    fn load(&self) -> Result<u64> {
        let mut select = self.0.prepare_cached("SELECT value FROM Cache")?;
        let mut rows = select.query([])?;
        let mut sum = 0u64;
        while let Some(row) = rows.next()? {
            sum = sum.wrapping_add(Self::visit(row.get_ref(0)?.as_blob()?)?);
        }
        Ok(sum)
    }
}
