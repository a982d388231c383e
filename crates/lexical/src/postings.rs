use crate::kept::{Kept, Kind};
use crate::term::Term;

/// Which files hold a term, and a small payload of counts: a hash table of terms without the terms' own entries.
///
/// The upper bits of a term choose a bucket, the rest is in each entry of it. A look-up reads one bucket from end to end; with
/// 4 096 buckets that is 5 000 entries in a repository of the size of Linux. Adding is an append, so building needs no
/// dictionary and no sort, and entries of files that left are skipped by the caller until it rebuilds.
///
/// What was kept of an earlier process stands before what is added.
#[derive(Clone, Debug)]
pub(crate) struct Postings {
    kept: Option<(Kept, Kind)>,
    buckets: Vec<Vec<Entry>>,
}

/// A file, the part of a term that its bucket does not say, and a payload; ordered by the second, then the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry(u64);

pub(crate) const BUCKETS: usize = 1 << BUCKET_BITS;
const BUCKET_BITS: u32 = 12;
const REST_BITS: u32 = 32 - BUCKET_BITS;
const PAYLOAD_BITS: u32 = 20;
/// Files that the bits of an entry can tell apart.
pub(crate) const MAX_SLOTS: usize = 1 << (64 - REST_BITS - PAYLOAD_BITS);

impl Entry {
    /// `None` where a number is too large.
    pub(crate) fn new(rest: u32, slot: u32, payload: u32) -> Option<Self> {
        let fits = rest < 1 << REST_BITS && (slot as usize) < MAX_SLOTS && payload < 1 << PAYLOAD_BITS;
        let (rest, slot) = (u64::from(rest), u64::from(slot));
        fits.then_some(Self(rest << (64 - REST_BITS) | slot << PAYLOAD_BITS | u64::from(payload)))
    }

    pub(crate) fn rest(self) -> u32 {
        (self.0 >> (64 - REST_BITS)) as u32
    }

    pub(crate) fn slot(self) -> u32 {
        (self.0 >> PAYLOAD_BITS) as u32 & (MAX_SLOTS as u32 - 1)
    }

    pub(crate) fn payload(self) -> u32 {
        self.0 as u32 & ((1 << PAYLOAD_BITS) - 1)
    }

    /// The same of the slot's new number, if it has one.
    fn renumbered(self, new: &[Option<u32>]) -> Option<Self> {
        Self::new(self.rest(), new[self.slot() as usize]?, self.payload())
    }
}

impl Postings {
    /// What is kept, read when it is asked for.
    pub(crate) fn kept(kept: Kept, kind: Kind) -> Self {
        Self { kept: Some((kept, kind)), ..Self::default() }
    }

    pub(crate) fn push(&mut self, term: Term, slot: u32, payload: u32) {
        let (bucket, rest) = place(term);
        let entry = Entry::new(rest, slot, payload);
        debug_assert!(entry.is_some());
        self.buckets[bucket].extend(entry);
    }

    /// The slots and payloads of a term's entries, in the order in which they were added.
    pub(crate) fn of(&self, term: Term) -> impl Iterator<Item = (u32, u32)> {
        let (bucket, rest) = place(term);
        let kept = self.kept.iter().flat_map(move |(kept, kind)| kept.entries(*kind, bucket, Some(rest)));
        let own = self.buckets[bucket].iter().copied().filter(move |entry| entry.rest() == rest);
        kept.chain(own).map(|entry| (entry.slot(), entry.payload()))
    }

    /// All entries of a bucket whose slot has a new number, by that.
    pub(crate) fn bucket(&self, bucket: usize, new: &[Option<u32>]) -> Vec<Entry> {
        let kept = self.kept.iter().flat_map(|(kept, kind)| kept.entries(*kind, bucket, None));
        let all = kept.chain(self.buckets[bucket].iter().copied());
        all.filter_map(|entry| entry.renumbered(new)).collect()
    }

    /// Drops the entries whose slot has no new number, renumbers the others, and gives spare memory back. What is kept is read whole.
    pub(crate) fn renumber(&mut self, new: &[Option<u32>]) {
        for at in 0..BUCKETS {
            self.buckets[at] = self.bucket(at, new);
        }
        self.kept = None;
    }

    /// Bytes that the entries take.
    pub(crate) fn bytes(&self) -> usize {
        self.buckets
            .iter()
            .map(|bucket| bucket.capacity() * size_of::<Entry>() + size_of::<Vec<Entry>>())
            .sum()
    }
}

impl Default for Postings {
    fn default() -> Self {
        Self { kept: None, buckets: vec![Vec::new(); BUCKETS] }
    }
}

fn place(term: Term) -> (usize, u32) {
    ((term.bits() >> REST_BITS) as usize, term.bits() & ((1 << REST_BITS) - 1))
}
