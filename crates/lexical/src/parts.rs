//! The entries of an index in parts, each read when somebody asks for one of its terms.

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::entry::{BUCKETS, Entry};
use crate::varint::{push, take};

/// How many parts an index is kept in.
pub(crate) const PARTS: u32 = 512;

/// Where the parts of an index are kept.
pub trait KeptWords: Debug + Send + Sync {
    /// Hands the bytes of a part, from 0 to [`Index::PARTS`](crate::Index::PARTS), to `read`, if they are there.
    fn part(&self, part: u32, read: &mut dyn FnMut(&[u8]));
}

/// Buckets of a part.
pub(crate) const OF_PART: usize = BUCKETS / PARTS as usize;

/// What an index has of two kinds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Contents,
    Paths,
}

/// Entries that are read when somebody asks for them.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    from: Arc<dyn KeptWords>,
    parts: Arc<[OnceLock<Option<Part>>]>,
    files: u32,
    is_missing: Arc<AtomicBool>,
}

/// The buckets of a part: those of contents, then those of paths.
#[derive(Debug)]
struct Part {
    bytes: Box<[u8]>,
    ends: [u32; 2 * OF_PART],
}

impl Kept {
    pub(crate) fn new(from: Arc<dyn KeptWords>, files: u32) -> Self {
        let parts = (0..PARTS).map(|_| OnceLock::new()).collect();
        Self { from, parts, files, is_missing: Arc::default() }
    }

    /// The entries of a bucket: all, or those of one rest of a term. None of a part that is not there, which is [told](Self::lacks_any).
    pub(crate) fn entries(&self, kind: Kind, bucket: usize, rest: Option<u32>) -> Vec<Entry> {
        let mut entries = Vec::new();
        let part = self.parts[bucket / OF_PART].get_or_init(|| self.read((bucket / OF_PART) as u32));
        let read = part
            .as_ref()
            .and_then(|part| part.entries(kind, bucket % OF_PART, rest, self.files, &mut entries));
        if read.is_none() {
            self.is_missing.store(true, Ordering::Relaxed);
        }
        entries
    }

    fn read(&self, part: u32) -> Option<Part> {
        let mut found = None;
        self.from.part(part, &mut |bytes| found = Part::of(bytes));
        found
    }

    /// Whether a part that was asked for was not there.
    pub(crate) fn lacks_any(&self) -> bool {
        self.is_missing.load(Ordering::Relaxed)
    }

    /// Bytes of the parts that were read.
    pub(crate) fn bytes(&self) -> usize {
        self.parts.iter().filter_map(|part| part.get()?.as_ref()).map(|part| part.bytes.len()).sum()
    }
}

impl Part {
    fn of(mut bytes: &[u8]) -> Option<Self> {
        let (mut ends, mut end) = ([0; 2 * OF_PART], 0_u32);
        for of in &mut ends {
            end = end.checked_add(take(&mut bytes)?)?;
            *of = end;
        }
        (end as usize == bytes.len()).then(|| Self { bytes: bytes.into(), ends })
    }

    fn entries(
        &self,
        kind: Kind,
        at: usize,
        wanted: Option<u32>,
        files: u32,
        into: &mut Vec<Entry>,
    ) -> Option<()> {
        let at = kind as usize * OF_PART + at;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        let mut bytes = &self.bytes[start as usize..self.ends[at] as usize];
        let mut rest = 0_u32;
        while !bytes.is_empty() {
            rest = rest.checked_add(take(&mut bytes)?)?;
            let length = take(&mut bytes)? as usize;
            let (mut own, others) = bytes.split_at_checked(length)?;
            bytes = others;
            if wanted.is_some_and(|wanted| wanted != rest) {
                continue;
            }
            let mut slot = 0_u32;
            while !own.is_empty() {
                slot = slot.checked_add(take(&mut own)?).filter(|slot| *slot < files)?;
                into.push(Entry::new(rest, slot, take(&mut own)?)?);
            }
        }
        Some(())
    }
}

/// Appends the entries of a bucket, which are in the order of rests and slots, and says how many bytes they take.
pub(crate) fn write(entries: &[Entry], into: &mut Vec<u8>) -> u32 {
    let (start, mut before, mut own) = (into.len(), 0, Vec::new());
    for of_rest in entries.chunk_by(|a, b| a.rest() == b.rest()) {
        own.clear();
        let mut slot = 0;
        for entry in of_rest {
            push(&mut own, entry.slot() - slot);
            push(&mut own, entry.payload());
            slot = entry.slot();
        }
        push(into, of_rest[0].rest() - before);
        before = of_rest[0].rest();
        push(into, own.len() as u32);
        into.extend_from_slice(&own);
    }
    (into.len() - start) as u32
}
