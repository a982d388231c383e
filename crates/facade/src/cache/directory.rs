//! A cache folder as people look at it: what is in it, whether it is whole, and how to make it smaller.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use repo_map_cache_core::{Fingerprint, Key, Keyspace, Lookup, Payload};
use repo_map_cache_lmdb::FORMAT_VERSION;
use repo_map_tags::LanguageSet;
use serde::Serialize;

use super::activity::{self, TierActivity};
use super::durable::options;
use super::failures::ParseFailures;
use super::keyspaces::{FILES, KEYSPACES, TAGS};
use super::open::OpenCache;
use super::operations::OperationDurations;
use crate::clock::now_ns;
use crate::config::CacheConfig;
use crate::error::{Error, ErrorKind};
use crate::queries;
use crate::records::{ArchivedFileRecord, ArchivedTagRecord};
use crate::shared_activity::SharedActivity;

/// Ages in words, and in seconds.
pub const AGES: [(&str, i64); 4] = [
    ("in the last hour", 3_600),
    ("in the last day", 86_400),
    ("in the last week", 604_800),
    ("in the last 30 days", 2_592_000),
];

/// A cache folder: statistics, entries, verification, compaction, clearing.
pub struct CacheDirectory {
    open: Arc<OpenCache>,
    pub(super) languages: Arc<LanguageSet>,
    config: CacheConfig,
    directory: PathBuf,
}

/// What a folder holds, and what was done there by all processes that are done with it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DirectoryStatistics {
    /// The folder.
    pub directory: PathBuf,
    /// What it takes on disk, in bytes.
    pub size_on_disk: u64,
    /// What it may take, in bytes.
    pub max_size: u64,
    /// What its tables take, in bytes.
    pub tables_size: u64,
    /// What its tables can count on, in bytes: the rest of [`max_size`](Self::max_size) is for pages that commits copy.
    pub usable: u64,
    /// Its tables.
    pub tables: Vec<TableStatistics>,
    /// What was done, by cache and tier, since the store was made.
    pub activity: Vec<TierActivity>,
    /// How long that took, by cache, tier and operation.
    pub durations: Vec<OperationDurations>,
    /// What was asked of a cache that machines share; `None` where none was.
    pub shared: Option<SharedActivity>,
    /// What could not be parsed, by language and reason.
    pub parse_failures: Vec<ParseFailures>,
}

/// What one table of a folder holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TableStatistics {
    /// Its name: `tags`, `files`, `maps` …
    pub table: &'static str,
    /// Its entries.
    pub items: u64,
    /// What they take, in bytes.
    pub bytes: u64,
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoredEntry {
    /// The table that it is in.
    pub table: &'static str,
    /// Its key, in hexadecimal digits: a hash of all that it depends on.
    pub key: String,
    /// Its bytes, without what the store puts around them.
    pub bytes: u64,
    /// What it is, as far as it tells.
    pub about: String,
    /// Whether the checksum failed.
    pub is_damaged: bool,
}

/// What a check of a folder found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verification {
    /// Entries that were read.
    pub entries: u64,
    /// Entries whose checksum failed. They are removed.
    pub damaged: u64,
    /// What was wrong with the store as a whole, and where it was moved.
    pub recovered: Option<String>,
}

/// How a folder was cleared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Clearing {
    /// Bytes of files that are gone.
    pub freed: u64,
    /// Entries that were deleted one by one, since another process uses the store.
    pub deleted: u64,
}

impl CacheDirectory {
    /// Opens the configured folder. `None` where none is configured, or nothing is there: none is made.
    ///
    /// # Errors
    /// When it cannot be used; here nothing takes its place.
    pub fn open(config: &CacheConfig) -> Result<Option<Self>, Error> {
        let Some(directory) = config.cache_dir.clone().filter(|directory| is_there(directory)) else {
            return Ok(None);
        };
        let open = OpenCache::open_checked(config)?;
        match open.notice() {
            Some(notice) => Err(Error::new(ErrorKind::Storage, notice)),
            None => Ok(Some(Self { open, languages: Arc::default(), config: config.clone(), directory })),
        }
    }

    /// Lets [`inspect`](Self::inspect) look for the tags of a user's own queries, from the folder that mappers take them
    /// from.
    ///
    /// # Errors
    /// As [`Extractor::queries`](crate::Extractor::queries).
    pub fn queries(mut self, folder: &Path) -> Result<Self, Error> {
        self.languages = Arc::new(queries::read(folder)?);
        Ok(self)
    }

    /// What it holds and did.
    pub fn statistics(&self) -> DirectoryStatistics {
        let store = self.open.store();
        let tables = KEYSPACES.iter().map(|keyspace| {
            let usage = store.backend().usage(*keyspace).ok().flatten().unwrap_or_default();
            TableStatistics { table: keyspace.name(), items: usage.items, bytes: usage.bytes }
        });
        let tables: Vec<_> = tables.collect();
        let options = options(&self.config);
        DirectoryStatistics {
            directory: self.directory.clone(),
            size_on_disk: store.backend().size_on_disk().ok().flatten().unwrap_or_default(),
            max_size: options.max_size,
            tables_size: tables.iter().map(|table| table.bytes).sum(),
            usable: options.usable(),
            tables,
            activity: activity::recorded(store),
            durations: activity::recorded_durations(store),
            shared: activity::recorded_shared(store),
            parse_failures: activity::recorded_failures(store),
        }
    }

    /// Visits every entry, table by table in the order of the keys, until the visitor breaks. Damaged ones are removed
    /// afterwards.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn entries(&self, mut visit: impl FnMut(StoredEntry) -> ControlFlow<()>) -> Result<(), Error> {
        let snapshot = self.open.store().snapshot();
        let mut flow = ControlFlow::Continue(());
        for keyspace in KEYSPACES {
            let scanned = snapshot.entries(*keyspace, |key, _, lookup| {
                flow = visit(entry(*keyspace, key, &lookup));
                flow
            });
            scanned.map_err(Error::of_storage)?;
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// How many files were last read within each of these [`AGES`], then longer ago: a file of several trees once for each.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn ages(&self) -> Result<Vec<u64>, Error> {
        let now = now_ns();
        let mut counts = vec![0; AGES.len() + 1];
        let count = |_: &Key, _: Fingerprint, lookup: Lookup<'_>| {
            let recorded = if let Lookup::Hit(payload) = &lookup {
                payload.archived(|record: &ArchivedFileRecord| record.recorded_ns.to_native())
            } else {
                None
            };
            if let Some(recorded) = recorded {
                let age = now.saturating_sub(recorded) / 1_000_000_000;
                counts[AGES.iter().take_while(|(_, seconds)| age > *seconds).count()] += 1;
            }
            ControlFlow::Continue(())
        };
        self.open.store().snapshot().entries(FILES, count).map_err(Error::of_storage)?;
        Ok(counts)
    }

    /// Reads everything. The structure of the store was checked when it was opened, if no other process had it open.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn verify(&self) -> Result<Verification, Error> {
        let recovered = self.open.recovery();
        let mut found = Verification {
            recovered: recovered
                .map(|recovery| format!("{}; moved to {}", recovery.reason, recovery.moved_to.display())),
            ..Verification::default()
        };
        self.entries(|entry| {
            found.entries += 1;
            found.damaged += u64::from(entry.is_damaged);
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Gives unused pages back; gives the size on disk before and after, in bytes. It stays as it is while another process
    /// uses the store: then the next one that has it alone does the work.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn compact(self) -> Result<(u64, u64), Error> {
        let size =
            |this: &Self| this.open.store().backend().size_on_disk().ok().flatten().unwrap_or_default();
        let before = size(&self);
        self.open.store().backend().compact().map_err(Error::of_storage)?;
        let config = self.config.clone();
        // The store is compacted when it is next opened.
        drop(self);
        let again = Self::open(&config)?;
        Ok((before, again.as_ref().map_or(0, size)))
    }

    /// Removes the cache of the configured folder, and nothing else that is there. While another process uses it the entries are
    /// deleted and the file stays.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn clear(config: &CacheConfig) -> Result<Clearing, Error> {
        let Some(directory) = &config.cache_dir else { return Ok(Clearing::default()) };
        let cleared =
            repo_map_cache_lmdb::clear_with(directory, &options(config)).map_err(Error::of_storage)?;
        let mut clearing = Clearing { freed: cleared.bytes, deleted: 0 };
        if cleared.is_in_use
            && let Some(this) = Self::open(config)?
        {
            clearing.deleted = this.delete_all()?;
        }
        Ok(clearing)
    }

    pub(super) fn cache(&self) -> Arc<OpenCache> {
        self.open.clone()
    }

    fn delete_all(&self) -> Result<u64, Error> {
        let store = self.open.store();
        let mut deleted = 0;
        for keyspace in KEYSPACES {
            let mut keys = Vec::new();
            let scanned = store.snapshot().entries(*keyspace, |key, _, _| {
                keys.push(*key);
                ControlFlow::Continue(())
            });
            scanned.map_err(Error::of_storage)?;
            deleted += keys.len() as u64;
            keys.into_iter().for_each(|key| store.delete(*keyspace, key));
        }
        store.flush().map_err(Error::of_storage)?;
        Ok(deleted)
    }
}

impl std::fmt::Debug for CacheDirectory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CacheDirectory").field("directory", &self.directory).finish_non_exhaustive()
    }
}

fn is_there(directory: &Path) -> bool {
    directory.join(format!("v{FORMAT_VERSION}")).is_dir()
}

fn entry(keyspace: Keyspace, key: &Key, lookup: &Lookup<'_>) -> StoredEntry {
    let payload = if let Lookup::Hit(payload) = lookup { Some(payload) } else { None };
    StoredEntry {
        table: keyspace.name(),
        key: key.to_string(),
        bytes: payload.map_or(0, |payload| payload.len() as u64),
        about: payload.and_then(|payload| about(keyspace, payload)).unwrap_or_default(),
        is_damaged: payload.is_none(),
    }
}

/// What an entry is. `None` where it does not tell, or a later version wrote it.
fn about(keyspace: Keyspace, payload: &Payload<'_>) -> Option<String> {
    if keyspace == TAGS {
        payload.archived(|record: &ArchivedTagRecord| {
            let (definitions, names) = (record.definitions().count(), record.reference_counts().count());
            format!("{definitions} definitions, {names} names used")
        })
    } else if keyspace == FILES {
        payload.archived(|record: &ArchivedFileRecord| {
            let language = if record.language().is_empty() { "no language" } else { record.language() };
            let content: String =
                record.content().as_bytes()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{language}, content {content}…")
        })
    } else {
        None
    }
}
