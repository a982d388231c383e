//! What a folder holds, so that a change of it is seen: names, kinds, modes, owners, links, bytes and times of writing.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use twox_hash::XxHash3_64;

/// All that is below a folder.
#[derive(PartialEq, Eq)]
pub(crate) struct Snapshot(BTreeMap<PathBuf, Entry>);

#[derive(PartialEq, Eq)]
struct Entry {
    mode: u32,
    owner: u32,
    /// Of files: a folder's own time changes whenever a child does, which is seen by itself.
    written: Option<(i64, i64)>,
    content: u64,
}

impl Snapshot {
    /// Looks at everything below `folder`, but for what lies in one of the folders `exempt`.
    pub(crate) fn of(folder: &Path, exempt: &[PathBuf]) -> Self {
        let mut entries = BTreeMap::new();
        let mut waiting = vec![folder.to_owned()];
        while let Some(path) = waiting.pop() {
            if exempt.contains(&path) {
                continue;
            }
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            if metadata.is_dir()
                && let Ok(children) = fs::read_dir(&path)
            {
                waiting.extend(children.flatten().map(|child| child.path()));
            }
            entries.insert(path.clone(), Entry::of(&path, &metadata));
        }
        Self(entries)
    }

    /// What is not as it was: a few paths, each with what became of it.
    pub(crate) fn changes(&self, after: &Self, root: &Path) -> Vec<String> {
        let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
        let mut changes = Vec::new();
        for (path, entry) in &self.0 {
            match after.0.get(path) {
                None => changes.push(format!("{} is gone", shown(path))),
                Some(now) if now != entry => changes.push(format!("{} is changed", shown(path))),
                Some(_) => {}
            }
        }
        let made = after.0.keys().filter(|path| !self.0.contains_key(*path));
        changes.extend(made.map(|path| format!("{} is new", shown(path))));
        changes
    }
}

impl Entry {
    fn of(path: &Path, metadata: &Metadata) -> Self {
        let written = metadata.is_file().then(|| (metadata.mtime(), metadata.mtime_nsec()));
        Self { mode: metadata.mode(), owner: metadata.uid(), written, content: content(path, metadata) }
    }
}

/// The hash of a file's bytes or of a link's target. Nothing else is opened: it might wait.
fn content(path: &Path, metadata: &Metadata) -> u64 {
    if metadata.is_symlink() {
        let target = fs::read_link(path).unwrap_or_default();
        return XxHash3_64::oneshot(target.as_os_str().as_encoded_bytes());
    }
    if !metadata.is_file() {
        return 0;
    }
    /// More is not read of one file: length and time tell of the rest.
    const READ: u64 = 1 << 20;
    let mut bytes = Vec::new();
    if let Ok(file) = fs::File::open(path) {
        // What cannot be read has its mode and its time.
        let _ = file.take(READ).read_to_end(&mut bytes);
    }
    XxHash3_64::oneshot_with_seed(metadata.len(), &bytes)
}

#[cfg(test)]
mod tests {
    use super::Snapshot;
    use std::fs;

    #[test]
    fn each_change_of_a_home_is_seen() {
        let folder = std::env::temp_dir().join(format!("repo-map-attack-digest-{}", std::process::id()));
        let exempt = folder.join("cache");
        fs::create_dir_all(&exempt).unwrap();
        fs::write(folder.join("kept"), "precious").unwrap();
        fs::write(folder.join("deleted"), "precious").unwrap();
        let before = Snapshot::of(&folder, std::slice::from_ref(&exempt));
        fs::write(exempt.join("data"), "ours").unwrap();
        assert!(before.changes(&Snapshot::of(&folder, std::slice::from_ref(&exempt)), &folder).is_empty());
        fs::write(folder.join("kept"), "prec1ous").unwrap();
        fs::remove_file(folder.join("deleted")).unwrap();
        fs::write(folder.join(".gitignore"), "*").unwrap();
        let changes = before.changes(&Snapshot::of(&folder, std::slice::from_ref(&exempt)), &folder);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(changes, ["deleted is gone", "kept is changed", ".gitignore is new"]);
    }
}
