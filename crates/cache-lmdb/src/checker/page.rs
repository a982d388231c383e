//! Pages of an LMDB data file as bytes: headers and nodes, with every bound checked before it is used.
//!
//! ```text
//! page    0 page number (w)  w pad (2)  w+2 flags (2)  w+4 lower (2) + upper (2), or length of an overflow run (4)
//!         w+8 offsets of the nodes (2 each, up to lower)   free space   nodes, from upper to the end
//! node    0 size or child, low (4)  4 flags, or child, high (2)  6 key length (2)  8 key, then data
//! ```
//!
//! LMDB writes numbers as the machine has them: in its order, and those of pages, transactions and entries with the width
//! w of its addresses: 8 bytes, or 4 where the number of a child has no high part.

pub(super) const BRANCH: u16 = 0x01;
pub(super) const LEAF: u16 = 0x02;
pub(super) const OVERFLOW: u16 = 0x04;
pub(super) const META: u16 = 0x08;

/// The data of the node is the number of an overflow page.
pub(super) const NODE_BIG: u16 = 0x01;
/// The data of the node is the record of a named table.
pub(super) const NODE_TABLE: u16 = 0x02;

/// The bytes of a number of a page, of a transaction or of entries: C's `size_t`.
pub(super) const WORD: usize = size_of::<usize>();

pub(super) const HEADER: usize = WORD + 8;
const NODE_HEADER: usize = 8;

/// The bytes of one page.
#[derive(Clone, Copy)]
pub(super) struct Page<'a>(pub(super) &'a [u8]);

/// An entry of a leaf, or a child of a branch.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) key: &'a [u8],
    pub(super) content: Content<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    Child(u64),
    Data(&'a [u8]),
    /// The first page of the run and the length of the data.
    Big(u64, usize),
    Table(&'a [u8]),
}

impl<'a> Page<'a> {
    pub(super) fn number(self) -> u64 {
        word_at(self.0, 0)
    }

    pub(super) fn flags(self) -> u16 {
        u16_at(self.0, WORD + 2)
    }

    /// How many pages an overflow run has, this first one included.
    pub(super) fn run(self) -> u64 {
        u64::from(u32_at(self.0, WORD + 4))
    }

    /// The nodes of a branch or a leaf: within the page, and filling it exactly from the upper bound to the end.
    pub(super) fn nodes(self) -> Result<Vec<Node<'a>>, &'static str> {
        let (lower, upper) = (usize::from(u16_at(self.0, WORD + 4)), usize::from(u16_at(self.0, WORD + 6)));
        if lower < HEADER || !lower.is_multiple_of(2) || lower > upper || upper > self.0.len() {
            return Err("the bounds of its free space are impossible");
        }
        let is_branch = self.flags() == BRANCH;
        let mut nodes = Vec::with_capacity((lower - HEADER) / 2);
        let mut extents = Vec::with_capacity(nodes.capacity());
        for at in (HEADER..lower).step_by(2) {
            let offset = usize::from(u16_at(self.0, at));
            let (node, size) = self.node(offset, is_branch).ok_or("a node reaches out of it")?;
            nodes.push(node);
            extents.push((offset, size));
        }
        extents.sort_unstable();
        let mut end = upper;
        for (offset, size) in extents {
            if offset != end {
                return Err("its nodes overlap or leave gaps");
            }
            end = offset + size;
        }
        if end == self.0.len() { Ok(nodes) } else { Err("its nodes overlap or leave gaps") }
    }

    /// The node at an offset, and the bytes that it takes.
    fn node(self, offset: usize, is_branch: bool) -> Option<(Node<'a>, usize)> {
        let header = self.0.get(offset..offset + NODE_HEADER)?;
        let (low, flags, key_len) = (u32_at(header, 0), u16_at(header, 4), usize::from(u16_at(header, 6)));
        let data_at = offset + NODE_HEADER + key_len;
        let key = self.0.get(offset + NODE_HEADER..data_at)?;
        let (content, data_len) = if is_branch {
            let high = if WORD > 4 { u64::from(flags) << 32 } else { 0 };
            (Content::Child(u64::from(low) | high), 0)
        } else if flags == NODE_BIG {
            (Content::Big(word_at(self.0.get(data_at..data_at + WORD)?, 0), low as usize), WORD)
        } else {
            let data = self.0.get(data_at..data_at.checked_add(low as usize)?)?;
            match flags {
                0 => (Content::Data(data), data.len()),
                NODE_TABLE => (Content::Table(data), data.len()),
                _ => return None,
            }
        };
        let size = (NODE_HEADER + key_len + data_len).next_multiple_of(2);
        (offset + size <= self.0.len()).then_some((Node { key, content }, size))
    }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_ne_bytes(array(bytes, at))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes(array(bytes, at))
}

pub(super) fn word_at(bytes: &[u8], at: usize) -> u64 {
    usize::from_ne_bytes(array(bytes, at)) as u64
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[at..at + N]);
    array
}
