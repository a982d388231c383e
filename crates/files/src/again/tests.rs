use super::*;
use crate::{locate, scan};

/// Only the kernel sets the time of a change: it is waited for.
fn settle() {
    std::thread::sleep(std::time::Duration::from_millis(2_100));
}

#[test]
fn what_is_not_listed_again_is_what_a_scan_finds() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("src/deep")).unwrap();
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        assert!(git.arg("-C").arg(folder.path()).args(arguments).status().unwrap().success());
    };
    git(&["init", "-q"]);
    for name in ["src/a.py", "src/deep/b.py", "c.py", "made.out"] {
        fs::write(at(name), "x = 1\n").unwrap();
    }
    fs::write(at(".ignore"), "*.log\n").unwrap();
    fs::write(at(".gitignore"), "*.out\n").unwrap();
    git(&["add", "c.py"]);
    let root = locate(folder.path()).unwrap();
    let options = ScanOptions::default();
    // By each file's stat, and by what the kernel tells.
    let mut scanners = [false, true].map(|watch| (watch, Scanner::new(), Scan::default()));
    let mut check = |listed: bool| {
        let expected = scan(&root, &options).unwrap();
        for (watch, scanner, last) in &mut scanners {
            if let Some(scan) = scanner.scan_if_changed(&root, &options, *watch, Interrupt::NEVER).unwrap() {
                *last = scan;
            }
            assert_eq!(*last, expected);
            assert_eq!(scanner.seen.is_none(), listed, "whether it may be believed the next time");
        }
    };
    check(true);
    settle();
    check(false);
    check(false);
    // What a file holds is its own affair.
    fs::write(at("c.py"), "y = 22\n").unwrap();
    check(false);
    let changes: [&dyn Fn(); 8] = [
        &|| git(&["add", "-f", "made.out"]),
        &|| fs::write(at(".git/info/exclude"), "*.py\n").unwrap(),
        &|| fs::write(at("src/deep/new.py"), "").unwrap(),
        &|| fs::remove_file(at("src/a.py")).unwrap(),
        &|| fs::write(at(".ignore"), "*.py\n").unwrap(),
        &|| fs::remove_file(at(".ignore")).unwrap(),
        &|| fs::rename(at("src/deep"), at("deep")).unwrap(),
        &|| std::os::unix::fs::symlink("c.py", at("link.py")).unwrap(),
    ];
    for change in changes {
        change();
        check(true);
        check(true);
    }
    settle();
    check(false);
    check(false);
    // Between two scans of a settled tree, where the first is believed.
    let changes: [&dyn Fn(); 2] =
        [&|| fs::write(at("more.py"), "").unwrap(), &|| git(&["rm", "-q", "--cached", "made.out"])];
    for change in changes {
        change();
        check(true);
        settle();
        check(false);
    }
}
