//! A file that belongs in the map is left out, or one that does not gets in.

use proptest::prelude::*;
use repo_map_files::{ErrorKind, ScanOptions, hiding, scan};

use crate::tree::{Tree, check, paths, repo_path};

#[test]
fn a_tracked_file_is_in_though_every_rule_hides_it() {
    let tree = Tree::git(&[
        (".gitignore", "/*\n!/debian/\n"),
        (".ignore", "kernel\n"),
        ("Makefile", ""),
        ("kernel/sched/core.c", ""),
        ("kernel/sched/untracked.c", ""),
        ("kernel/fork.c", ""),
        (".github/ci.yml", ""),
        (".github/untracked.yml", ""),
        (".hidden", ""),
    ]);
    tree.track(&["Makefile", "kernel/fork.c", "kernel/sched/core.c", ".github/ci.yml", ".hidden"]);
    tree.check(&[".github/ci.yml", ".hidden", "Makefile", "kernel/fork.c", "kernel/sched/core.c"], &[]);
}

#[test]
fn untracked_files_follow_every_kind_of_rule_file() {
    let tree = Tree::git(&[
        (".gitignore", "git\n"),
        (".ignore", "plain\n"),
        (".aiderignore", "aider\n"),
        (".repomapignore", "own\n"),
        (".git/info/exclude", "exclude\n"),
        ("sub/git", ""),
        ("sub/plain", ""),
        ("sub/aider", ""),
        ("sub/own", ""),
        ("sub/exclude", ""),
        ("sub/kept", ""),
        ("sub/.hidden", ""),
    ]);
    tree.check(&["sub/kept"], &[]);
}

#[test]
fn rules_of_the_map_hide_tracked_files_too() {
    let tree = Tree::git(&[
        (".aiderignore", "vendor/\n/docs/*.md\n"),
        ("lib/.repomapignore", "*.gen.rs\n!keep.gen.rs\n"),
        ("vendor/deep/a.rs", ""),
        ("docs/a.md", ""),
        ("docs/sub/b.md", ""),
        ("lib/a.gen.rs", ""),
        ("lib/sub/b.gen.rs", ""),
        ("lib/keep.gen.rs", ""),
        ("a.gen.rs", ""),
    ]);
    tree.track(&["."]);
    let files = [".aiderignore", "a.gen.rs", "docs/sub/b.md", "lib/.repomapignore", "lib/keep.gen.rs"];
    tree.check(&files, &[]);
}

#[test]
fn rules_of_the_map_reach_tracked_files_in_folders_that_git_ignores() {
    let tree = Tree::git(&[
        (".gitignore", "/*\n"),
        ("a/.repomapignore", "secret.rs\n"),
        ("a/secret.rs", ""),
        ("a/open.rs", ""),
    ]);
    tree.track(&["a/secret.rs", "a/open.rs"]);
    tree.check(&["a/open.rs"], &[]);
}

#[test]
fn an_exclamation_mark_brings_back_what_a_weaker_rule_or_a_dot_hides() {
    let tree = Tree::git(&[
        (".gitignore", "*.gen\n!kept.gen\n"),
        (".repomapignore", "!wanted.gen\n!.github/\n"),
        ("a.gen", ""),
        ("kept.gen", ""),
        ("wanted.gen", ""),
        (".github/ci.yml", ""),
        (".github/.deeper", ""),
    ]);
    tree.check(&[".github/ci.yml", "kept.gen", "wanted.gen"], &[]);
}

#[test]
fn git_data_stays_out_even_where_a_rule_asks_for_it() {
    let tree = Tree::git(&[(".repomapignore", "!.*\n"), ("a", "")]);
    tree.check(&[".repomapignore", "a"], &[]);
}

#[test]
fn gitignore_needs_git_and_the_others_do_not() {
    let tree = Tree::plain(&[
        (".gitignore", "git\n"),
        (".ignore", "plain\n"),
        (".aiderignore", "aider\n"),
        (".repomapignore", "own\n"),
        ("git", ""),
        ("plain", ""),
        ("aider", ""),
        ("own", ""),
        ("kept", ""),
    ]);
    tree.check(&["git", "kept"], &[]);
}

#[test]
fn without_git_is_the_same_as_a_plain_tree() {
    let tree = Tree::git(&[(".gitignore", "a\n"), (".ignore", "b\n"), ("a", ""), ("b", ""), (".c", "")]);
    tree.track(&["b", ".c"]);
    check(&tree.scan_with(&ScanOptions::default().use_git(false)), &["a"], &[]);
    tree.check(&[".c", "b"], &[]);
}

#[test]
fn rules_from_above_the_root_do_not_reach_in() {
    let tree = Tree::plain(&[(".ignore", "*\n"), (".repomapignore", "*\n"), ("inner/a.rs", "")]);
    let inner = repo_map_files::locate(&tree.join("inner")).unwrap();
    check(&scan(&inner, &ScanOptions::default()).unwrap(), &["a.rs"], &[]);
}

#[test]
fn a_nested_repository_keeps_its_own_rules() {
    let tree = Tree::git(&[
        (".gitignore", "*.log\nclosed/\n"),
        ("outer.log", ""),
        ("nested/.gitignore", "*.tmp\n"),
        ("nested/a.rs", ""),
        ("nested/a.log", ""),
        ("nested/a.tmp", ""),
        ("closed/b.rs", ""),
    ]);
    for nested in ["nested", "closed"] {
        crate::tree::git(&tree.join(nested), &["init", "-q"]);
    }
    tree.check(&["nested/a.log", "nested/a.rs"], &[]);
}

#[test]
fn rule_files_of_windows_editors_and_with_nonsense_count() {
    let tree = Tree::plain(&[(".ignore", "\u{feff}a\r\n[\r\n# b\r\nc\r\n"), ("a", ""), ("b", ""), ("c", "")]);
    tree.check(&["b"], &[]);
}

#[test]
fn rules_that_the_caller_adds_hide_tracked_files_and_yield_to_the_tree() {
    let tree = Tree::git(&[
        ("a.rs", ""),
        ("b.rs", ""),
        ("sub/a.rs", ""),
        ("sub/.repomapignore", "!a.rs\n"),
        ("extra/rules", "/b.rs\na.rs\n"),
    ]);
    tree.track(&["a.rs", "b.rs", "sub/a.rs"]);
    let options = ScanOptions::default().ignore_file(tree.join("extra/rules"));
    check(&tree.scan_with(&options), &["extra/rules", "sub/a.rs"], &[]);

    let error = scan(&tree.root(), &ScanOptions::default().ignore_file(tree.join("none"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IgnoreFile);
    assert!(error.to_string().contains("none"), "{error}");
}

#[test]
fn a_subtree_is_the_scan_of_the_whole_cut_down() {
    let tree = Tree::git(&[
        (".gitignore", "a/b/ignored\n"),
        ("a/.ignore", "*.no\n"),
        ("a/b/c.rs", ""),
        ("a/b/d.no", ""),
        ("a/b/ignored", ""),
        ("a/b/missing", ""),
        ("a/bc.rs", ""),
        ("a/b.rs", ""),
        ("z/missing", ""),
    ]);
    tree.track(&["a/b/ignored", "a/b/missing", "z/missing"]);
    for gone in ["a/b/missing", "z/missing"] {
        std::fs::remove_file(tree.join(gone)).unwrap();
    }
    let subtree = |path| tree.scan_with(&ScanOptions::default().subtree(Some(repo_path(path))));
    check(&subtree("a/b"), &["a/b/c.rs", "a/b/ignored"], &[("a/b/missing", "vanished")]);
    check(&subtree("a/b.rs"), &["a/b.rs"], &[]);
    check(&subtree("nowhere"), &[], &[]);
}

#[test]
fn an_explicit_list_is_taken_at_its_word() {
    let tree = Tree::git(&[(".repomapignore", "*\n"), ("a", ""), (".b", ""), ("d/e", "")]);
    let list = ["d/e", "none", "a", ".b", "d", "a", "a/below"].map(repo_path).to_vec();
    let options = ScanOptions::default().only(Some(list));
    let skipped = [("a/below", "vanished"), ("d", "not_regular"), ("none", "vanished")];
    check(&tree.scan_with(&options), &[".b", "a", "d/e"], &skipped);
    check(&tree.scan_with(&options.subtree(Some(repo_path("d")))), &["d/e"], &[("d", "not_regular")]);
}

const NAMES: [&str; 5] = ["a", "b", "c.o", "d", "ab"];

fn a_path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&NAMES[..]), 1..4).prop_map(|parts| parts.join("/"))
}

fn a_pattern() -> impl Strategy<Value = String> {
    let shape = prop::sample::select(
        &["{}", "/{}", "{}/", "!{}", "!/{}", "**/{}", "{}/**", "{}/*", "{}*", "*", "*.o", "!{}/"][..],
    );
    (shape, a_path()).prop_map(|(shape, path)| shape.replace("{}", &path))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// git itself says which files are tracked or untracked and not ignored.
    #[test]
    fn tracked_and_ignored_are_what_git_says(
        files in prop::collection::vec((a_path(), any::<bool>()), 1..12),
        top in prop::collection::vec(a_pattern(), 0..5),
        deep in prop::collection::vec(a_pattern(), 0..4),
    ) {
        let tree = Tree::git(&[(".gitignore", &top.join("\n"))]);
        if std::fs::create_dir_all(tree.join("a")).is_ok() {
            tree.write("a/.gitignore", &deep.join("\n"));
        }
        let mut tracked = Vec::new();
        for (path, is_tracked) in &files {
            let full = tree.join(path);
            // A path may be another one's folder: the first one wins.
            if std::fs::create_dir_all(full.parent().unwrap()).is_ok() && std::fs::write(&full, "").is_ok() && *is_tracked {
                tracked.push(path.as_str());
            }
        }
        if !tracked.is_empty() {
            tree.track(&tracked);
        }
        let listed = tree.run_git(&["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let mut expected: Vec<_> = listed.split_terminator('\0').filter(|path| !path.ends_with(".gitignore")).collect();
        expected.sort_unstable();
        expected.dedup();
        let scan = tree.scan();
        prop_assert_eq!(paths(&scan), expected, "rules {:?} and in a/ {:?}", top, deep);
        prop_assert_eq!(&scan.skipped, &[]);
        // What hides a file is known of each that is there and not listed, and of no other.
        for (path, _) in files.iter().filter(|(path, _)| tree.join(path).is_file()) {
            let why = hiding(&tree.root(), &ScanOptions::default(), &repo_path(path));
            let is_listed = scan.files.iter().any(|of| of.path.as_str() == *path);
            prop_assert!(is_listed || why.is_some(), "{} with {:?} and in a/ {:?}", path, top, deep);
            prop_assert!(!is_listed || why.is_none() || tracked.contains(&path.as_str()), "{}: {:?}", path, why);
        }
    }
}

#[test]
fn the_rule_that_hides_a_file_is_named_with_its_ignore_file() {
    let tree = Tree::git(&[
        (".gitignore", "/*.log\n"),
        (".git/info/exclude", "own\n"),
        ("a/.gitignore", "build/\n"),
        ("a/.ignore", "plain\n"),
        (".repomapignore", "vendor\n"),
    ]);
    let check = |path: &str, says: Option<&str>| {
        let why = hiding(&tree.root(), &ScanOptions::default(), &repo_path(path));
        assert_eq!(why.map(|why| why.to_string()).as_deref(), says, "{path}");
    };
    check("run.log", Some("the rule `/*.log` of .gitignore or .git/info/exclude hides it"));
    check("a/build/x/y.c", Some("the rule `build/` of .gitignore or .git/info/exclude in a hides it"));
    check("a/b/plain", Some("the rule `plain` of a/.ignore hides it"));
    check("vendor/a.c", Some("the rule `vendor` of .aiderignore or .repomapignore hides it"));
    check(
        "a/.hidden/x",
        Some(
            "a/.hidden begins with a dot and is not tracked by git; a rule `!a/.hidden` in .repomapignore takes it in",
        ),
    );
    check("a/kept.c", None);
}

#[test]
fn rules_that_never_end_are_refused_with_a_line() {
    let tree = Tree::plain(&[("a.c", "")]);
    let error = scan(&tree.root(), &ScanOptions::default().ignore_file("/dev/zero")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IgnoreFile);
    assert!(error.to_string().contains("more than 16777216 bytes"), "{error}");
}
