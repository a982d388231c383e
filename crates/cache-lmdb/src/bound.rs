//! What a store may take where nobody says: by the free disk.

use std::fs;
use std::path::Path;

use crate::directory::FORMAT_VERSION;

/// One part in so many of the free disk.
const PART: u64 = 10;
const LEAST: u64 = 256 << 20;
const MOST: u64 = 8 << 30;
/// Where the system does not tell how much is free.
const UNTOLD: u64 = 1 << 30;

/// What the store of a directory may take by default, in bytes: a tenth of what is free, with what it takes already, from 256 MiB
/// to 8 GiB; 1 GiB where that cannot be told. No more than [`map_size`](crate::LmdbOptions::map_size) where that is small.
pub fn default_max_size(directory: &Path) -> u64 {
    let bound = free(directory).map_or(UNTOLD, |free| bound(free, taken(directory)));
    if cfg!(windows) || cfg!(target_pointer_width = "32") { bound.min(UNTOLD) } else { bound }
}

fn bound(free: u64, taken: u64) -> u64 {
    (free.saturating_add(taken) / PART).clamp(LEAST, MOST)
}

/// What the data files of a directory take. They are looked at without following links.
fn taken(directory: &Path) -> u64 {
    let Ok(generations) = fs::read_dir(directory.join(format!("v{FORMAT_VERSION}"))) else { return 0 };
    generations
        .filter_map(|generation| fs::symlink_metadata(generation.ok()?.path().join("data.mdb")).ok())
        .map(|file| file.len())
        .sum()
}

/// What this user may still write to the disk of a directory, or of the nearest one above it that is there.
#[cfg(unix)]
fn free(directory: &Path) -> Option<u64> {
    let facts = directory.ancestors().find_map(|folder| {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        rustix::fs::statvfs(folder).ok()
    })?;
    facts.f_bavail.checked_mul(facts.f_frsize)
}

#[cfg(not(unix))]
fn free(_directory: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_takes_does_not_lower_its_own_bound() {
        let gib = 1 << 30;
        assert_eq!(bound(40 * gib, 0), 4 * gib);
        assert_eq!(bound(37 * gib, 3 * gib), 4 * gib);
        assert_eq!((bound(0, 0), bound(u64::MAX, 1)), (LEAST, MOST));
    }

    #[test]
    fn a_directory_that_is_not_there_yet_is_on_the_disk_of_the_one_above() {
        let root = tempfile::tempdir().unwrap();
        let bound = default_max_size(&root.path().join("not/there/yet"));
        assert!((LEAST..=MOST).contains(&bound));
        let generation = root.path().join(format!("v{FORMAT_VERSION}/1"));
        fs::create_dir_all(&generation).unwrap();
        fs::write(generation.join("data.mdb"), [0; 9000]).unwrap();
        assert_eq!(taken(root.path()), 9000);
    }
}
