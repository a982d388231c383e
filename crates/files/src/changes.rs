use std::cmp::Ordering;

use repo_map_model::RepoPath;

use crate::ScannedFile;

/// The difference between two scans, each part in path order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Files of the new scan alone.
    pub added: Vec<ScannedFile>,
    /// Files of both with another fingerprint, as the new scan has them. The content may be the same still.
    pub modified: Vec<ScannedFile>,
    /// Files of the old scan alone.
    pub removed: Vec<RepoPath>,
}

/// What changed between two scans by their fingerprints, in one pass: O(n).
///
/// Both must be in path order, as [`Scan::files`](crate::Scan::files) is. A file whose old fingerprint
/// was not [settled](crate::StatFingerprint::is_settled) may have changed without being listed here.
pub fn changes(old: &[ScannedFile], new: &[ScannedFile]) -> Changes {
    let mut changes = Changes::default();
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return changes,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(before), Some(after)) => before.path.cmp(&after.path),
        };
        let before = old.next_if(|_| order.is_le());
        let after = new.next_if(|_| order.is_ge());
        match (before, after) {
            (Some(before), Some(after)) if before.stat != after.stat => changes.modified.push(after.clone()),
            (Some(before), None) => changes.removed.push(before.path.clone()),
            (None, Some(after)) => changes.added.push(after.clone()),
            _ => {}
        }
    }
}

impl Changes {
    /// Whether both scans saw the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.modified.is_empty() && self.removed.is_empty()
    }
}
