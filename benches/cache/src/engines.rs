//! The engines on disk, each as its own documentation would have it used for this.

mod fjall;
mod ours;
mod redb;
mod sqlite;

use std::path::Path;

use anyhow::{Context as _, Result};
use repo_map_cache_core::{Fingerprint, Key, open, seal};
use rkyv::rancor;
use rkyv::util::AlignedVec;

use crate::records::{ArchivedRecord, Sample, walk};

/// The version that the records are stored for.
const VERSION: Fingerprint = Fingerprint::new(1);

/// Records of one transaction, where the engine leaves that to the caller.
const BATCH: usize = 4096;

/// An engine in a folder of its own.
pub(crate) trait Engine {
    fn name(&self) -> &'static str;

    /// Stores all records and returns when they are committed.
    fn fill(&mut self, samples: &[Sample]) -> Result<()>;

    /// Reads one record, with a transaction of its own, and visits its tags.
    fn read(&self, key: &Key) -> Result<u64>;

    /// Reads all records and visits their tags.
    fn load(&self) -> Result<u64>;
}

type Make = fn(&Path) -> Result<Box<dyn Engine>>;

/// Ours first: the others are compared with it.
pub(crate) const ALL: [Make; 6] = [
    ours::make,
    redb::make,
    fjall::make,
    sqlite::make::<sqlite::Bincode>,
    sqlite::make::<sqlite::Packed>,
    sqlite::make::<sqlite::Archives>,
];

/// What an engine without checksums of its own is given, so that all answer for what they return.
fn sealed(sample: &Sample) -> Vec<u8> {
    seal(&sample.key, VERSION, &sample.archive)
}

/// Verifies and visits what [`sealed`] made, copied where it is not aligned.
fn visit(key: &Key, sealed: &[u8]) -> Result<u64> {
    let archive = open(key, VERSION, sealed).ok().context("a damaged record")?;
    walk_archive(archive)
}

fn walk_archive(archive: &[u8]) -> Result<u64> {
    if archive.as_ptr().addr().is_multiple_of(8) {
        return Ok(walk(rkyv::access::<ArchivedRecord, rancor::Error>(archive)?));
    }
    let mut copy: AlignedVec = AlignedVec::with_capacity(archive.len());
    copy.extend_from_slice(archive);
    Ok(walk(rkyv::access::<ArchivedRecord, rancor::Error>(&copy)?))
}

fn key_of(bytes: &[u8]) -> Result<Key> {
    Ok(Key::new(bytes.try_into().context("a key of another length")?))
}
