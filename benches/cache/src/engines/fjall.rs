use std::path::Path;

use anyhow::{Context as _, Result};
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use repo_map_cache_core::Key;

use super::{BATCH, Engine, key_of, sealed, visit};
use crate::records::Sample;

struct Fjall {
    database: Database,
    tags: Keyspace,
}

pub(super) fn make(folder: &Path) -> Result<Box<dyn Engine>> {
    let database = Database::builder(folder).open()?;
    let tags = database.keyspace("tags", KeyspaceCreateOptions::default)?;
    Ok(Box::new(Fjall { database, tags }))
}

impl Engine for Fjall {
    fn name(&self) -> &'static str {
        "fjall, buffered (archives)"
    }

    fn fill(&mut self, samples: &[Sample]) -> Result<()> {
        for samples in samples.chunks(BATCH) {
            let mut batch = self.database.batch();
            for sample in samples {
                batch.insert(&self.tags, sample.key.as_bytes(), sealed(sample));
            }
            batch.commit()?;
        }
        Ok(self.database.persist(PersistMode::Buffer)?)
    }

    fn read(&self, key: &Key) -> Result<u64> {
        let value = self.tags.get(key.as_bytes())?.context("a record is gone")?;
        visit(key, &value)
    }

    fn load(&self) -> Result<u64> {
        let mut sum = 0u64;
        for entry in self.tags.iter() {
            let (key, value) = entry.into_inner()?;
            sum = sum.wrapping_add(visit(&key_of(&key)?, &value)?);
        }
        Ok(sum)
    }
}
