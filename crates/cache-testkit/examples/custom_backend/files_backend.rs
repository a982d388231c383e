//! A storage backend that is a directory of files: `docs/backends.md` walks through it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::{fs, io};

use repo_map_cache_core::{Capabilities, Error, ErrorKind, Key, Keyspace, Result};
use repo_map_cache_core::{ReadTxn, StorageBackend, WriteTxn};

type Visitor<'v> = dyn FnMut(&Key, &[u8]) -> ControlFlow<()> + 'v;

/// The number of each value's file, by the position of its keyspace and its key.
type Index = BTreeMap<(u8, Key), u64>;

#[derive(Debug)]
pub(crate) struct FilesBackend {
    directory: PathBuf,
    keyspaces: Vec<Keyspace>,
    index: RwLock<Arc<Index>>,
    /// The next file number, which only the writer takes.
    next: Mutex<u64>,
}

struct FilesRead<'a>(&'a FilesBackend, Arc<Index>);
struct FilesWrite<'a>(&'a FilesBackend, Index, MutexGuard<'a, u64>);
fn failed(operation: &'static str) -> impl FnOnce(io::Error) -> Error {
    move |error| Error::new(ErrorKind::Unavailable, "files", operation).with_source(error)
}

impl FilesBackend {
    /// The store of a directory; the keyspaces are always named in the same order.
    pub(crate) fn open(directory: &Path, keyspaces: &[Keyspace]) -> Result<Self> {
        fs::create_dir_all(directory).map_err(failed("open"))?;
        let mut index = Index::new();
        for entry in fs::read(directory.join("index")).unwrap_or_default().chunks_exact(41) {
            let key = entry[1..33].try_into().map(Key::new).expect("32 bytes");
            index.insert((entry[0], key), entry[33..].try_into().map(u64::from_le_bytes).expect("8 bytes"));
        }
        let next = Mutex::new(index.values().max().map_or(0, |last| last + 1));
        let (directory, keyspaces) = (directory.to_owned(), keyspaces.to_vec());
        Ok(Self { directory, keyspaces, index: RwLock::new(Arc::new(index)), next })
    }

    fn place(&self, keyspace: Keyspace, key: &Key) -> Result<(u8, Key)> {
        let position = self.keyspaces.iter().position(|known| *known == keyspace);
        let unknown = || Error::new(ErrorKind::Misconfigured, "files", "find keyspace");
        Ok((position.ok_or_else(unknown)? as u8, *key))
    }
}

impl StorageBackend for FilesBackend {
    fn name(&self) -> &'static str {
        "files"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::new().with_durable(true)
    }
    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        Ok(Box::new(FilesRead(self, self.index.read().unwrap_or_else(PoisonError::into_inner).clone())))
    }
    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        Ok(Box::new(FilesWrite(self, (**index).clone(), next)))
    }
}

impl ReadTxn for FilesRead<'_> {
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>> {
        let Some(file) = self.1.get(&self.0.place(keyspace, key)?) else { return Ok(None) };
        let value = fs::read(self.0.directory.join(file.to_string())).map_err(failed("get"))?;
        Ok(Some(Cow::Owned(value)))
    }
    fn scan(&self, keyspace: Keyspace, prefix: &[u8], visit: &mut Visitor<'_>) -> Result<()> {
        let (position, first) = self.0.place(keyspace, &Key::new([0; 32]))?;
        for ((_, key), _) in self.1.range((position, first)..=(position, Key::new([255; 32]))) {
            let value = if key.as_bytes().starts_with(prefix) { self.get(keyspace, key)? } else { None };
            if value.is_some_and(|value| visit(key, &value).is_break()) {
                break;
            }
        }
        Ok(())
    }
}

impl WriteTxn for FilesWrite<'_> {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        let place = self.0.place(keyspace, key)?;
        fs::write(self.0.directory.join(self.2.to_string()), value).map_err(failed("put"))?;
        self.1.insert(place, *self.2);
        *self.2 += 1;
        Ok(())
    }
    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        Ok(self.1.remove(&self.0.place(keyspace, key)?).is_some())
    }
    fn commit(self: Box<Self>) -> Result<()> {
        let entry = |((position, key), file): (&(u8, Key), &u64)| {
            [&[*position][..], key.as_bytes(), &file.to_le_bytes()].concat()
        };
        let bytes: Vec<u8> = self.1.iter().flat_map(entry).collect();
        let (written, index) = (self.0.directory.join("index.new"), self.0.directory.join("index"));
        fs::write(&written, bytes).and_then(|()| fs::rename(&written, &index)).map_err(failed("commit"))?;
        *self.0.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(self.1);
        Ok(())
    }
}
