//! An index that one process leaves to the next: a table of its files, and parts of its entries, of which a task reads those of its words.

use std::sync::Arc;

use repo_map_model::RepoPath;

use crate::field::Field;
use crate::index::{File, Index};
use crate::parts::{Kept, KeptWords, Kind, OF_PART, PARTS, write};
use crate::postings::Postings;
use crate::varint::{push, take};

impl Index {
    /// How many parts an index is kept in.
    pub const PARTS: u32 = PARTS;

    /// The index as bytes: each part goes to `keep`, and the table comes back, which is of the files in the order of their paths. `None` where a
    /// part of its own was not there, or `keep` says that there is no room.
    pub fn keep(&self, mut keep: impl FnMut(u32, &[u8]) -> bool) -> Option<Vec<u8>> {
        let mut order: Vec<(&RepoPath, u32)> = self.slots.iter().map(|(path, &slot)| (path, slot)).collect();
        order.sort_unstable();
        let mut new: Vec<Option<u32>> = vec![None; self.files.len()];
        order.iter().zip(0..).for_each(|(&(_, slot), at)| new[slot as usize] = Some(at));
        let (mut buckets, mut part) = (Vec::new(), Vec::new());
        for at in 0..Self::PARTS {
            buckets.clear();
            part.clear();
            for postings in [&self.contents, &self.paths] {
                for bucket in at as usize * OF_PART..(at as usize + 1) * OF_PART {
                    let mut entries = postings.bucket(bucket, &new);
                    entries.sort_unstable();
                    push(&mut part, write(&entries, &mut buckets));
                }
            }
            part.extend_from_slice(&buckets);
            if self.lacks_parts() || !keep(at, &part) {
                return None;
            }
        }
        let mut table = Vec::new();
        for file in order.iter().filter_map(|&(_, slot)| self.files[slot as usize].as_ref()) {
            let numbers = [file.path_length, file.bodies, file.bodies_length];
            file.lengths.iter().chain(&numbers).for_each(|number| push(&mut table, *number));
        }
        Some(table)
    }

    /// The index of files in the order of their paths, from the table that was kept of it; further parts are read when they are asked for.
    /// `None` where the table is none of so many files.
    pub fn restore(paths: Vec<RepoPath>, mut table: &[u8], from: Arc<dyn KeptWords>) -> Option<Self> {
        let mut index = Self::default();
        let kept = Kept::new(from, u32::try_from(paths.len()).ok()?);
        index.contents = Postings::kept(kept.clone(), Kind::Contents);
        index.paths = Postings::kept(kept.clone(), Kind::Paths);
        index.kept = Some(kept);
        for path in paths {
            let mut numbers = [0; Field::COUNT + 3];
            for number in &mut numbers {
                *number = take(&mut table)?;
            }
            let [lengths @ .., path_length, bodies, bodies_length] = numbers;
            index.add(File { path, lengths, path_length, bodies, bodies_length });
        }
        table.is_empty().then_some(index)
    }

    /// Whether a part that was asked for was not there: then scores lack entries, and the index is to be filled anew.
    pub fn lacks_parts(&self) -> bool {
        self.kept.as_ref().is_some_and(Kept::lacks_any)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Mutex;

    use repo_map_model::FileTags;

    use super::*;
    use crate::{FileWords, Query, ScoreOptions, Scores};

    #[derive(Debug, Default)]
    struct Parts(Mutex<HashMap<u32, Vec<u8>>>, Mutex<usize>);

    impl KeptWords for Parts {
        fn part(&self, part: u32, read: &mut dyn FnMut(&[u8])) {
            *self.1.lock().unwrap() += 1;
            if let Some(bytes) = self.0.lock().unwrap().get(&part) {
                read(bytes);
            }
        }
    }

    fn path(at: usize) -> RepoPath {
        RepoPath::new(&format!("p{}/lock_{at}.txt", at % 5)).unwrap()
    }

    fn words(at: usize, edition: usize) -> FileWords<Vec<u8>> {
        let text = format!("cache number{at} lock{} engine{edition} {}", at % 7, "drop ".repeat(at % 4));
        FileWords::from_bytes(FileWords::of(&text, &FileTags::default()).as_bytes().to_vec()).unwrap()
    }

    fn kept(index: &Index) -> (Arc<Parts>, Vec<u8>, Vec<RepoPath>) {
        let parts = Arc::new(Parts::default());
        let keep = |at, bytes: &[u8]| parts.0.lock().unwrap().insert(at, bytes.to_vec()).is_none();
        let table = index.keep(keep).unwrap();
        let mut paths: Vec<RepoPath> = index.slots.keys().cloned().collect();
        paths.sort_unstable();
        (parts, table, paths)
    }

    fn scores(index: &Index, of: &HashMap<RepoPath, FileWords<Vec<u8>>>) -> Scores {
        let query = Query::parse("drop the lock3 of number12 in p2/lock_17.txt before the cache engine1");
        index.score(&query, &ScoreOptions::default(), |path| of.get(path).cloned())
    }

    #[test]
    fn an_index_that_was_kept_scores_as_it_did_after_any_changes_and_reads_few_parts() {
        let (mut index, mut of) = (Index::new(), HashMap::new());
        // Not in the order of paths, and some again.
        for at in (0..60).rev().chain(10..20) {
            index.set_file(&path(at), &words(at, at % 3));
            of.insert(path(at), words(at, at % 3));
        }
        index.remove_file(&path(33));
        of.remove(&path(33));
        for round in 0..3 {
            let (parts, table, paths) = kept(&index);
            let mut restored = Index::restore(paths.clone(), &table, parts.clone()).unwrap();
            assert_eq!(scores(&restored, &of), scores(&index, &of));
            assert!(!restored.lacks_parts());
            let read = *parts.1.lock().unwrap();
            assert!((1..30).contains(&read), "{read}");
            for at in [7, 40 + round] {
                for index in [&mut index, &mut restored] {
                    index.set_file(&path(at), &words(at, 9 + round));
                    index.remove_file(&path(50 + round));
                }
                of.insert(path(at), words(at, 9 + round));
                of.remove(&path(50 + round));
            }
            assert_eq!(scores(&restored, &of), scores(&index, &of));
            restored.compact();
            assert_eq!(scores(&restored, &of), scores(&index, &of));
            index = restored;
        }
    }

    #[test]
    fn parts_that_are_missing_or_damaged_are_told_and_do_not_panic() {
        let (mut index, mut of) = (Index::new(), HashMap::new());
        for at in 0..40 {
            index.set_file(&path(at), &words(at, 0));
            of.insert(path(at), words(at, 0));
        }
        let (parts, table, paths) = kept(&index);
        let expected = scores(&index, &of);
        let whole = parts.0.lock().unwrap().clone();
        let mut told = 0;
        for (part, bytes) in whole.iter().filter(|(part, _)| **part % 8 == 0) {
            for at in (0..=bytes.len()).step_by(5) {
                let mut damaged = bytes.clone();
                match damaged.get_mut(at) {
                    Some(byte) => *byte ^= 0xff,
                    None => drop(damaged.pop()),
                }
                parts.0.lock().unwrap().insert(*part, damaged);
                let restored = Index::restore(paths.clone(), &table, parts.clone()).unwrap();
                drop(scores(&restored, &of));
                told += usize::from(restored.lacks_parts());
            }
            parts.0.lock().unwrap().remove(part);
            let restored = Index::restore(paths.clone(), &table, parts.clone()).unwrap();
            assert!(scores(&restored, &of) == expected || restored.lacks_parts());
            parts.0.lock().unwrap().insert(*part, bytes.clone());
        }
        assert!(told > 0);
        assert!(Index::restore(paths.clone(), &table[1..], parts.clone()).is_none());
        assert!(Index::restore(paths[1..].to_vec(), &table, parts).is_none());
    }
}
