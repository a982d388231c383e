//! Which files are tracked: git's index.
//!
//! Read by itself and not by a library, for of all that an index holds a map needs the entries: stored trees, caches of untracked files and
//! tables for threads, which recurse and claim sizes, are passed over unread.

use std::ops::Range;
use std::path::Path;

use gix_hash::{Kind, ObjectId};
use repo_map_bounded_io::{Links, ReadError, read};

use crate::bitmap::set_bits;
use crate::{Error, Repository};

/// Some two million files.
const MAX_BYTES: u64 = 256 << 20;
/// Version 4 says of each path only what differs from the one before: a small file can hold very many bytes of them.
const MAX_PATH_BYTES: usize = 256 << 20;
/// What operating systems take.
const MAX_PATH: usize = 4096;

/// Of an entry on disk, what stands before its hash: times, device, owner, size, with the mode at 24.
const STAT_BYTES: usize = 40;
const MODIFIED_AT: usize = 8;
const MODE_AT: usize = 24;
const SIZE_AT: usize = 36;

const HAS_MORE_FLAGS: u16 = 0x4000;
const LENGTH: u16 = 0x0fff;
const SKIP_WORK_TREE: u16 = 0x4000;

/// The entries of an index, as they stand: in path order, if git wrote it.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    paths: Vec<u8>,
}

/// One path that is tracked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Neither a submodule nor a folder that a sparse index stands for.
    pub is_file: bool,
    /// A sparse checkout leaves it out on purpose.
    pub is_left_out: bool,
    /// The content that is staged.
    pub id: ObjectId,
    /// When the file was last changed before it was staged or compared: seconds and nanoseconds since 1970, the last zero where git was
    /// not told.
    pub modified: (u32, u32),
    /// The length of the file then, its last 32 bits; zero where the file has to be compared.
    pub size: u32,
    path: Range<u32>,
}

/// Why bytes are no index.
const DAMAGED: &str = "it is no index of git";

impl Repository {
    /// Reads the index; a repository without one tracks nothing.
    ///
    /// # Errors
    /// When it cannot be read or makes no sense.
    pub fn index(&self) -> Result<Index, Error> {
        let path = self.index_path();
        match read(&path, Links::Follow, MAX_BYTES) {
            Ok(bytes) => self.parse(&path, &bytes),
            Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(Index::default()),
            Err(source) => Err(Error::unreadable(&path, source)),
        }
    }

    fn parse(&self, path: &Path, bytes: &[u8]) -> Result<Index, Error> {
        let damaged = || Error::damaged(path, DAMAGED);
        let kind = self.object_hash();
        let (index, link) = Index::parse(bytes, kind, None).ok_or_else(damaged)?;
        let Some(link) = link.filter(|link| !link.base.is_null()) else { return Ok(index) };
        let base_path = self.git_dir().join(format!("sharedindex.{}", link.base));
        let base = read(&base_path, Links::Follow, MAX_BYTES)
            .map_err(|source| Error::unreadable(&base_path, source))?;
        let base = Index::parse(&base, kind, Some(&link.base));
        let (base, _) = base.ok_or_else(|| Error::damaged(&base_path, DAMAGED))?;
        index.over(base, link.bitmaps).ok_or_else(damaged)
    }
}

/// That an index is the changes of another.
struct Link<'b> {
    base: ObjectId,
    /// Which entries of the other are gone, and which are replaced.
    bitmaps: &'b [u8],
}

impl Index {
    /// The entries, in the order that they stand in.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The path of one of them.
    pub fn path(&self, entry: &Entry) -> &[u8] {
        &self.paths[entry.path.start as usize..entry.path.end as usize]
    }

    /// `None` where the bytes, or their checksum, make no sense.
    fn parse<'b>(
        bytes: &'b [u8],
        kind: Kind,
        expected: Option<&ObjectId>,
    ) -> Option<(Self, Option<Link<'b>>)> {
        let (body, checksum) = bytes.split_at_checked(bytes.len().checked_sub(kind.len_in_bytes())?)?;
        let mut hasher = gix_hash::hasher(kind);
        let checksum = ObjectId::try_from(checksum).ok()?;
        // Git may be told not to write one (`index.skipHash`).
        if !checksum.is_null() {
            hasher.update(body);
            if hasher.try_finalize().ok()? != checksum {
                return None;
            }
        }
        if expected.is_some_and(|expected| *expected != checksum) {
            return None;
        }
        let mut rest = body.strip_prefix(b"DIRC")?;
        let version = number(&mut rest)?;
        if !(2..=4).contains(&version) {
            return None;
        }
        let count = number(&mut rest)?;
        let mut index = Self::default();
        for _ in 0..count {
            index.take_entry(&mut rest, version == 4, kind)?;
        }
        let mut link = None;
        while !rest.is_empty() {
            let (name, after) = rest.split_first_chunk::<4>()?;
            rest = after;
            let length = usize::try_from(number(&mut rest)?).ok()?;
            let (extension, after) = rest.split_at_checked(length)?;
            rest = after;
            match name {
                b"link" => {
                    let (base, bitmaps) = extension.split_at_checked(kind.len_in_bytes())?;
                    link = Some(Link { base: ObjectId::try_from(base).ok()?, bitmaps });
                }
                // There are entries for folders: their mode says which.
                b"sdir" => {}
                // By an upper case letter git says that whoever does not know the rest may pass it over.
                [first, ..] if first.is_ascii_uppercase() => {}
                _ => return None,
            }
        }
        Some((index, link))
    }

    fn take_entry(&mut self, rest: &mut &[u8], has_short_paths: bool, kind: Kind) -> Option<()> {
        let whole = *rest;
        let field = |at: usize| Some(u32::from_be_bytes(*whole.get(at..)?.first_chunk()?));
        let (mode, size) = (field(MODE_AT)?, field(SIZE_AT)?);
        let modified = (field(MODIFIED_AT)?, field(MODIFIED_AT + 4)?);
        let id = ObjectId::try_from(whole.get(STAT_BYTES..)?.get(..kind.len_in_bytes())?).ok()?;
        *rest = whole.get(STAT_BYTES + kind.len_in_bytes()..)?;
        let flags = short(rest)?;
        let more = if flags & HAS_MORE_FLAGS != 0 { short(rest)? } else { 0 };
        let start = self.paths.len();
        let suffix = if has_short_paths {
            let dropped = variable(rest)?;
            let before = self.entries.last().map_or(0..0, |entry| entry.path.clone());
            let (from, to) = (before.start as usize, (before.end as usize).checked_sub(dropped)?);
            if to < from {
                return None;
            }
            self.paths.extend_from_within(from..to);
            until_zero(rest)?
        } else if flags & LENGTH == LENGTH {
            // As git does it, padding and all.
            let path = until_zero(rest)?;
            pad(rest, whole.len() - rest.len() - 1)?;
            path
        } else {
            let (path, after) = rest.split_at_checked((flags & LENGTH).into())?;
            *rest = after;
            let length = whole.len() - rest.len();
            *rest = rest.get(1..)?;
            pad(rest, length)?;
            path
        };
        self.paths.extend_from_slice(suffix);
        let end = self.paths.len();
        if end - start > MAX_PATH || end > MAX_PATH_BYTES {
            return None;
        }
        self.entries.push(Entry {
            is_file: !matches!(mode & 0o170_000, 0o160_000 | 0o040_000),
            is_left_out: more & SKIP_WORK_TREE != 0,
            id,
            modified,
            size,
            path: u32::try_from(start).ok()?..u32::try_from(end).ok()?,
        });
        Some(())
    }

    /// These changes applied to the index that they are of.
    fn over(self, base: Self, mut bitmaps: &[u8]) -> Option<Self> {
        if bitmaps.is_empty() {
            return Some(self);
        }
        let count = base.entries.len();
        let (mut is_gone, mut replaced) = (vec![false; count], Vec::new());
        set_bits(&mut bitmaps, count, |at| is_gone[at] = true)?;
        set_bits(&mut bitmaps, count, |at| replaced.push(at))?;
        if !bitmaps.is_empty() || replaced.len() > self.entries.len() {
            return None;
        }
        let Self { mut entries, mut paths } = base;
        let (replacements, added) = self.entries.split_at(replaced.len());
        for (at, by) in replaced.into_iter().zip(replacements) {
            // They have the path of what they replace.
            if is_gone[at] || !by.path.is_empty() {
                return None;
            }
            entries[at] = Entry { path: entries[at].path.clone(), ..by.clone() };
        }
        let mut at = 0..;
        entries.retain(|_| !at.next().is_some_and(|at: usize| is_gone[at]));
        for entry in added {
            let start = u32::try_from(paths.len()).ok()?;
            paths.extend_from_slice(self.path(entry));
            entries.push(Entry { path: start..u32::try_from(paths.len()).ok()?, ..entry.clone() });
        }
        let path = |entry: &Entry| &paths[entry.path.start as usize..entry.path.end as usize];
        entries.sort_by(|a, b| path(a).cmp(path(b)));
        Some(Self { entries, paths })
    }
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(u32::from_be_bytes(*number))
}

fn short(bytes: &mut &[u8]) -> Option<u16> {
    let (number, rest) = bytes.split_first_chunk::<2>()?;
    *bytes = rest;
    Some(u16::from_be_bytes(*number))
}

/// A number as packs have it for distances: seven bits a byte, the highest first, each but the last one more.
fn variable(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0_usize;
    let mut is_first = true;
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if !is_first {
            value = value.checked_add(1)?;
        }
        value = value.checked_mul(128)?.checked_add((byte & 0x7f).into())?;
        if byte < 0x80 {
            return Some(value);
        }
        is_first = false;
    }
}

/// What stands before a zero, which is taken too.
fn until_zero<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let end = bytes.iter().position(|&byte| byte == 0)?;
    let before = &bytes[..end];
    *bytes = &bytes[end + 1..];
    Some(before)
}

/// After an entry of `length` bytes and one zero: as many more as make a multiple of eight.
fn pad(bytes: &mut &[u8], length: usize) -> Option<()> {
    *bytes = bytes.get((length + 8) / 8 * 8 - length - 1..)?;
    Some(())
}
