//! One LMDB environment of this process: where this crate makes its promises about mapped files to the compiler.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use heed::types::Bytes;
use heed::{CommitOrAbort, CompactionOption, Database, Env, EnvFlags, EnvOpenOptions, WithoutTls};
use repo_map_cache_core::{Error, ErrorKind, Result};

use crate::error::{NAME, of_heed, of_io};
use crate::file_length::lengthen;
use crate::folder::Folder;
use crate::fork::Birth;
use crate::generation::{DATA, Generation, ready_files};
use crate::key_order::KeyOrder;
use crate::parked::{Parked, Snapshot};
use crate::write_lock::{WriteLock, Writing};
use crate::{LmdbOptions, Recovery};

pub(crate) type Table = Database<'static, Bytes, Bytes, KeyOrder>;

/// The least address space that is worth opening with.
const MIN_MAP_SIZE: usize = 1 << 26;

/// An open environment, with the lock that keeps its files in place.
#[derive(Debug)]
pub(crate) struct Environment {
    /// Before the environment: it is closed when its snapshots are ended.
    parked: Option<Parked>,
    env: Option<Env<WithoutTls>>,
    write_lock: WriteLock,
    generation: Generation,
    birth: Birth,
    /// Those that were opened. Each is opened once: LMDB would set its order anew under readers.
    tables: Mutex<BTreeMap<String, Table>>,
}

impl Environment {
    pub(crate) fn open(generation: Generation, options: &LmdbOptions) -> Result<Self> {
        #[cfg(unix)]
        let other = match crate::fork::forks() {
            0 => None,
            forks => Some(generation.under_other_name(forks).map_err(of_io("name store anew"))?),
        };
        #[cfg(unix)]
        let path = other.as_ref().map_or(generation.path(), |other| &other.path);
        #[cfg(not(unix))]
        let path = generation.path();
        let mut map_size = options.map_size.next_multiple_of(1 << 16);
        // Two for each keyspace, and the clock.
        let tables = 2 * options.max_keyspaces.max(options.keyspaces.len()) + 1;
        let env = loop {
            match open(path, map_size, options.max_readers, tables) {
                // The address space is limited here; what is stored fits in less.
                Err(heed::Error::Io(error))
                    if error.kind() == std::io::ErrorKind::OutOfMemory && map_size / 2 >= MIN_MAP_SIZE =>
                {
                    map_size = (map_size / 2).next_multiple_of(1 << 16);
                }
                Err(heed::Error::Io(error)) if lengthen(path, map_size, &error) => {}
                outcome => break outcome.map_err(of_heed("open"))?,
            }
        };
        env.clear_stale_readers().map_err(of_heed("clear stale readers"))?;
        let page = env.unnamed_database_stat().page_size;
        let write_lock = WriteLock::new(generation.writer().map_err(of_io("open lock file"))?);
        let parked = Some(Parked::new(options, page.into()));
        let (birth, tables) = (Birth::now(), Mutex::default());
        Ok(Self { env: Some(env), write_lock, parked, generation, birth, tables })
    }

    /// The environment, unless this process is a fork of the one that opened it: parent and child would share one
    /// reader slot.
    pub(crate) fn env(&self) -> Result<&Env<WithoutTls>> {
        if self.is_forked() {
            return Err(Error::new(ErrorKind::Unavailable, NAME, "use").with_source("the process was forked"));
        }
        Ok(self.env.as_ref().expect("only the drop takes it"))
    }

    /// A snapshot of the newest commit.
    pub(crate) fn begin_read(&self) -> Result<Snapshot> {
        self.parked().begin(self.env()?).map_err(of_heed("begin read"))
    }

    /// Ends a snapshot. Not for a fork: parent and child would end it both.
    pub(crate) fn end_read(&self, snapshot: Snapshot) {
        if let Some(env) = &self.env {
            self.parked().take_back(env, snapshot);
        }
    }

    /// Waits until no other writes, for seconds at most.
    pub(crate) fn begin_write<'e>(&'e self, env: &'e Env<WithoutTls>) -> heed::Result<Writing<'e>> {
        let txn = self.write_lock.begin(env)?;
        self.parked().clear();
        Ok(txn)
    }

    fn parked(&self) -> &Parked {
        self.parked.as_ref().expect("only the drop takes it")
    }

    pub(crate) fn is_forked(&self) -> bool {
        self.birth.is_forked()
    }

    pub(crate) const fn generation(&self) -> &Generation {
        &self.generation
    }

    pub(crate) const fn recovery(&self) -> Option<&Recovery> {
        self.generation.recovery()
    }

    /// Closes it, and leaves a sign that it was closed.
    pub(crate) fn close(mut self) {
        self.parked = None;
        let Some(env) = self.env.take() else { return };
        // Whoever still had a part of it would keep it open.
        if env.prepare_for_closing().wait_timeout(Duration::ZERO) {
            self.generation.sign();
        }
    }

    /// A table, made where it is missing.
    pub(crate) fn table(&self, name: &str) -> Result<Table> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.get(name) {
            return Ok(*table);
        }
        let table = self.open_table(name)?;
        self.parked().forget_tables();
        tables.insert(name.to_owned(), table);
        Ok(table)
    }

    fn open_table(&self, name: &str) -> Result<Table> {
        let env = self.env()?;
        if let Some(table) = existing_table(env, name)? {
            return Ok(table);
        }
        let write = self.begin_write(env).map_err(of_heed("begin write"))?;
        let (txn, _held) = write.into_parts();
        let made = env
            .create_databases_and_commit(txn, |opener, write| {
                let mut options =
                    opener.database_options().types::<Bytes, Bytes>().key_comparator::<KeyOrder>();
                options.name(name).create(write).map(CommitOrAbort::<_, ()>::Commit)
            })
            .map_err(of_heed("create keyspace"))?;
        made.commit().ok_or_else(|| Error::new(ErrorKind::Other, NAME, "create keyspace"))
    }
}

/// A table that the store has.
pub(crate) fn existing_table(env: &Env<WithoutTls>, name: &str) -> Result<Option<Table>> {
    let read = env.read_txn().map_err(of_heed("begin read"))?;
    let existing = env
        .open_databases_and_commit(read, |opener, read| {
            let mut options = opener.database_options().types::<Bytes, Bytes>().key_comparator::<KeyOrder>();
            options.name(name).open(read).map(CommitOrAbort::<_, ()>::Commit)
        })
        .map_err(of_heed("open keyspace"))?;
    match existing {
        CommitOrAbort::Commit(table) => Ok(table),
        CommitOrAbort::Abort(()) => Ok(None),
    }
}

/// Opens a store that lies on a read-only file system, without locks.
#[cfg(unix)]
pub(crate) fn open_read_only(directory: &Path, length: u64, tables: usize) -> Result<Env<WithoutTls>> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    let map_size = usize::try_from(length).unwrap_or(usize::MAX - (1 << 16)).next_multiple_of(1 << 16);
    options.map_size(map_size.max(MIN_MAP_SIZE)).max_dbs(u32::try_from(tables).unwrap_or(u32::MAX));
    // SAFETY: without locks LMDB does not know of a writer that reuses pages under a reader. There is none: `read_only` has found
    // the file system to be mounted read-only, so nothing on this machine writes the file by this mount.
    unsafe { options.flags(EnvFlags::READ_ONLY | EnvFlags::NO_LOCK) };
    // SAFETY: as of `open` below; the structure of the file was walked by `checker`. A file system that another machine or mount changes
    // under its readers is beyond any program that maps files.
    unsafe { options.open(directory) }.map_err(of_heed("open"))
}

/// Copies the data file of a generation that nobody has open into an empty file, without its free pages.
pub(crate) fn copy_compacted(from: &Folder, to: &mut File) -> Result<()> {
    const READERS: u32 = 8;
    ready_files(from, READERS)?;
    let length = from.file(DATA).and_then(|data| data.metadata()).map_err(of_io("compact"))?.len();
    let map_size = (length as usize).next_multiple_of(1 << 16).max(MIN_MAP_SIZE);
    let env = open(from.path(), map_size, READERS, 0).map_err(of_heed("compact"))?;
    let copy = env.copy_to_file(to, CompactionOption::Enabled).map_err(of_heed("compact"));
    env.prepare_for_closing().wait();
    copy?;
    to.sync_all().map_err(of_io("compact"))
}

fn open(directory: &Path, map_size: usize, max_readers: u32, tables: usize) -> heed::Result<Env<WithoutTls>> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options.map_size(map_size).max_readers(max_readers).max_dbs(u32::try_from(tables).unwrap_or(u32::MAX));
    // SAFETY: without syncing, a failure of the machine can leave pages unwritten that others point to. Nobody maps
    // such a file: `generation` has it walked by `checker` before the first process opens it, unless the last one has closed it
    // since the machine was started and nothing has changed since (`sign`).
    unsafe { options.flags(EnvFlags::NO_SYNC) };
    // SAFETY: a map is sound while nobody changes the file but LMDB. LMDB opens `data.mdb` and `lock.mdb` by path:
    // `ready_files` has found both to be regular files of this user, and nobody else can exchange them or a folder on the
    // way, since each belongs to this user or root and is writable for no other (`way`, `directory`). The file
    // system is of this machine (`file_system`); the files are moved or replaced only by who holds the generation's lock alone
    // (`decision`); this crate never resizes the map. What is left, another program of the same user that writes into
    // the file, is beyond any program that maps files. A host that trusts the owners of a folder
    // ([`LmdbOptions::trusts_owners`]) answers for those.
    unsafe { options.open(directory) }
}

impl Drop for Environment {
    fn drop(&mut self) {
        // Closing it in a fork would take the parent's reader slots away, and the thread that watches them is not there.
        if self.is_forked() {
            std::mem::forget((self.parked.take(), self.env.take()));
        }
    }
}
