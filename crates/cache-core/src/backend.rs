use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::{Capabilities, Key, Keyspace, Result};

/// A transactional key-value engine: named keyspaces of 32-byte keys and byte values.
///
/// Nine methods make a backend: four here, two of [`ReadTxn`] and three of [`WriteTxn`].
/// All three traits are object-safe.
///
/// # Contract
///
/// - **Snapshots.** A [`ReadTxn`] sees exactly what was committed when [`read`](Self::read) returned, to
///   its end. It borrows the backend, so the backend outlives it; bytes that it hands out borrow it,
///   so they outlive neither. A snapshot that is kept for long may keep storage from being reused.
/// - **Readers never block the writer and the writer never blocks readers.** Any number of snapshots
///   may exist in any number of threads, several in one thread too.
/// - **One writer.** [`write`](Self::write) waits for the write transaction before it, in any thread and
///   process. A thread that holds one and asks for another waits forever: do not.
/// - **Atomicity.** Either everything of a write transaction becomes visible, in [`WriteTxn::commit`], or
///   nothing. Dropping it without a commit rolls back. An error in it poisons it: drop it and
///   start again with the whole batch.
/// - **Threads.** The backend is shared by reference between threads. A transaction stays in the thread
///   that began it.
/// - **Keyspaces** may have to be named when a backend is opened: the rustdoc of the backend says so.
///   One that it does not know is [`Misconfigured`](crate::ErrorKind::Misconfigured). A known one
///   that was never written is empty.
/// - **Values** are bytes of any content and of any length from 0 to [`Capabilities::max_value_len`].
///   Nothing is promised of the address of a returned value.
/// - **Errors** are of this engine's own making, carry its [`name`](Self::name), and leave it usable: no panic
///   on what is stored, full, gone or locked. Damage that the engine notices is [`Corrupt`](crate::ErrorKind::Corrupt).
pub trait StorageBackend: Send + Sync + fmt::Debug {
    /// A short lower-case name for errors, logs and metrics.
    fn name(&self) -> &'static str;

    /// What this backend promises.
    fn capabilities(&self) -> Capabilities;

    /// Begins a snapshot.
    ///
    /// # Errors
    /// When the engine cannot be read now.
    fn read(&self) -> Result<Box<dyn ReadTxn + '_>>;

    /// Calls `work` once with a snapshot that ends with the call. Override it to lend a snapshot without boxing it.
    ///
    /// # Errors
    /// As of [`read`](Self::read); `work` is not called then.
    fn read_once(&self, work: &mut dyn FnMut(&dyn ReadTxn)) -> Result<()> {
        work(&*self.read()?);
        Ok(())
    }

    /// Begins the one write transaction; waits for the one before it.
    ///
    /// # Errors
    /// When the engine cannot be written now.
    fn write(&self) -> Result<Box<dyn WriteTxn + '_>>;

    /// Brings what was committed to the device, so that it survives a failure of the machine.
    ///
    /// # Errors
    /// When the device refuses.
    fn sync(&self) -> Result<()> {
        Ok(())
    }

    /// The bytes that the store takes of its medium; `None` where that means nothing.
    ///
    /// # Errors
    /// When the size cannot be told.
    fn size_on_disk(&self) -> Result<Option<u64>> {
        Ok(None)
    }

    /// Says for which tree the entries are that this process reads and puts from now on. An engine with a bound evicts what
    /// other trees used before what this one uses, and nothing that was read or put since: it refuses what has no place then.
    /// Without trees what was used longest ago goes first. The same tree named again goes on as it was.
    fn begin_run(&self, _tree: &Key) {}

    /// Says whether the tree of this run has a use for an entry, beside those that it reads and puts. One that it has no more use for
    /// may go.
    fn mark(&self, _keyspace: Keyspace, _key: &Key, _is_used: bool) {}

    /// Whether a new value of so many bytes would be kept. Asked before each put, so it has to be cheap; a doubtful one
    /// is answered by [`WriteTxn::offer`].
    fn admits(&self, _keyspace: Keyspace, _bytes: usize) -> bool {
        true
    }

    /// What the tree of this run needs, if that is more than it may have.
    fn shortage(&self) -> Option<Shortage> {
        None
    }

    /// What a keyspace takes, as far as the engine can tell without reading the entries; `None` where it cannot.
    ///
    /// # Errors
    /// When the engine cannot be read now.
    fn usage(&self, _keyspace: Keyspace) -> Result<Option<KeyspaceUsage>> {
        Ok(None)
    }

    /// Gives unused storage back, where the engine keeps any.
    ///
    /// # Errors
    /// When that failed; the store is then as it was.
    fn compact(&self) -> Result<()> {
        Ok(())
    }
}

/// What a keyspace of a backend takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyspaceUsage {
    /// Entries.
    pub items: u64,
    /// What they take, in bytes of the engine's own count: whole pages, or the values alone.
    pub bytes: u64,
    /// Entries that this process had to delete for lack of room.
    pub evictions: u64,
}

impl KeyspaceUsage {
    /// So many entries of so many bytes, and so many evicted by this process.
    pub const fn new(items: u64, bytes: u64, evictions: u64) -> Self {
        Self { items, bytes, evictions }
    }
}

/// That a store is too small for a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shortage {
    /// The bound that would do for all that this run has used and put, in bytes, as the engine's own bound is given.
    pub needed: u64,
    /// The bound that there is.
    pub bound: u64,
}

impl Shortage {
    /// So much is needed, and so much may be taken.
    pub const fn new(needed: u64, bound: u64) -> Self {
        Self { needed, bound }
    }
}

/// A snapshot of a backend. See the contract of [`StorageBackend`].
pub trait ReadTxn {
    /// The value of a key. Its bytes live as long as the borrow of the transaction.
    ///
    /// # Errors
    /// When the engine cannot read. A missing key is `None`, an empty value is not.
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>>;

    /// Visits the entries whose key begins with `prefix` (0 to 32 bytes), in the order of the keys' bytes,
    /// until the visitor breaks.
    ///
    /// The visitor does not use the backend that it is called from.
    ///
    /// # Errors
    /// When the engine cannot read; entries may have been visited by then.
    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()>;
}

/// The write transaction of a backend. See the contract of [`StorageBackend`].
pub trait WriteTxn {
    /// Sets the value of a key, new or not. Keys in ascending order are cheapest for engines that keep trees.
    ///
    /// # Errors
    /// When there is no room, the value is too large, or the engine cannot write.
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()>;

    /// Sets the value of a key if there is room for it: false where it was left out, and nothing has changed. The value of a
    /// key that is there is always replaced. An engine without a bound puts.
    ///
    /// # Errors
    /// As of [`put`](Self::put).
    fn offer(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<bool> {
        self.put(keyspace, key, value).map(|()| true)
    }

    /// Removes a key; tells whether it was there.
    ///
    /// # Errors
    /// When the engine cannot write.
    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool>;

    /// Makes everything visible to snapshots that begin from now on.
    ///
    /// # Errors
    /// Nothing has become visible then.
    fn commit(self: Box<Self>) -> Result<()>;
}

macro_rules! forward {
    ($pointer:ident) => {
        impl<B: StorageBackend + ?Sized> StorageBackend for $pointer<B> {
            fn name(&self) -> &'static str {
                (**self).name()
            }

            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
                (**self).read()
            }

            fn read_once(&self, work: &mut dyn FnMut(&dyn ReadTxn)) -> Result<()> {
                (**self).read_once(work)
            }

            fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
                (**self).write()
            }

            fn sync(&self) -> Result<()> {
                (**self).sync()
            }

            fn size_on_disk(&self) -> Result<Option<u64>> {
                (**self).size_on_disk()
            }

            fn begin_run(&self, tree: &Key) {
                (**self).begin_run(tree);
            }

            fn mark(&self, keyspace: Keyspace, key: &Key, is_used: bool) {
                (**self).mark(keyspace, key, is_used);
            }

            fn admits(&self, keyspace: Keyspace, bytes: usize) -> bool {
                (**self).admits(keyspace, bytes)
            }

            fn shortage(&self) -> Option<Shortage> {
                (**self).shortage()
            }

            fn usage(&self, keyspace: Keyspace) -> Result<Option<KeyspaceUsage>> {
                (**self).usage(keyspace)
            }

            fn compact(&self) -> Result<()> {
                (**self).compact()
            }
        }
    };
}

forward!(Arc);
forward!(Box);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, ErrorKind};

    /// Answers every method with an error that names it.
    #[derive(Debug)]
    struct Named;

    fn named(operation: &'static str) -> Error {
        Error::new(ErrorKind::Other, "named", operation)
    }

    impl StorageBackend for Named {
        fn name(&self) -> &'static str {
            "named"
        }

        fn capabilities(&self) -> Capabilities {
            Capabilities::new().with_max_value_len(3)
        }

        fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
            Err(named("read"))
        }

        fn read_once(&self, _work: &mut dyn FnMut(&dyn ReadTxn)) -> Result<()> {
            Err(named("read_once"))
        }

        fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
            Err(named("write"))
        }

        fn sync(&self) -> Result<()> {
            Err(named("sync"))
        }

        fn size_on_disk(&self) -> Result<Option<u64>> {
            Err(named("size_on_disk"))
        }

        fn usage(&self, _keyspace: Keyspace) -> Result<Option<KeyspaceUsage>> {
            Err(named("usage"))
        }

        fn compact(&self) -> Result<()> {
            Err(named("compact"))
        }

        fn admits(&self, _keyspace: Keyspace, bytes: usize) -> bool {
            bytes < 3
        }

        fn shortage(&self) -> Option<Shortage> {
            Some(Shortage::new(2, 1))
        }
    }

    fn operations(backend: &impl StorageBackend) -> Vec<&'static str> {
        assert_eq!((backend.name(), backend.capabilities().max_value_len), ("named", 3));
        let admits = |bytes| backend.admits(Keyspace::new("any"), bytes);
        assert_eq!((admits(2), admits(3), backend.shortage()), (true, false, Some(Shortage::new(2, 1))));
        [
            backend.read().err(),
            backend.read_once(&mut |_| {}).err(),
            backend.write().err(),
            backend.sync().err(),
            backend.size_on_disk().err(),
            backend.usage(Keyspace::new("any")).err(),
            backend.compact().err(),
        ]
        .into_iter()
        .flatten()
        .map(|error| error.operation())
        .collect()
    }

    #[test]
    fn pointers_forward_defaulted_methods_too() {
        let all = ["read", "read_once", "write", "sync", "size_on_disk", "usage", "compact"];
        assert_eq!(operations(&Arc::new(Named)), all);
        assert_eq!(operations(&(Box::new(Named) as Box<dyn StorageBackend>)), all);
    }
}
