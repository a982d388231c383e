use ahash::HashMap;
use repo_map_model::RepoPath;

use crate::entry::MAX_SLOTS;
use crate::field::{Field, Lengths};
use crate::parts::Kept;
use crate::postings::Postings;
use crate::record::{Counts, FileWords};
use crate::term::Term;
use crate::words::words;

/// The words of a repository's files, to be asked by [`score`](Self::score).
///
/// Files may be set and removed in any order: the scores depend on the present files alone. Memory: 8 bytes a
/// different term of a file, some 200 to 300 of them a source file.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(crate) contents: Postings,
    /// Words of paths; the payload is their count. Exact file names and stems are among them.
    pub(crate) paths: Postings,
    pub(crate) files: Vec<Option<File>>,
    pub(crate) slots: HashMap<RepoPath, u32>,
    pub(crate) totals: Totals,
    /// What entries of both kinds are read from.
    pub(crate) kept: Option<Kept>,
}

/// What is known of a file besides its terms.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: RepoPath,
    pub(crate) lengths: Lengths,
    pub(crate) path_length: u32,
    pub(crate) bodies: u32,
    pub(crate) bodies_length: u32,
}

/// Sums over the present files: exact, so that they do not depend on the order of changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) files: usize,
    pub(crate) lengths: [u64; Field::COUNT],
    pub(crate) path_length: u64,
    pub(crate) bodies: u64,
    pub(crate) bodies_length: u64,
}

impl Index {
    /// An index of no file.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.totals.files
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a file, or puts new words in the place of its old ones. Cost: the number of its different terms.
    pub fn set_file<B: AsRef<[u8]>>(&mut self, path: &RepoPath, words: &FileWords<B>) {
        self.remove_file(path);
        if self.files.len() >= MAX_SLOTS {
            self.compact();
        }
        if self.files.len() >= MAX_SLOTS {
            return;
        }
        let slot = self.files.len() as u32;
        for (term, counts) in words.terms() {
            self.contents.push(term, slot, pack(counts));
        }
        let file = File {
            path: path.clone(),
            lengths: words.lengths(),
            path_length: self.set_path(path, slot),
            bodies: words.body_count(),
            bodies_length: words.bodies_length(),
        };
        self.add(file);
    }

    /// Adds a file whose entries are there.
    pub(crate) fn add(&mut self, file: File) {
        self.totals.add(&file);
        self.slots.insert(file.path.clone(), self.files.len() as u32);
        self.files.push(Some(file));
    }

    /// Takes a file out; says whether it was there.
    pub fn remove_file(&mut self, path: &RepoPath) -> bool {
        let Some(slot) = self.slots.remove(path) else { return false };
        if let Some(file) = self.files[slot as usize].take() {
            self.totals.remove(&file);
        }
        if self.files.len() > 2 * self.totals.files + 1_024 {
            self.compact();
        }
        true
    }

    /// Gives back the memory of files that left, and what was reserved while files were added. Worth a call after the first filling.
    pub fn compact(&mut self) {
        let mut kept = 0;
        let new: Vec<Option<u32>> = self
            .files
            .iter()
            .map(|file| {
                file.as_ref()?;
                kept += 1;
                Some(kept - 1)
            })
            .collect();
        self.contents.renumber(&new);
        self.paths.renumber(&new);
        self.files.retain(Option::is_some);
        self.slots
            .values_mut()
            .for_each(|slot| *slot = new[*slot as usize].expect("a path has a present slot"));
    }

    /// An estimate of the memory that the index takes, in bytes.
    pub fn memory(&self) -> usize {
        let of_parts = self.kept.as_ref().map_or(0, Kept::bytes);
        of_parts
            + self.contents.bytes()
            + self.paths.bytes()
            + self.files.capacity() * (size_of::<File>() + 32)
    }

    fn set_path(&mut self, path: &RepoPath, slot: u32) -> u32 {
        let mut counts: Vec<(Term, u32)> = Vec::new();
        let mut length = 0;
        words(path.as_str(), |word| {
            length += 1;
            let term = Term::new(word);
            match counts.iter_mut().find(|(known, _)| *known == term) {
                Some((_, count)) => *count += 1,
                None => counts.push((term, 1)),
            }
        });
        let name = Term::exact(&path.file_name().to_lowercase());
        counts.push((name, 1));
        let stem = Term::exact(&path.stem().to_lowercase());
        if stem != name {
            counts.push((stem, 1));
        }
        counts.into_iter().for_each(|(term, count)| self.paths.push(term, slot, count.min(255)));
        length
    }
}

impl Totals {
    fn add(&mut self, file: &File) {
        self.files += 1;
        self.lengths.iter_mut().zip(file.lengths).for_each(|(sum, length)| *sum += u64::from(length));
        self.path_length += u64::from(file.path_length);
        self.bodies += u64::from(file.bodies);
        self.bodies_length += u64::from(file.bodies_length);
    }

    fn remove(&mut self, file: &File) {
        self.files -= 1;
        self.lengths.iter_mut().zip(file.lengths).for_each(|(sum, length)| *sum -= u64::from(length));
        self.path_length -= u64::from(file.path_length);
        self.bodies -= u64::from(file.bodies);
        self.bodies_length -= u64::from(file.bodies_length);
    }
}

/// Counts to the 20 bits of an entry: 8 for the content, 4 for each other field.
fn pack(counts: Counts) -> u32 {
    let half = |field: Field, shift: u32| u32::from(counts[field as usize].min(15)) << shift;
    u32::from(counts[Field::Content as usize])
        | half(Field::Names, 8)
        | half(Field::Signatures, 12)
        | half(Field::Prose, 16)
}

/// The count of a field in an entry's payload.
pub(crate) const fn count_of(payload: u32, field: Field) -> u32 {
    match field {
        Field::Content => payload & 255,
        Field::Names => payload >> 8 & 15,
        Field::Signatures => payload >> 12 & 15,
        Field::Prose => payload >> 16 & 15,
    }
}
