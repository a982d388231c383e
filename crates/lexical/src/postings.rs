use crate::term::Term;

/// Which files hold a term, and a small payload of counts: a hash table of terms without the terms' own entries.
///
/// The upper bits of a term choose a bucket, the rest is in each entry of it. A look-up reads one bucket from end to end; with
/// 4 096 buckets that is 5 000 entries in a repository of the size of Linux. Adding is an append, so building needs no
/// dictionary and no sort, and entries of files that left are skipped by the caller until it rebuilds.
#[derive(Clone, Debug)]
pub(crate) struct Postings {
    buckets: Vec<Vec<u64>>,
}

const BUCKET_BITS: u32 = 12;
const REST_BITS: u32 = 32 - BUCKET_BITS;
const PAYLOAD_BITS: u32 = 20;
/// Files that the bits of an entry can tell apart.
pub(crate) const MAX_SLOTS: usize = 1 << (64 - REST_BITS - PAYLOAD_BITS);

impl Postings {
    pub(crate) fn push(&mut self, term: Term, slot: u32, payload: u32) {
        debug_assert!((slot as usize) < MAX_SLOTS && payload < 1 << PAYLOAD_BITS);
        let (bucket, rest) = place(term);
        self.buckets[bucket]
            .push(u64::from(slot) << (REST_BITS + PAYLOAD_BITS) | rest << PAYLOAD_BITS | u64::from(payload));
    }

    /// The slots and payloads of a term's entries, in the order in which they were added.
    pub(crate) fn of(&self, term: Term) -> impl Iterator<Item = (u32, u32)> {
        let (bucket, rest) = place(term);
        let entries = self.buckets[bucket].iter();
        let own = entries.filter(move |&entry| entry >> PAYLOAD_BITS & mask(REST_BITS) == rest);
        own.map(|entry| ((entry >> (REST_BITS + PAYLOAD_BITS)) as u32, (entry & mask(PAYLOAD_BITS)) as u32))
    }

    /// Drops the entries whose slot has no new number, renumbers the others, and gives spare memory back.
    pub(crate) fn renumber(&mut self, new: &[Option<u32>]) {
        for bucket in &mut self.buckets {
            bucket.retain_mut(|entry| {
                let slot = (*entry >> (REST_BITS + PAYLOAD_BITS)) as usize;
                let Some(new) = new[slot] else { return false };
                *entry =
                    *entry & mask(REST_BITS + PAYLOAD_BITS) | u64::from(new) << (REST_BITS + PAYLOAD_BITS);
                true
            });
            bucket.shrink_to_fit();
        }
    }

    /// Bytes that the entries take.
    pub(crate) fn bytes(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.capacity() * size_of::<u64>() + size_of::<Vec<u64>>()).sum()
    }
}

impl Default for Postings {
    fn default() -> Self {
        Self { buckets: vec![Vec::new(); 1 << BUCKET_BITS] }
    }
}

fn place(term: Term) -> (usize, u64) {
    ((term.bits() >> REST_BITS) as usize, u64::from(term.bits()) & mask(REST_BITS))
}

const fn mask(bits: u32) -> u64 {
    (1 << bits) - 1
}
