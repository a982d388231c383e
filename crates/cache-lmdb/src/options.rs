use repo_map_cache_core::{Keyspace, StartThread};

/// How an environment is opened. All handles of one directory in one process share what the first one chose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LmdbOptions {
    /// The keyspaces that can be used through this handle; those that the store has not are created.
    pub keyspaces: Vec<Keyspace>,
    /// The bytes that the data file may take; 1 GiB, 8 MiB at least. Entries have seven tenths of a small limit, and all but 96 MiB of a
    /// large one; the rest is for the pages that commits copy. When that is full, what other trees used longest ago is deleted;
    /// without [`begin_run`](repo_map_cache_core::StorageBackend::begin_run) what was used longest ago. It counts the keyspaces of this handle, so all handles of a directory should name the same.
    pub max_size: u64,
    /// Keyspaces whose entries go after all others of their tree, and may take the place of those: small ones that save much. None.
    pub last_to_go: Vec<Keyspace>,
    /// The address space reserved for the data file, in bytes: the hard limit of its size. It takes neither memory nor
    /// disk by itself and is never changed while open, since a reader could be looking at it. 64 GiB; 1 GiB
    /// on 32-bit machines and on Windows: under wine the file is made that long, with a hole.
    pub map_size: usize,
    /// Snapshots that may exist at one time, of all processes together; 1,024. The first process to open decides.
    pub max_readers: u32,
    /// Keyspaces that handles of this process may name in one directory, all together: 16, and never fewer than
    /// [`keyspaces`](Self::keyspaces). Each slot adds to the cost of beginning a read; 32 double it.
    pub max_keyspaces: usize,
    /// Whether the owners and the modes of the directory, of what is in it and of the folders on the way to it are taken as they are: other
    /// users who may write there can then change the store while it is mapped, and end the process by that. Off: such a
    /// directory is refused. Links below it are never followed, and what has no mark of this crate is never touched.
    pub trusts_owners: bool,
    /// Whether the structure of the store is read as a whole even where the last process has closed it well. Off: after a clean
    /// close an open costs the same whatever the size.
    pub always_checks: bool,
    /// How the thread that ends unused snapshots is started.
    pub start_thread: StartThread,
}

impl LmdbOptions {
    /// The defaults, for these keyspaces.
    pub fn new(keyspaces: &[Keyspace]) -> Self {
        let small = cfg!(windows) || cfg!(target_pointer_width = "32");
        Self {
            keyspaces: keyspaces.to_vec(),
            max_size: 1 << 30,
            last_to_go: Vec::new(),
            map_size: if small { 1 << 30 } else { (64u64 << 30) as usize },
            max_readers: 1024,
            max_keyspaces: 16,
            trusts_owners: false,
            always_checks: false,
            start_thread: StartThread::default(),
        }
    }

    /// The bytes that entries can count on, with the pages that they are in: [`max_size`](Self::max_size) without what commits need.
    pub fn usable(&self) -> u64 {
        usable(self.max_size.max(LEAST_LIMIT))
    }
}

/// The least limit: below it the pages that a commit copies would be most of the file.
pub(crate) const LEAST_LIMIT: u64 = 8 << 20;

/// What is left of the limit for pages that commits copy: those that were copied come free two commits later. Three
/// tenths of a small limit, and no more than this of a large one.
pub(crate) const MOST_RESERVED: u64 = 96 << 20;

pub(crate) fn usable(limit: u64) -> u64 {
    limit - (limit / 10 * 3).min(MOST_RESERVED)
}
