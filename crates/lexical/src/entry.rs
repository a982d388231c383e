//! What postings are made of.

use crate::term::Term;

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
    pub(crate) fn renumbered(self, new: &[Option<u32>]) -> Option<Self> {
        Self::new(self.rest(), new[self.slot() as usize]?, self.payload())
    }
}

/// The bucket of a term, and the part of it that this does not say.
pub(crate) fn place(term: Term) -> (usize, u32) {
    ((term.bits() >> REST_BITS) as usize, term.bits() & ((1 << REST_BITS) - 1))
}
