use crate::entry::{BUCKETS, Entry, place};
use crate::parts::{Kept, Kind};
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
