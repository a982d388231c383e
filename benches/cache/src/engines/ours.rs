use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use repo_map_cache_core::{Key, Keyspace, Lookup, Payload, Store, StoreOptions};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

use super::{Engine, VERSION};
use crate::records::{ArchivedRecord, Sample, walk};

const SPACE: Keyspace = Keyspace::new("tags");

/// The store as the product has it: checksums, size limit and all.
struct Ours(Store);

pub(super) fn make(folder: &Path) -> Result<Box<dyn Engine>> {
    let backend = LmdbBackend::open(folder, &LmdbOptions::new(&[SPACE]))?;
    Ok(Box::new(Ours(Store::new(Arc::new(backend), &[SPACE], StoreOptions::default())?)))
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        "ours (archives in place)"
    }

    fn fill(&mut self, samples: &[Sample]) -> Result<()> {
        for sample in samples {
            self.0.put(SPACE, sample.key, VERSION, &sample.archive);
        }
        Ok(self.0.flush()?)
    }

    fn read(&self, key: &Key) -> Result<u64> {
        let sum = self.0.get(SPACE, key, VERSION, |lookup| match lookup {
            Lookup::Hit(payload) => visit(&payload),
            _ => None,
        });
        sum.context("a record is gone")
    }

    fn load(&self) -> Result<u64> {
        let mut sum = 0u64;
        self.0.snapshot().scan(SPACE, &[], VERSION, |_, lookup| {
            if let Lookup::Hit(payload) = lookup {
                sum = sum.wrapping_add(visit(&payload).unwrap_or_default());
            }
            ControlFlow::Continue(())
        });
        Ok(sum)
    }
}

fn visit(payload: &Payload<'_>) -> Option<u64> {
    payload.archived(|record: &ArchivedRecord| walk(record))
}
