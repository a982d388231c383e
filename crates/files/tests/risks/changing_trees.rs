//! A tree that changes under the scan, or another number of threads, changes what is said of the rest.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};

use repo_map_files::{ScanOptions, SkipReason, read};

use crate::tree::{Tree, repo_path};

#[test]
fn files_that_come_and_go_disturb_no_others() {
    let tree = Tree::git(&[]);
    let stable: Vec<String> = (0..40).map(|n| format!("d{}/s{n}", n % 4)).collect();
    for path in &stable {
        tree.write(path, "");
    }
    tree.track(&["."]);
    let root = tree.root();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut round = 0;
            while !done.load(Ordering::Relaxed) {
                for n in 0..8 {
                    let folder = tree.join(&format!("d{}/t{n}/u", n % 4));
                    let _ = fs::create_dir_all(&folder);
                    let _ = fs::write(folder.join("v"), "");
                    let _ = symlink("v", folder.join("w"));
                    let _ = fs::write(tree.join(&format!("d{}/f{n}", n % 4)), "");
                }
                tree.write("come/and/go", &"x".repeat(round % 50));
                for n in 0..8 {
                    let _ = fs::remove_dir_all(tree.join(&format!("d{}/t{n}", n % 4)));
                    let _ = fs::remove_file(tree.join(&format!("d{}/f{n}", n % 4)));
                }
                let _ = fs::remove_dir_all(tree.join("come"));
                round += 1;
            }
        });
        let mut vanished = 0;
        for _ in 0..300 {
            let scan = repo_map_files::scan(&root, &ScanOptions::default().threads(2)).unwrap();
            for path in &stable {
                let found = scan.files.binary_search_by(|file| file.path.as_str().cmp(path));
                assert!(found.is_ok(), "{path}");
            }
            for skipped in &scan.skipped {
                assert!(matches!(skipped.reason, SkipReason::Vanished | SkipReason::Symlink), "{skipped:?}");
                vanished += usize::from(skipped.reason == SkipReason::Vanished);
            }
            assert!(scan.files.is_sorted_by(|a, b| a.path < b.path));
            if let Err(reason) = read(&root, &repo_path("come/and/go"), 100) {
                assert_eq!(reason, SkipReason::Vanished);
            }
        }
        done.store(true, Ordering::Relaxed);
        println!("{vanished} vanished");
    });
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let tree = Tree::git(&[(".gitignore", "*.o\n/x\n")]);
    for n in 0..400 {
        tree.write(&format!("d{}/e{}/f{n}", n % 7, n % 11), "");
        tree.write(&format!("d{}/f{n}.o", n % 13), "");
        tree.write(&format!("x/{n}/f"), "");
        symlink("f", tree.join(&format!("x/{n}/link"))).unwrap();
    }
    tree.track(&["x", "d1"]);
    fs::remove_dir_all(tree.join("x/7")).unwrap();
    let scan = |threads| tree.scan_with(&ScanOptions::default().threads(threads));
    let one = scan(1);
    assert!(one.files.len() > 700 && one.skipped.len() == 401, "{} {}", one.files.len(), one.skipped.len());
    for threads in [0, 2, 8] {
        assert_eq!(scan(threads), one, "{threads} threads");
    }
    let list: Vec<_> = one.files.iter().map(|file| file.path.clone()).chain([repo_path("none")]).collect();
    let listed = |threads| tree.scan_with(&ScanOptions::default().only(Some(list.clone())).threads(threads));
    assert_eq!(listed(1).files, one.files);
    assert_eq!(listed(8), listed(1));
}
