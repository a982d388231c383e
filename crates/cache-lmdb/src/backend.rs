use std::fmt;
use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::{
    Capabilities, Error, ErrorKind, Key, Keyspace, KeyspaceUsage, ReadTxn, Result, Shortage, StorageBackend,
    WriteTxn,
};

use crate::environment::{Environment, Table};
use crate::error::{NAME, of_heed, of_io};
use crate::file_length::file_length;
use crate::registry::Shared;
use crate::transaction::{LmdbRead, LmdbWrite};
use crate::usage::{Usage, Used};
use crate::{LmdbOptions, Recovery};

/// The longest value, in bytes.
pub(crate) const MAX_VALUE_LEN: usize = 1 << 30;

/// A handle on the LMDB environment of a directory.
///
/// Keyspaces are named in [`LmdbOptions`]; a handle knows no others. Snapshots are not bound to threads, so a thread
/// may hold several. Each takes one of [`LmdbOptions::max_readers`] slots. Finished snapshots are pooled for some milliseconds and reused
/// while they are current; a background thread, started by the first read, drops the rest, so they never pin pages for long.
///
/// A process that is killed leaves the store as of its last commit. After a `fork` the handles of the child
/// return [`Unavailable`](ErrorKind::Unavailable).
pub struct LmdbBackend {
    shared: Arc<Shared>,
    tables: Vec<(Keyspace, Table)>,
    usage: Usage,
}

impl LmdbBackend {
    /// Opens the store of a directory, or makes one.
    ///
    /// Any number of handles in one process, also through symbolic links, share one environment;
    /// other processes may have it open too. Waits while another process is opening it. A fork opens an environment of its own.
    ///
    /// The directory is made where it is missing. One that is there must be empty, or have the mark that this crate leaves in those
    /// that it makes (`CACHEDIR.TAG`); it and the folders on the way must belong to this user or root, and
    /// be writable for no other.
    ///
    /// # Errors
    /// An unfit directory gives [`DirectoryProblem`](crate::DirectoryProblem) as the source of the error;
    /// [`Incompatible`](ErrorKind::Incompatible) is a store of another kind of machine.
    pub fn open(directory: impl AsRef<Path>, options: &LmdbOptions) -> Result<Self> {
        let shared = Shared::open(directory.as_ref(), options)?;
        let environment = shared.environment();
        let (mut tables, mut used) = (Vec::new(), Vec::new());
        for &keyspace in &options.keyspaces {
            let entries = environment.table(keyspace.name())?;
            // No keyspace has a dot in its name.
            let uses = environment.table(&format!("{keyspace}.used"))?;
            tables.push((keyspace, entries));
            used.push((keyspace, Used { entries, uses }));
        }
        let usage = Usage::new(options.max_size, environment.table(".clock")?, used, &options.last_to_go);
        // Where another process writes without end there is still what can be read.
        if let Err(error) = usage.evict(environment) {
            tracing::debug!(target: "repo_map_cache", "nothing could be evicted: {error}");
        }
        Ok(Self { shared, tables, usage })
    }

    /// Where the files of the environment are.
    pub fn path(&self) -> &Path {
        self.shared.environment().generation().path()
    }

    /// What had to be given up when this process opened the store; [`None`] when it was whole.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.shared.environment().recovery()
    }

    /// A table, and its place among those of this handle.
    pub(crate) fn table(&self, keyspace: Keyspace, operation: &'static str) -> Result<(usize, Table)> {
        let mut tables = self.tables.iter().enumerate();
        let table = tables.find(|(_, (known, _))| *known == keyspace);
        table.map(|(at, (_, table))| (at, *table)).ok_or_else(|| {
            Error::new(ErrorKind::Misconfigured, NAME, operation)
                .with_source(format!("the keyspace {keyspace} was not named at open"))
        })
    }

    pub(crate) fn is_forked(&self) -> bool {
        self.environment().is_forked()
    }

    pub(crate) fn usage(&self) -> &Usage {
        &self.usage
    }

    pub(crate) fn environment(&self) -> &Environment {
        self.shared.environment()
    }
}

impl Drop for LmdbBackend {
    fn drop(&mut self) {
        if !self.is_forked()
            && let Err(error) = self.usage.finish(self.environment())
        {
            tracing::debug!(target: "repo_map_cache", "what was used last is not known: {error}");
        }
    }
}

impl StorageBackend for LmdbBackend {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        // A size that cannot be told counts as the largest.
        let file = self.environment().env().ok().and_then(|env| file_length(env).ok()).unwrap_or(u64::MAX);
        let (bytes, entries) = self.usage.batch(file);
        Capabilities::new()
            .with_durable(true)
            .with_multi_process(true)
            .with_zero_copy(true)
            .with_max_value_len(MAX_VALUE_LEN)
            .with_max_batch_bytes(usize::try_from(bytes).unwrap_or(usize::MAX))
            .with_max_batch_entries(usize::try_from(entries).unwrap_or(usize::MAX))
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        Ok(Box::new(LmdbRead::new(self, self.environment().begin_read()?)))
    }

    fn read_once(&self, work: &mut dyn FnMut(&dyn ReadTxn)) -> Result<()> {
        work(&LmdbRead::new(self, self.environment().begin_read()?));
        Ok(())
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        let environment = self.environment();
        let env = environment.env()?;
        if !self.usage.has_room(environment, env).map_err(of_heed("begin write"))? {
            return Err(Error::new(ErrorKind::StorageFull, NAME, "begin write")
                .with_source("the file is at its limit, and snapshots hold the pages that were freed"));
        }
        let txn = environment.begin_write(env).map_err(of_heed("begin write"))?;
        let now = self.usage.now(&txn).map_err(of_heed("begin write"))?;
        Ok(Box::new(LmdbWrite::new(self, txn, now)))
    }

    fn sync(&self) -> Result<()> {
        self.shared.environment().env()?.force_sync().map_err(of_heed("sync"))
    }

    fn begin_run(&self, tree: &Key) {
        if let Err(error) = self.usage.begin_run(self.environment(), tree) {
            tracing::debug!(target: "repo_map_cache", "how large the store is cannot be told: {error}");
        }
    }

    fn mark(&self, keyspace: Keyspace, key: &Key, is_used: bool) {
        if let Ok((table, _)) = self.table(keyspace, "mark") {
            self.usage.mark(table, key, is_used);
        }
    }

    fn admits(&self, keyspace: Keyspace, bytes: usize) -> bool {
        // What cannot be told now will be when it is written.
        self.table(keyspace, "put")
            .is_ok_and(|(table, _)| self.usage.admits(self.environment(), table, bytes).unwrap_or(true))
    }

    fn shortage(&self) -> Option<Shortage> {
        self.usage.shortage()
    }

    fn usage(&self, keyspace: Keyspace) -> Result<Option<KeyspaceUsage>> {
        let Ok((table, _)) = self.table(keyspace, "usage") else { return Ok(None) };
        let read = self.environment().env()?.read_txn().map_err(of_heed("usage"))?;
        self.usage.of(&read, table).map(Some).map_err(of_heed("usage"))
    }

    /// Takes effect when the store is next opened by a process that has it alone: a compacted copy becomes the next
    /// generation then. That happens unasked where more than half of the file, and 64 MiB, are free.
    fn compact(&self) -> Result<()> {
        self.environment().generation().ask_to_compact()
    }

    fn size_on_disk(&self) -> Result<Option<u64>> {
        let length = self.environment().generation().size().map_err(of_io("size"))?;
        let used = self.environment().env().ok().and_then(|env| file_length(env).ok());
        Ok(Some(used.map_or(length, |used| used.min(length))))
    }
}

impl fmt::Debug for LmdbBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LmdbBackend").field("path", &self.path()).finish_non_exhaustive()
    }
}
