//! A tree as far as its `stat` and the store tell of it, before any tags are read: enough to find the map that was kept of it.

use std::collections::BTreeMap;

use repo_map_files::Scan;

use super::worth_reading::may_hold_source;
use super::{Index, IndexedFile, Table, Workshop};
use crate::clock::now_ns;
use crate::store::Identity;

/// A scan with what the store knows of its files.
pub(crate) struct Survey {
    pub(super) scan: Scan,
    /// Beside the files of the scan, where the store was asked.
    pub(super) identities: Option<Vec<Option<Identity>>>,
}

impl Survey {
    /// The scan alone.
    pub(crate) fn unasked(scan: Scan) -> Self {
        Self { scan, identities: None }
    }

    /// Asks the index that was kept, then the store, for the content of all files that may hold source. Costs a look-up a file that the
    /// index has not; where it is interrupted, nothing is known.
    pub(crate) fn of(scan: Scan, table: Option<&Table>, workshop: &Workshop<'_>) -> Self {
        let mut identities = vec![None; scan.files.len()];
        if let Some(table) = table {
            let found = table.identities(scan.files.iter().map(|file| (&file.path, &file.stat)));
            identities.iter_mut().zip(found).for_each(|(identity, found)| *identity = found);
        }
        let is_asked = |&at: &usize| identities[at].is_none() && is_read(&scan, at, workshop.max_file_bytes);
        let asked: Vec<usize> = (0..scan.files.len()).filter(is_asked).collect();
        let files = asked.iter().map(|&at| (&scan.files[at].path, &scan.files[at].stat));
        let looked =
            workshop.store.known_files(workshop.root.path(), files, workshop.interrupt, |at, identity| {
                identities[asked[at]] = Some(identity);
            });
        Self { scan, identities: looked.is_ok().then_some(identities) }
    }

    pub(crate) fn into_scan(self) -> Scan {
        self.scan
    }

    pub(crate) fn scan(&self) -> &Scan {
        &self.scan
    }

    /// The index of the tree, without tags, and how many files the store knew. `None` where it does not know the content of all.
    pub(crate) fn index(&self, workshop: &Workshop<'_>) -> Option<(Index, usize)> {
        let (identities, recorded_ns) = (self.identities.as_ref()?, now_ns());
        let is_known =
            |at: usize| identities[at].is_some() || !is_read(&self.scan, at, workshop.max_file_bytes);
        if !(0..self.scan.files.len()).all(is_known) {
            return None;
        }
        let files = self.scan.files.iter().zip(identities).map(|(file, identity)| {
            (file.path.clone(), IndexedFile::untagged(file.stat, recorded_ns, *identity))
        });
        let files: BTreeMap<_, _> = files.collect();
        let known = identities.iter().flatten().count();
        Some((Index { files, skipped: self.scan.skipped.clone(), ..Index::default() }, known))
    }
}

fn is_read(scan: &Scan, at: usize, max_file_bytes: u64) -> bool {
    let file = &scan.files[at];
    file.stat.size <= max_file_bytes && may_hold_source(&file.path, file.stat.size)
}
