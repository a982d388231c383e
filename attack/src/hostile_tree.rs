//! Trees of links, loops, special files, rule files, and trees that change while they are looked at.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;

use crate::attempt::{Attempt, Judge};
use crate::kinds::{Kind, Needs};
use crate::settings::NOBODY;
use crate::{deep_tree, special, trees};

const PLAIN: Kind = Kind { name: "", covers: &[], needs: Needs::Nothing, share: 4, attack: |_| Ok(()) };

pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "tree-links", attack: links, ..PLAIN },
    Kind { name: "tree-special-files", covers: &["special-files-hang"], attack: special_files, ..PLAIN },
    Kind { name: "tree-rule-files", attack: rule_files, ..PLAIN },
    Kind { name: "tree-changes", share: 3, attack: changes, ..PLAIN },
    Kind { name: "tree-swapped-folders", share: 2, attack: swapped, ..PLAIN },
    Kind { name: "tree-depth", share: 2, attack: depth, ..PLAIN },
    Kind { name: "tree-deep-files", share: 2, attack: deep_tree::files_at_the_bottom, ..PLAIN },
    Kind { name: "tree-deep-wide", share: 2, attack: deep_tree::everywhere, ..PLAIN },
    Kind { name: "tree-wide", share: 1, attack: deep_tree::side_by_side, ..PLAIN },
    Kind { name: "tree-permissions", needs: Needs::Root, share: 2, attack: permissions, ..PLAIN },
    Kind { name: "tree-devices", needs: Needs::Root, share: 1, attack: devices, ..PLAIN },
];

fn links(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let home = attempt.sandbox.home();
    for i in 0..attempt.random.between(1, 6) {
        let name = format!("r/{}{i}.py", attempt.random.word());
        match attempt.random.below(7) {
            0 => attempt.link(home.join("projects/new.py"), &name)?,
            1 => attempt.link("../../home/api/v1/1/handler.py", &name)?,
            2 => attempt.link(&home, &format!("r/folder{i}"))?,
            3 => attempt.link(".", &format!("r/loop{i}"))?,
            4 => attempt.link("..", &format!("r/up{i}"))?,
            5 => attempt.link(&name[2..], &name)?,
            _ => attempt.link("../../home/clones/other", &format!("r/sub{i}"))?,
        }
    }
    let want = attempt.run(&["map", "r", "--no-cache"])?;
    let got = attempt.run(&[
        "map",
        "r",
        "--cache-dir",
        "c",
        "--task",
        "other_project handler",
        "--chat-file",
        "../../home/projects/new.py",
    ])?;
    if got.text().contains("other_project")
        || want.text().contains("other_project")
        || want.text().contains("def handler")
    {
        attempt.fault("wrong map: it shows what lies outside of the tree");
    }
    Ok(())
}

fn special_files(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let want = attempt.run(&["map", "r", "--no-cache"])?;
    // What is put in now must not be in the map.
    attempt.unseal();
    for i in 0..attempt.random.between(1, 5) {
        let extension = attempt.random.pick(&["py", "rs", "js", "md", "toml", "h"]);
        let sort = attempt.random.pick_of(&[0, 1, 4, 5]);
        special::put_sort(attempt, &format!("r/s{i}.{extension}"), sort)?;
    }
    let got = attempt.run(&["map", "r", "--cache-dir", "c"])?;
    attempt.same(&got, &want, "a tree with special files");
    Ok(())
}

fn rule_files(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let name = attempt.random.pick(&[
        ".gitignore",
        ".ignore",
        ".aiderignore",
        ".repomapignore",
        ".gitattributes",
        "lib/.gitignore",
    ]);
    let path = format!("r/{name}");
    match attempt.random.below(7) {
        0 => special::put(attempt, &path)?,
        1 => drop(attempt.write(&path, "[a-z]*{a,b}\\\n".repeat(100_000))?),
        2 => drop(attempt.write(&path, "*".repeat(200_000))?),
        3 => drop(attempt.write(&path, format!("{}\n", "**/".repeat(20_000)))?),
        4 => drop(attempt.write(&path, "!../../home/projects/*\n!/../home\n!*\n")?),
        5 => {
            let bytes = attempt.random.bytes(5000);
            attempt.write(&path, bytes)?;
        }
        _ => drop(attempt.write(&path, "{a,{a,{a,{a,{a,{a,{a,{a,b}}}}}}}}[[[[\n".repeat(2000))?),
    }
    attempt.run(&["map", "r", "--cache-dir", "c"])?;
    Ok(())
}

/// A warm cache must say what a fresh mapper says after each change.
fn changes(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.leave_free("r");
    trees::small(attempt, "r")?;
    attempt.run(&["map", "r", "--cache-dir", "c"])?;
    for step in 0..3 {
        for _ in 0..attempt.random.between(1, 4) {
            // A name may be taken already.
            let _ = trees::change(attempt, "r");
        }
        let got = attempt.run(&["map", "r", "--cache-dir", "c"])?;
        let want = attempt.run(&["map", "r", "--no-cache"])?;
        attempt.same(&got, &want, &format!("a warm cache after change {step}"));
    }
    Ok(())
}

fn swapped(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.leave_free("r");
    for i in 0..40 {
        attempt.write(&format!("r/d{}/m{i}.py", i % 5), format!("def good{i}(): pass\n"))?;
    }
    let (folder, aside, outside) =
        (attempt.path("r/d0"), attempt.path("r/aside"), attempt.sandbox.home().join("projects"));
    let done = Arc::new(AtomicBool::new(false));
    let swapper = std::thread::spawn({
        let done = done.clone();
        move || {
            while !done.load(Ordering::Relaxed) {
                let swap = || -> std::io::Result<()> {
                    fs::rename(&folder, &aside)?;
                    symlink(&outside, &folder)?;
                    std::thread::sleep(Duration::from_micros(300));
                    fs::remove_file(&folder)?;
                    fs::rename(&aside, &folder)
                };
                // A step that fails is tried again from where it stopped.
                if swap().is_err() {
                    let _ = fs::remove_file(&folder);
                    let _ = fs::rename(&aside, &folder);
                }
            }
        }
    });
    for _ in 0..3 {
        let seen = attempt.run(&["map", "r", "--no-cache", "--map-tokens", "4000"]);
        if seen.is_ok_and(|seen| seen.text().contains("other_project")) {
            attempt.fault("wrong map: it shows what lies outside of the tree");
        }
    }
    done.store(true, Ordering::Relaxed);
    let _ = swapper.join();
    Ok(())
}

fn depth(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.write("r/a.py", "def good(): pass\n")?;
    let depth = attempt.random.between(100, 900);
    let mut path = attempt.path("r");
    for _ in 0..depth {
        path.push("d");
    }
    if fs::create_dir_all(&path).is_ok() {
        fs::write(path.join("deep.py"), "def deep(): pass\n")?;
    }
    let width = attempt.random.below(2000);
    for i in 0..width {
        attempt.write(&format!("r/w/f{i}.py"), "def wide(): pass\n")?;
    }
    let seen = attempt.run(&["map", "r", "--cache-dir", "c"])?;
    attempt.expect(&seen, "good");
    Ok(())
}

fn permissions(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    attempt.write("r/closed/x.py", "def closed(): pass\n")?;
    attempt.write("r/unreadable.py", "def unreadable(): pass\n")?;
    fs::create_dir(attempt.path("c"))?;
    std::os::unix::fs::chown(attempt.path("c"), Some(NOBODY), Some(NOBODY))?;
    fs::set_permissions(attempt.path("c"), fs::Permissions::from_mode(0o700))?;
    let mode = attempt.random.pick_of(&[0o000, 0o100, 0o400, 0o200]);
    fs::set_permissions(attempt.path("r/closed"), fs::Permissions::from_mode(mode))?;
    fs::set_permissions(attempt.path("r/unreadable.py"), fs::Permissions::from_mode(mode & 0o300))?;
    if attempt.random.once_in(4) {
        fs::set_permissions(attempt.path("r"), fs::Permissions::from_mode(mode))?;
    }
    let mut call = attempt.command(&["map", "r", "--cache-dir", "c"]);
    call.as_user(NOBODY);
    attempt.call(call, Judge::All)?;
    Ok(())
}

fn devices(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let want = attempt.run(&["map", "r", "--no-cache"])?;
    attempt.unseal();
    let devices: &[(&str, &str)] = &[("1", "5"), ("1", "3"), ("5", "0"), ("1", "8")];
    let (major, minor) = attempt.random.pick_of(devices);
    let make = |path: &Path| {
        let arguments = [path.as_os_str(), "c".as_ref(), major.as_ref(), minor.as_ref()];
        Command::new("mknod").args(arguments).stderr(Stdio::null()).status()
    };
    for name in ["r/zero.py", "r/.gitignore", "r/lib.rs"] {
        // A container may not.
        let _ = make(&attempt.path(name));
    }
    let got = attempt.run(&["map", "r", "--cache-dir", "c"])?;
    attempt.same(&got, &want, "a tree with devices");
    Ok(())
}
