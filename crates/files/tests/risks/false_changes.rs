//! A change is missed, or seen where there is none.

use std::collections::BTreeMap;

use proptest::prelude::*;
use repo_map_files::{ScannedFile, StatFingerprint, changes};

use crate::tree::repo_path;

type Model = BTreeMap<String, u64>;

fn a_tree() -> impl Strategy<Value = Model> {
    prop::collection::btree_map("[ab./]{0,2}[ab]", 0..3u64, 0..12).prop_map(|tree| {
        tree.into_iter().filter(|(path, _)| repo_map_model::RepoPath::new(path).is_ok()).collect()
    })
}

fn files(model: &Model) -> Vec<ScannedFile> {
    let stat = |size| StatFingerprint { size, mtime_ns: 1, ctime_ns: 2, inode: 3 };
    model.iter().map(|(path, &size)| ScannedFile { path: repo_path(path), stat: stat(size) }).collect()
}

proptest! {
    #[test]
    fn changes_are_the_differences_of_the_sets(old in a_tree(), new in a_tree()) {
        let found = changes(&files(&old), &files(&new));
        let only = |keep: &dyn Fn(&str, u64) -> bool, of: &Model| -> Model {
            of.iter().filter(|(path, size)| keep(path, **size)).map(|(path, size)| (path.clone(), *size)).collect()
        };
        let added = only(&|path, _| !old.contains_key(path), &new);
        let modified = only(&|path, size| old.get(path).is_some_and(|&before| before != size), &new);
        let removed = only(&|path, _| !new.contains_key(path), &old);
        prop_assert_eq!(found.added, files(&added));
        prop_assert_eq!(found.modified, files(&modified));
        prop_assert_eq!(found.removed, removed.keys().map(|path| repo_path(path)).collect::<Vec<_>>());
        prop_assert!(changes(&files(&old), &files(&old)).is_empty());
    }
}
