use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::OnceLock;

use ahash::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// A name of the corpus: a dense number, given in the order of first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(pub(crate) u32);

/// Every distinct name once: one text arena, the end of each name in it, and a table of numbers.
///
/// 2.3 million names of 16 bytes take about 90 MB. A number stays true until [`retain`](Self::retain) gives others. The hash has a seed of
/// its own: whoever writes the names of a tree cannot make many of them equal.
#[derive(Clone, Debug, Default)]
pub(crate) struct SymbolTable {
    text: String,
    ends: Vec<usize>,
    /// Made when a name is first sought: whoever reads names that were kept may seek none.
    ids: OnceLock<HashTable<Numbered>>,
    state: RandomState,
}

/// A name's number with its hash, so that a table that grows does not hash all names again.
#[derive(Clone, Copy, Debug)]
struct Numbered {
    id: u32,
    hash: u32,
}

impl Numbered {
    /// The table looks at both ends of a hash.
    fn spread(self) -> u64 {
        u64::from(self.hash) << 32 | u64::from(self.hash)
    }
}

/// Look-ups that are under way at once.
const BATCH: usize = 16;

/// No name has this number.
const NONE: u32 = u32::MAX;

impl SymbolTable {
    /// The number of a name, given now if the name is new.
    pub(crate) fn intern(&mut self, name: &str) -> Symbol {
        let new = Numbered { id: self.ends.len() as u32, hash: self.hash(name) };
        self.table();
        let Self { text, ends, ids, .. } = self;
        let ids = ids.get_mut().expect("it was made a line ago");
        let is_it = |of: &Numbered| of.hash == new.hash && text_of(text, ends, of.id) == name;
        match ids.entry(new.spread(), is_it, |of| of.spread()) {
            Entry::Occupied(known) => Symbol(known.get().id),
            Entry::Vacant(place) => {
                assert!(ends.len() < u32::MAX as usize, "2^32 names take more memory than there is");
                place.insert(new);
                text.push_str(name);
                ends.push(text.len());
                Symbol(new.id)
            }
        }
    }

    /// The numbers of names, in their order. Costs a third of a call for each where most are known: the look-ups of a batch do not wait
    /// for each other's memory.
    pub(crate) fn intern_all<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Vec<Symbol> {
        let names: Vec<&str> = names.collect();
        let mut symbols = Vec::with_capacity(names.len());
        let (mut likely, mut spans) = ([NONE; BATCH], [(0, 0); BATCH]);
        for batch in names.chunks(BATCH) {
            for (name, likely) in batch.iter().zip(&mut likely) {
                let hash = self.hash(name);
                let sought = Numbered { id: 0, hash };
                *likely = self.table().find(sought.spread(), |of| of.hash == hash).map_or(NONE, |of| of.id);
            }
            for (&id, span) in likely.iter().zip(&mut spans).take(batch.len()) {
                *span = if id == NONE { (0, 0) } else { span_of(&self.ends, id) };
            }
            for ((&name, &id), &(start, end)) in batch.iter().zip(&likely).zip(&spans) {
                let is_it = id != NONE && self.text.as_bytes()[start..end] == *name.as_bytes();
                symbols.push(if is_it { Symbol(id) } else { self.intern(name) });
            }
        }
        symbols
    }

    /// Takes names that are all different and stand end to end, each with its end; `None` where the ends are none.
    pub(crate) fn append(&mut self, text: &str, ends: impl Iterator<Item = u32>) -> Option<()> {
        self.ids.take();
        let start = self.text.len();
        self.text.push_str(text);
        for end in ends {
            let end = start + end as usize;
            if end < self.ends.last().copied().unwrap_or(0) || !self.text.is_char_boundary(end) {
                return None;
            }
            self.ends.push(end);
        }
        (self.ends.len() < NONE as usize && self.ends.last().is_none_or(|end| *end == self.text.len()))
            .then_some(())
    }

    fn table(&self) -> &HashTable<Numbered> {
        self.ids.get_or_init(|| {
            let mut ids = HashTable::with_capacity(self.ends.len());
            for (name, id) in self.names().zip(0..) {
                let of = Numbered { id, hash: self.hash(name) };
                ids.insert_unique(of.spread(), of, |of| of.spread());
            }
            ids
        })
    }

    /// The number of a name that was seen before.
    pub(crate) fn get(&self, name: &str) -> Option<Symbol> {
        let sought = Numbered { id: 0, hash: self.hash(name) };
        let is_it = |of: &Numbered| of.hash == sought.hash && text_of(&self.text, &self.ends, of.id) == name;
        self.table().find(sought.spread(), is_it).map(|of| Symbol(of.id))
    }

    fn hash(&self, name: &str) -> u32 {
        let mut hasher = self.state.build_hasher();
        hasher.write(name.as_bytes());
        (hasher.finish() >> 32) as u32
    }

    pub(crate) fn name(&self, symbol: Symbol) -> &str {
        text_of(&self.text, &self.ends, symbol.0)
    }

    /// All names, in the order of their numbers.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len() as u32).map(|id| text_of(&self.text, &self.ends, id))
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Forgets the names that are not used and gives the others new numbers, in the same order. The new number of each old one; what
    /// stands for a forgotten name means nothing.
    pub(crate) fn retain(&mut self, is_used: &[bool]) -> Vec<Symbol> {
        let (mut kept, mut new) = (Self::default(), Vec::with_capacity(is_used.len()));
        for (&is_used, id) in is_used.iter().zip(0..) {
            new.push(Symbol(kept.ends.len() as u32));
            if is_used {
                kept.intern(text_of(&self.text, &self.ends, id));
            }
        }
        kept.text.shrink_to_fit();
        *self = kept;
        new
    }

    /// The memory that the table takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let Self { text, ends, ids, .. } = self;
        text.capacity()
            + ends.capacity() * size_of::<usize>()
            + ids.get().map_or(0, HashTable::capacity) * (size_of::<Numbered>() + 1)
    }
}

fn text_of<'a>(text: &'a str, ends: &[usize], id: u32) -> &'a str {
    let (start, end) = span_of(ends, id);
    &text[start..end]
}

fn span_of(ends: &[usize], id: u32) -> (usize, usize) {
    let index = id as usize;
    let start = if index == 0 { 0 } else { ends[index - 1] };
    (start, ends[index])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_name_keeps_its_number_while_the_table_grows() {
        let mut table = SymbolTable::default();
        let names: Vec<String> = (0..5_000).map(|n| format!("name_{}", n % 2_500)).collect();
        let ids: Vec<_> = names.iter().map(|name| table.intern(name)).collect();
        assert_eq!(table.len(), 2_500);
        for (name, id) in names.iter().zip(ids) {
            assert_eq!((table.get(name), table.name(id)), (Some(id), name.as_str()));
        }
        assert_eq!(table.get("absent"), None);
        let empty = table.intern("");
        assert_eq!((table.name(empty), table.get("")), ("", Some(empty)));
    }

    #[test]
    fn a_batch_gives_the_numbers_that_single_names_get() {
        let names: Vec<String> = (0..1_000).map(|n| format!("name_{}", n * n % 700)).collect();
        let [mut batched, mut single] = [(); 2].map(|()| SymbolTable::default());
        for part in names.chunks(123) {
            let together = batched.intern_all(part.iter().map(String::as_str));
            assert_eq!(together, part.iter().map(|name| single.intern(name)).collect::<Vec<_>>());
        }
        assert!(batched.names().eq(single.names()));
    }

    #[test]
    fn names_that_collide_without_a_seed_do_not_collide_here() {
        // The third eight bytes cancel what `rustc-hash` has made of the sixteen before them: all of these have one hash there.
        let first = "toyddgywkszivuoxaaaaaaaaaaaaaaaaaRgY_e0i";
        let names: Vec<String> = (0..4_096).map(|n| format!("{first}{n:08}zzzzzzzzzzzzzzzz")).collect();
        let without: HashSet<u64> =
            names.iter().map(|name| rustc_hash::FxBuildHasher.hash_one(name.as_str())).collect();
        assert_eq!(without.len(), 1);
        let of = |table: &SymbolTable| -> Vec<u32> { names.iter().map(|name| table.hash(name)).collect() };
        let (one, other) = (of(&SymbolTable::default()), of(&SymbolTable::default()));
        let different: HashSet<u32> = one.iter().copied().collect();
        assert!(different.len() > names.len() - 16, "{}", different.len());
        let same = one.iter().zip(&other).filter(|(one, other)| one == other).count();
        assert!(same < 16, "a seed that is known is none");
    }

    #[test]
    fn what_is_retained_has_its_name_under_the_new_number() {
        let mut table = SymbolTable::default();
        let names: Vec<String> = (0..100).map(|n| format!("name_{n}")).collect();
        let ids: Vec<Symbol> = names.iter().map(|name| table.intern(name)).collect();
        assert_eq!(ids.last(), Some(&Symbol(99)));
        let is_used: Vec<bool> = (0..100).map(|n| n % 3 == 0).collect();
        let new = table.retain(&is_used);
        assert_eq!((table.len(), new.len()), (34, 100));
        for ((name, is_used), symbol) in names.iter().zip(is_used).zip(new) {
            assert_eq!(table.get(name), is_used.then_some(symbol));
            assert!(!is_used || table.name(symbol) == name);
        }
    }
}
