//! One LMDB environment of this process: where this crate makes its promises about mapped files to the compiler.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use heed::types::Bytes;
use heed::{CommitOrAbort, CompactionOption, Database, Env, EnvFlags, EnvOpenOptions, WithoutTls};
use repo_map_cache_core::{Error, ErrorKind, Result};

#[cfg(target_os = "linux")]
use crate::directory::lock_file;
use crate::error::{NAME, of_heed, of_io};
use crate::file_length::lengthen;
use crate::fork::Birth;
use crate::generation::Generation;
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
        reserve_lock_file(&generation.directory, options.max_readers)?;
        let mut map_size = options.map_size.next_multiple_of(1 << 16);
        // Two for each keyspace, and the clock.
        let tables = 2 * options.max_keyspaces.max(options.keyspaces.len()) + 1;
        let env = loop {
            match open(&generation.directory, map_size, options.max_readers, tables) {
                // The address space is limited here; what is stored fits in less.
                Err(heed::Error::Io(error))
                    if error.kind() == std::io::ErrorKind::OutOfMemory && map_size / 2 >= MIN_MAP_SIZE =>
                {
                    map_size = (map_size / 2).next_multiple_of(1 << 16);
                }
                Err(heed::Error::Io(error)) if lengthen(&generation.directory, map_size, &error) => {}
                outcome => break outcome.map_err(of_heed("open"))?,
            }
        };
        env.clear_stale_readers().map_err(of_heed("clear stale readers"))?;
        let page = env.unnamed_database_stat().page_size;
        let write_lock = WriteLock::open(&generation.directory).map_err(of_io("open lock file"))?;
        let parked = Some(Parked::new(options.max_size, page.into()));
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

    pub(crate) fn path(&self) -> &Path {
        &self.generation.directory
    }

    pub(crate) const fn recovery(&self) -> Option<&Recovery> {
        self.generation.recovery.as_ref()
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
        let read = env.read_txn().map_err(of_heed("begin read"))?;
        let existing = env
            .open_databases_and_commit(read, |opener, read| {
                let mut options =
                    opener.database_options().types::<Bytes, Bytes>().key_comparator::<KeyOrder>();
                options.name(name).open(read).map(CommitOrAbort::<_, ()>::Commit)
            })
            .map_err(of_heed("open keyspace"))?;
        if let CommitOrAbort::Commit(Some(table)) = existing {
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

/// Copies the data file of a generation that nobody has open, without its free pages.
pub(crate) fn copy_compacted(directory: &Path, to: &Path) -> Result<()> {
    let length = fs::metadata(directory.join("data.mdb")).map_err(of_io("compact"))?.len();
    let map_size = (length as usize).next_multiple_of(1 << 16).max(MIN_MAP_SIZE);
    let env = open(directory, map_size, 8, 0).map_err(of_heed("compact"))?;
    let copy = env.copy_to_path(to, CompactionOption::Enabled).map_err(of_heed("compact"));
    env.prepare_for_closing().wait();
    copy?.sync_all().map_err(of_io("compact"))
}

/// Gives LMDB's lock file its blocks before it is mapped: on a full device the first touch of a hole would end the process
/// by a signal.
#[cfg(target_os = "linux")]
fn reserve_lock_file(directory: &Path, max_readers: u32) -> Result<()> {
    /// What LMDB takes for a reader: a cache line.
    const READER: u64 = 64;
    let file = lock_file(&directory.join("lock.mdb")).map_err(of_io("open lock file"))?;
    let length = u64::from(max_readers) * READER;
    match rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, length) {
        Err(error) if error == rustix::io::Errno::NOSPC || error == rustix::io::Errno::DQUOT => {
            Err(of_io("reserve lock file")(error.into()))
        }
        // Not every file system can; LMDB then does what it did.
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn reserve_lock_file(_directory: &Path, _max_readers: u32) -> Result<()> {
    Ok(())
}

fn open(directory: &Path, map_size: usize, max_readers: u32, tables: usize) -> heed::Result<Env<WithoutTls>> {
    let open = |path: &Path, flags| open_at(path, flags, map_size, max_readers, tables);
    match open(directory, EnvFlags::NO_SYNC) {
        // The registry opens each once: this process is a fork of one that has it open. heed tells environments apart by their
        // paths, so the child comes to the same files by other names, which are gone when they are open.
        Err(heed::Error::EnvAlreadyOpened) => {
            let data = directory.join(format!("fork-{}.mdb", std::process::id()));
            let lock = data.with_extension("mdb-lock");
            let linked = [("data.mdb", &data), ("lock.mdb", &lock)].map(|(name, link)| {
                let _ = fs::remove_file(link);
                fs::hard_link(directory.join(name), link)
            });
            let opened = linked
                .into_iter()
                .collect::<std::io::Result<()>>()
                .map_err(heed::Error::Io)
                .and_then(|()| open(&data, EnvFlags::NO_SYNC | EnvFlags::NO_SUB_DIR));
            let _ = (fs::remove_file(&data), fs::remove_file(&lock));
            opened
        }
        outcome => outcome,
    }
}

fn open_at(
    path: &Path,
    flags: EnvFlags,
    map_size: usize,
    max_readers: u32,
    tables: usize,
) -> heed::Result<Env<WithoutTls>> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options.map_size(map_size).max_readers(max_readers).max_dbs(u32::try_from(tables).unwrap_or(u32::MAX));
    // SAFETY: without syncing, a failure of the machine can leave pages unwritten that others point to. Nobody maps
    // such a file: `generation` has it walked by `checker` before the first process opens it.
    unsafe { options.flags(flags) };
    // SAFETY: a map is sound while nobody changes the file but LMDB. The directory is private to this user and on a local
    // file system (`directory`), its files are moved or replaced only by who holds the generation's lock
    // alone (`generation`), and this crate never resizes the map. What is left, another program of the same
    // user that writes into the file, is beyond any program that maps files.
    unsafe { options.open(path) }
}

impl Drop for Environment {
    fn drop(&mut self) {
        // Closing it in a fork would take the parent's reader slots away, and the thread that watches them is not there.
        if self.is_forked() {
            std::mem::forget((self.parked.take(), self.env.take()));
        }
    }
}
