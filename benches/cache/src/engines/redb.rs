use std::path::Path;

use anyhow::{Context as _, Result};
use redb::{Database, Durability, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use repo_map_cache_core::Key;

use super::{BATCH, Engine, key_of, sealed, visit};
use crate::records::Sample;

const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("tags");

struct Redb(Database);

pub(super) fn make(folder: &Path) -> Result<Box<dyn Engine>> {
    Ok(Box::new(Redb(Database::create(folder.join("data.redb"))?)))
}

impl Engine for Redb {
    fn name(&self) -> &'static str {
        "redb, not synced (archives)"
    }

    fn fill(&mut self, samples: &[Sample]) -> Result<()> {
        for batch in samples.chunks(BATCH) {
            let mut write = self.0.begin_write()?;
            write.set_durability(Durability::None)?;
            let mut table = write.open_table(TABLE)?;
            for sample in batch {
                table.insert(&sample.key.as_bytes()[..], &sealed(sample)[..])?;
            }
            drop(table);
            write.commit()?;
        }
        Ok(())
    }

    fn read(&self, key: &Key) -> Result<u64> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        let value = table.get(&key.as_bytes()[..])?.context("a record is gone")?;
        visit(key, value.value())
    }

    fn load(&self) -> Result<u64> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        let mut sum = 0u64;
        for entry in table.iter()? {
            let (key, value) = entry?;
            sum = sum.wrapping_add(visit(&key_of(key.value())?, value.value())?);
        }
        Ok(sum)
    }
}
