//! Making a pack: records in the order of their names, then the index, then the mark.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Cursor, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use repo_map_bounded_io::{Links, open};
use repo_map_cache_core::Key;

use super::{ENTRY, HEADER, MARK, Pack, PackId, VERSION, identity, resolved};
use crate::record::{self, Name};
use crate::trust::Trust;

/// A pack that is being made, in a file beside its own or in memory. One that is not [finished](Self::finish) leaves nothing.
pub struct PackWriter {
    trust: Trust,
    base: Option<Pack>,
    in_base: u32,
    sink: Sink,
    index: Vec<u8>,
    last: Option<Name>,
    at: u64,
}

enum Sink {
    File { file: BufWriter<File>, beside: PathBuf, target: PathBuf },
    Memory(Cursor<Vec<u8>>),
}

/// A record for a pack.
pub struct Sealed {
    name: Name,
    record: Vec<u8>,
}

/// What was made.
#[derive(Debug)]
pub struct Written {
    /// Records that it holds.
    pub records: u32,
    /// Records of the tree that its base holds.
    pub in_base: u32,
    /// Its size.
    pub bytes: u64,
    /// What tells it from others.
    pub id: PackId,
    /// The pack, where it was made in memory.
    pub memory: Option<Vec<u8>>,
}

/// Whether nothing is lost where a pack takes the place of what is at a path: nothing is there, an empty file, or a pack.
///
/// # Errors
/// A line, where something else is there.
pub fn is_replaceable(path: &Path) -> Result<(), String> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let other = |why: &str| format!("{} {why}: nothing was written; name another file", path.display());
    let (file, metadata) =
        open(&resolved(path), Links::Follow).map_err(|_| other("is no file that can be read"))?;
    let mut mark = Vec::new();
    let read = file.take(MARK.len() as u64).read_to_end(&mut mark);
    match read.is_ok() && (metadata.len() == 0 || mark == MARK) {
        true => Ok(()),
        false => Err(other("is no pack of this program")),
    }
}

impl PackWriter {
    /// Begins a pack that lies at a path when it is finished, without the records of a base.
    ///
    /// # Errors
    /// A line, where the path holds something else, or cannot be written.
    pub fn to_file(path: &Path, trust: Trust, base: Option<Pack>) -> Result<Self, String> {
        is_replaceable(path)?;
        let target = resolved(path);
        let cannot = |error: io::Error| format!("cannot write {}: {error}", path.display());
        let name = target.file_name().ok_or_else(|| cannot(io::ErrorKind::InvalidFilename.into()))?;
        let beside = target.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).open(&beside).map_err(cannot)?;
        Self::new(trust, base, Sink::File { file: BufWriter::new(file), beside, target }).map_err(cannot)
    }

    /// The same in memory.
    ///
    /// # Errors
    /// None, but for want of memory.
    pub fn in_memory(trust: Trust, base: Option<Pack>) -> Result<Self, String> {
        Self::new(trust, base, Sink::Memory(Cursor::default())).map_err(|error| error.to_string())
    }

    fn new(trust: Trust, base: Option<Pack>, mut sink: Sink) -> io::Result<Self> {
        // The header is known at the end.
        sink.write(&[0; HEADER])?;
        Ok(Self { trust, base, in_base: 0, sink, index: Vec::new(), last: None, at: HEADER as u64 })
    }

    /// Which of these keys are to be [pushed](Self::push), in their order: without those that the base has, each once.
    pub fn order(&mut self, keys: &[Key]) -> Vec<usize> {
        let mut named: Vec<(Name, usize)> =
            keys.iter().enumerate().map(|(at, key)| (self.trust.name(key), at)).collect();
        named.sort_unstable();
        named.dedup_by_key(|(name, _)| *name);
        let all = named.len();
        if let Some(base) = &self.base {
            named.retain(|(name, _)| !base.has(name));
        }
        self.in_base = u32::try_from(all - named.len()).unwrap_or(u32::MAX);
        named.into_iter().map(|(_, at)| at).collect()
    }

    /// A record as servers have it, on any thread. `None` for one that is too long. Costs the compression.
    pub fn seal(&self, key: &Key, payload: &[u8]) -> Option<Sealed> {
        let name = self.trust.name(key);
        record::seal(&self.trust, &name, payload).map(|record| Sealed { name, record })
    }

    /// Adds a record. They come in their [order](Self::order).
    ///
    /// # Errors
    /// A line, where the disk refuses it.
    ///
    /// # Panics
    /// Where they do not.
    pub fn push(&mut self, sealed: &Sealed) -> Result<(), String> {
        assert!(self.last.is_none_or(|last| last < sealed.name), "records in the order of their names");
        self.last = Some(sealed.name);
        self.sink.write(&sealed.record).map_err(|error| self.sink.cannot(&error))?;
        self.at += sealed.record.len() as u64;
        self.index.extend_from_slice(&sealed.name);
        self.index.extend_from_slice(&self.at.to_le_bytes());
        Ok(())
    }

    /// Ends the pack; now it is there, in place of one that was.
    ///
    /// # Errors
    /// A line, where the disk refuses it, or something else is at its path by now.
    pub fn finish(mut self) -> Result<Written, String> {
        let records = u32::try_from(self.index.len() / ENTRY).unwrap_or(u32::MAX);
        // A base that has nothing of the tree is none.
        let base = self.base.as_ref().filter(|_| self.in_base > 0).map(Pack::id);
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(MARK);
        header.extend_from_slice(&VERSION.to_le_bytes());
        header.extend_from_slice(&[u8::from(self.trust.has_secret()), u8::from(base.is_some())]);
        header.extend_from_slice(&records.to_le_bytes());
        header.extend_from_slice(&self.at.to_le_bytes());
        header.extend_from_slice(&self.in_base.to_le_bytes());
        header.extend_from_slice(&[0; 4]);
        header.extend_from_slice(&base.unwrap_or_default());
        let id = identity(&header, &self.index);
        let end = [&self.index[..], &id].concat();
        let bytes = self.at + end.len() as u64;
        let done = self.sink.write(&end).and_then(|()| self.sink.write_first(&header));
        done.map_err(|error| self.sink.cannot(&error))?;
        let memory = self.sink.close()?;
        Ok(Written { records, in_base: self.in_base, bytes, id, memory })
    }
}

impl Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::File { file, .. } => file.write_all(bytes),
            Self::Memory(memory) => memory.write_all(bytes),
        }
    }

    fn write_first(&mut self, header: &[u8]) -> io::Result<()> {
        match self {
            Self::File { file, .. } => file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(header)),
            Self::Memory(memory) => memory.seek(SeekFrom::Start(0)).and_then(|_| memory.write_all(header)),
        }
    }

    fn cannot(&self, error: &io::Error) -> String {
        match self {
            Self::File { target, .. } => format!("cannot write {}: {error}", target.display()),
            Self::Memory(_) => error.to_string(),
        }
    }

    /// Gives a file its name, when all of it is on the disk.
    fn close(&mut self) -> Result<Option<Vec<u8>>, String> {
        match self {
            Self::File { file, beside, target } => {
                is_replaceable(target)?;
                let written = file.flush().and_then(|()| file.get_ref().sync_all());
                let named = written.and_then(|()| fs::rename(&*beside, &*target));
                named.map_err(|error| format!("cannot write {}: {error}", target.display()))?;
                beside.clear();
                Ok(None)
            }
            Self::Memory(memory) => Ok(Some(std::mem::take(memory).into_inner())),
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Self::File { beside, .. } = self
            && !beside.as_os_str().is_empty()
        {
            // What nobody can remove, nobody can use either: it has no name of a pack.
            let _ = fs::remove_file(beside);
        }
    }
}
