//! The two meta pages, of which the one with the higher transaction is the store.

use std::fs::File;
use std::io;

use super::page::{HEADER, META, Page, WORD, u16_at, u32_at, word_at};
use super::{Damage, Fault, read_at};

const MAGIC: u32 = 0xbeef_c0de;
const DATA_VERSION: u32 = 1;

/// Where the fields of a meta page are: behind magic and version come an address and the size of the map.
const TREES: usize = 8 + 2 * WORD;
const LAST_PAGE: usize = TREES + 2 * Tree::LEN;
const TRANSACTION: usize = LAST_PAGE + WORD;
const META_LEN: usize = TRANSACTION + WORD;

/// The flag of a table whose keys are numbers: the free list is the only one.
const INTEGER_KEYS: u16 = 0x08;
const NO_ROOT: u64 = usize::MAX as u64;
/// As deep as LMDB's cursors go.
const MOST_LEVELS: u16 = 32;

/// What the store is at one transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meta {
    pub(super) page_size: usize,
    pub(super) free: Tree,
    pub(super) main: Tree,
    pub(super) last_page: u64,
    pub(super) transaction: u64,
}

/// The record of a B+ tree: what a walk must find again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) depth: u16,
    pub(super) branches: u64,
    pub(super) leaves: u64,
    pub(super) overflows: u64,
    pub(super) entries: u64,
    /// `None` for an empty tree.
    pub(super) root: Option<u64>,
}

impl Tree {
    pub(super) const LEN: usize = 8 + 5 * WORD;

    /// The record in [`Self::LEN`] bytes, and its field of padding.
    pub(super) fn read(bytes: &[u8], flags: u16) -> Result<(Self, u32), &'static str> {
        if bytes.len() != Self::LEN || u16_at(bytes, 4) != flags {
            return Err("the record of a table is of another kind");
        }
        let word = |index| word_at(bytes, 8 + index * WORD);
        let root = word(4);
        if u16_at(bytes, 6) > MOST_LEVELS {
            return Err("a table is deeper than any can be");
        }
        let tree = Self {
            depth: u16_at(bytes, 6),
            branches: word(0),
            leaves: word(1),
            overflows: word(2),
            entries: word(3),
            root: (root != NO_ROOT).then_some(root),
        };
        if tree.root.is_none() && tree != Self::default() {
            return Err("a table without a root has entries");
        }
        Ok((tree, u32_at(bytes, 0)))
    }
}

impl Meta {
    /// The newer of the two, once both are possible.
    pub(super) fn newest(file: &File) -> Result<Self, Fault> {
        let first = Self::read(file, 0, None)?;
        let second = Self::read(file, 1, Some(first.page_size))?;
        let (older, newer) =
            if first.transaction < second.transaction { (first, second) } else { (second, first) };
        let gap = newer.transaction - older.transaction;
        let is_fresh = newer.transaction == 0;
        // Transactions alternate between the two, so they differ by one; a new file has written neither.
        if gap != 1 && !is_fresh {
            return Err(Damage::new(1, "the two meta pages are not of successive transactions").into());
        }
        Ok(newer)
    }

    fn read(file: &File, number: u64, page_size: Option<usize>) -> Result<Self, Fault> {
        let damage = |what| Fault::from(Damage::new(number, what));
        let mut bytes = [0; HEADER + META_LEN];
        match read_at(file, &mut bytes, number * page_size.unwrap_or(0) as u64) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(damage("the file ends before its meta pages do"));
            }
            outcome => outcome?,
        }
        let (page, meta) = (Page(&bytes), &bytes[HEADER..]);
        if page.number() != number || page.flags() != META {
            return Err(damage("it is no meta page"));
        }
        if u32_at(meta, 0) != MAGIC || u32_at(meta, 4) != DATA_VERSION {
            return Err(damage("it is of another version or another kind of machine"));
        }
        let (free, size) = Tree::read(&meta[TREES..TREES + Tree::LEN], INTEGER_KEYS).map_err(damage)?;
        let (main, padding) = Tree::read(&meta[TREES + Tree::LEN..LAST_PAGE], 0).map_err(damage)?;
        let size = size as usize;
        if !size.is_power_of_two()
            || !(512..=32768).contains(&size)
            || page_size.is_some_and(|first| first != size)
        {
            return Err(damage("its page size is impossible"));
        }
        let transaction = word_at(meta, TRANSACTION);
        if padding != 0 || (transaction != 0 && transaction % 2 != number) {
            return Err(damage("it is not the meta page of its transaction"));
        }
        Ok(Self { page_size: size, free, main, last_page: word_at(meta, LAST_PAGE), transaction })
    }
}
