//! The names of the last commits, and nothing else of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::Path;

use ahash::HashSet;

use crate::repository::Repository;

/// What is decoded at most: a thousand commits take a hundredth of it.
const MAX_WORK: u64 = 64 << 20;

/// The commit that `HEAD` stands for and those before it, by their hexadecimal names: at most so many, merges among them, a commit
/// before its parents and younger ones first. Empty where there is no repository, or nothing of it can be read.
///
/// Costs a look at each commit, and at no tree.
pub fn ancestors(folder: &Path, most: usize) -> Vec<String> {
    let mut names = Vec::new();
    let Ok(mut repository) = Repository::open(folder) else { return names };
    let Ok(head) = repository.head() else { return names };
    let (mut seen, mut queue) = (HashSet::default(), BinaryHeap::new());
    let mut next = vec![head];
    loop {
        for id in next.drain(..) {
            if seen.len() < most.saturating_mul(4) && repository.work() <= MAX_WORK && seen.insert(id) {
                // What is missing, as behind the border of a shallow clone, is no commit of this log.
                if let Some(commit) = repository.commit(id, 0) {
                    queue.push((commit.time, Reverse(seen.len()), id, commit.parents));
                }
            }
        }
        let Some((_, _, id, parents)) = queue.pop().filter(|_| names.len() < most) else { return names };
        names.push(id.to_hex().to_string());
        next = parents;
    }
}
