use gix_hash::{Kind, ObjectId};

/// One name in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TreeEntry<'b> {
    /// What it is, in git's octal words.
    pub mode: u32,
    /// Without folders, in whatever encoding.
    pub name: &'b [u8],
    /// The object, by its bytes.
    pub id: ObjectId,
}

/// The entries of a tree as they stand: an honest one is in order.
#[derive(Clone, Debug)]
pub struct TreeEntries<'b> {
    rest: &'b [u8],
    hash_len: usize,
    is_damaged: bool,
}

impl TreeEntry<'_> {
    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }

    /// Whether it is a file or a link: neither a folder nor another repository's commit.
    pub fn is_file(&self) -> bool {
        !self.is_folder() && self.mode & 0o170_000 != 0o160_000
    }
}

impl<'b> TreeEntries<'b> {
    /// Of a tree's bytes.
    pub fn new(bytes: &'b [u8], kind: Kind) -> Self {
        Self { rest: bytes, hash_len: kind.len_in_bytes(), is_damaged: false }
    }

    /// Whether the entries ended because what follows makes no sense.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Passes over the entries that two trees have in common from here on.
    pub fn pass_common(&mut self, other: &mut Self) {
        while let Some(length) = self
            .first_length()
            .filter(|length| other.rest.get(..*length).is_some_and(|entry| *entry == self.rest[..*length]))
        {
            self.rest = &self.rest[length..];
            other.rest = &other.rest[length..];
        }
    }

    /// The bytes of the next entry, if it makes sense.
    fn first_length(&self) -> Option<usize> {
        let length = self.rest.iter().position(|&byte| byte == 0)? + 1 + self.hash_len;
        (length <= self.rest.len()).then_some(length)
    }

    fn take(&mut self) -> Option<TreeEntry<'b>> {
        let space = self.rest.iter().take(8).position(|&byte| byte == b' ')?;
        let mut mode = 0;
        for digit in &self.rest[..space] {
            mode = mode * 8 + u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 8)?);
        }
        let rest = &self.rest[space + 1..];
        let end = rest.iter().position(|&byte| byte == 0)?;
        let (id, after) = rest[end + 1..].split_at_checked(self.hash_len)?;
        self.rest = after;
        Some(TreeEntry { mode, name: &rest[..end], id: ObjectId::try_from(id).ok()? })
    }
}

impl<'b> Iterator for TreeEntries<'b> {
    type Item = TreeEntry<'b>;

    fn next(&mut self) -> Option<TreeEntry<'b>> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = self.take();
        if entry.is_none() {
            self.rest = &[];
            self.is_damaged = true;
        }
        entry
    }
}
