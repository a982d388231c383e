//! Stores that were damaged, forged, linked, or are none; the map must be that of a fresh mapper, and nothing foreign may be touched.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::attempt::{Attempt, Judge};
use crate::call::Seen;
use crate::kinds::{Kind, Needs};
use crate::settings::NOBODY;
use crate::{pages, special, trees};

const PLAIN: Kind = Kind { name: "", covers: &[], needs: Needs::Nothing, share: 4, attack: |_| Ok(()) };

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "store-in-repository-believed",
        covers: &["store-in-repository-believed"],
        share: 2,
        attack: in_repository,
        ..PLAIN
    },
    Kind {
        name: "store-foreign-folder",
        covers: &["cache-dir-delete-folders"],
        attack: foreign_folder,
        ..PLAIN
    },
    Kind { name: "store-special-files", covers: &["special-files-hang"], attack: special_files, ..PLAIN },
    Kind { name: "store-links", attack: links, ..PLAIN },
    Kind { name: "store-damage", share: 6, attack: damage, ..PLAIN },
    Kind { name: "store-forged-values", attack: forged, ..PLAIN },
    Kind { name: "store-generations", attack: generations, ..PLAIN },
    Kind { name: "store-modes", share: 2, attack: modes, ..PLAIN },
    Kind { name: "store-owners", needs: Needs::Root, share: 2, attack: owners, ..PLAIN },
    Kind { name: "store-full-disk", needs: Needs::Root, share: 1, attack: full_disk, ..PLAIN },
];

/// What a mapper without a cache says of the tree.
pub(crate) fn fresh(attempt: &mut Attempt<'_>) -> Result<Seen> {
    attempt.run(&["map", "r", "--no-cache"])
}

/// Files of a store, from the folder of the cache.
const PLACES: &[&str] = &[
    "v1/1/data.mdb",
    "v1/1/format",
    "v1/1/users.lock",
    "v1/1/lock.mdb",
    "v1/open.lock",
    "v1/1/compact",
    "CACHEDIR.TAG",
    ".gitignore",
    "v1/1",
    "v1",
    "v1/compacting",
    "v1/quarantine-1",
];

fn in_repository(attempt: &mut Attempt<'_>) -> Result<()> {
    let source = "def good():\n    pass\ndef backdoor():\n    pass\n";
    attempt.write("origin/a.py", source)?;
    attempt.run(&["map", "origin", "--cache-dir", "c"])?;
    attempt.unseal();
    for (name, bytes) in store_files(&attempt.path("c"))? {
        let mut bytes = bytes;
        if name.ends_with("data.mdb") && pages::forge(&mut bytes, b"backdoor", b"harmless") == 0 {
            // Nothing was stored: there is nothing to believe.
            return Ok(());
        }
        attempt.write(&format!("r/cache/{name}"), bytes)?;
    }
    attempt.write("r/a.py", source)?;
    attempt.leave_free("r/cache");
    let settings =
        [("r/repo-map.toml", "[cache]\ndir = \"cache\"\n"), ("r/.env", "REPO_MAP_CACHE_DIR=cache\n")];
    let (name, text) = attempt.random.pick_of(&settings);
    attempt.write(name, text)?;
    // Their folders must look as the program makes them.
    for folder in ["r/cache", "r/cache/v1", "r/cache/v1/1"] {
        fs::set_permissions(attempt.path(folder), fs::Permissions::from_mode(0o700))?;
    }
    let seen = attempt.run(&["map", "r", "--json"])?;
    attempt.expect(&seen, "\"name\":\"backdoor\"");
    Ok(())
}

/// The files of a store, with their names from its folder.
fn store_files(cache: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut waiting = vec![cache.to_owned()];
    while let Some(folder) = waiting.pop() {
        for child in fs::read_dir(&folder)?.flatten() {
            let path = child.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(cache)?.to_string_lossy().into_owned();
                files.push((name, fs::read(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn foreign_folder(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let home = attempt.sandbox.home();
    let folder = home.join(
        attempt.random.pick(&["api", "api", "service", "marked", "projects", "photos", "pictures", "mail"]),
    );
    let folder = folder.to_string_lossy().into_owned();
    match attempt.random.below(6) {
        0..=2 => attempt.run(&["cache", "clear", "--cache-dir", &folder])?,
        3 => attempt.run(&["cache", "compact", "--cache-dir", &folder])?,
        4 => attempt.run(&["cache", "warm", "r", "--cache-dir", &folder])?,
        // It may refuse, or go on without a cache.
        _ => attempt.run(&["map", "r", "--cache-dir", &folder])?,
    };
    Ok(())
}

/// A tree, and a store that knows it.
fn filled(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    attempt.run(&["map", "r", "--cache-dir", "c"])?;
    Ok(())
}

/// The map with a store that was tampered with must be the fresh one.
fn compare(attempt: &mut Attempt<'_>, what: &str) -> Result<()> {
    let want = fresh(attempt)?;
    for _ in 0..2 {
        let got = attempt.run(&["map", "r", "--cache-dir", "c"])?;
        attempt.same(&got, &want, what);
    }
    Ok(())
}

fn special_files(attempt: &mut Attempt<'_>) -> Result<()> {
    if attempt.random.once_in(2) {
        filled(attempt)?;
    } else {
        trees::small(attempt, "r")?;
        attempt.write("c/v1/1/format", "lmdb cache format 1, 64-bit, little-endian\n")?;
    }
    let any = attempt.random.pick(PLACES);
    let place = attempt.random.pick(&[PLACES[0], PLACES[1], any]);
    let path = attempt.path(&format!("c/{place}"));
    crate::sandbox::remove(&path);
    special::put(attempt, &format!("c/{place}"))?;
    let command = attempt.random.pick(&["map", "map", "stats", "verify", "clear", "list"]);
    if command == "map" {
        let want = fresh(attempt)?;
        let got = attempt.run(&["map", "r", "--cache-dir", "c"])?;
        // A folder that cannot be a cache may be refused.
        if got.is_success() {
            attempt.same(&got, &want, place);
        }
    } else {
        attempt.run(&["cache", command, "--cache-dir", "c"])?;
    }
    Ok(())
}

fn links(attempt: &mut Attempt<'_>) -> Result<()> {
    filled(attempt)?;
    let place = attempt.random.pick(PLACES);
    let path = attempt.path(&format!("c/{place}"));
    crate::sandbox::remove(&path);
    let targets: &[&str] = match place {
        "v1" => &["photos", "api/v1", "marked/v1", "service/v1"],
        "v1/1" | "v1/compacting" | "v1/quarantine-1" => &["photos/2021", "api/v1/1", "service/v1/1", "mail"],
        _ => &[".bashrc", ".ssh/authorized_keys", "mail/inbox", "new-file"],
    };
    let target = attempt.sandbox.home().join(attempt.random.pick(targets));
    attempt.link(target, &format!("c/{place}"))?;
    let command = attempt.random.pick(&["map", "map", "clear", "compact", "verify"]);
    if command == "map" {
        attempt.run(&["map", "r", "--cache-dir", "c"])?;
    } else {
        attempt.run(&["cache", command, "--cache-dir", "c"])?;
    }
    attempt.run(&["map", "r", "--cache-dir", "c"])?;
    Ok(())
}

fn damage(attempt: &mut Attempt<'_>) -> Result<()> {
    filled(attempt)?;
    let path = attempt.path("c/v1/1/data.mdb");
    let Ok(mut bytes) = fs::read(&path) else { return Ok(()) };
    let count = bytes.len() / 4096;
    if count < 3 {
        return Ok(());
    }
    match attempt.random.below(8) {
        0 => bytes.truncate(attempt.random.below(bytes.len())),
        1 => {
            let page = attempt.random.below(count) * 4096;
            bytes[page..page + 4096].fill(attempt.random.next() as u8);
        }
        2 => {
            let (from, to) = (attempt.random.below(count) * 4096, attempt.random.below(count) * 4096);
            bytes.copy_within(from..from + 4096, to);
        }
        3 => {
            // One of the two heads of before.
            let head = attempt.random.below(2) * 4096;
            bytes.copy_within(head..head + 4096, 4096 - head);
        }
        4 => {
            // The numbers at the beginning of a page: number, flags, bounds, places of nodes.
            let page = attempt.random.below(count) * 4096;
            for _ in 0..attempt.random.between(1, 4) {
                let at = page + attempt.random.below(64);
                bytes[at] = attempt.random.next() as u8;
            }
        }
        5 => drop(fs::write(attempt.path("c/v1/1/format"), "lmdb cache format 9, 16-bit, middle-endian\n")),
        _ => {
            for _ in 0..attempt.random.between(1, 40) {
                let at = attempt.random.below(bytes.len());
                bytes[at] ^= 1 << attempt.random.below(8);
            }
        }
    }
    fs::write(path, bytes)?;
    compare(attempt, "a damaged store")
}

fn forged(attempt: &mut Attempt<'_>) -> Result<()> {
    filled(attempt)?;
    let path = attempt.path("c/v1/1/data.mdb");
    let Ok(mut bytes) = fs::read(&path) else { return Ok(()) };
    for value in pages::values(&bytes) {
        if attempt.random.once_in(3) || value.end - value.start <= pages::HEADER {
            continue;
        }
        for _ in 0..attempt.random.between(1, 8) {
            let at = attempt.random.between(value.start + 8, value.end);
            let any = attempt.random.next() as u8;
            bytes[at] = attempt.random.pick_of(&[0, 0xff, 0x1b, 0x80, any]);
        }
        pages::seal(&mut bytes, &value);
    }
    fs::write(path, bytes)?;
    // Whoever writes the user's own store can change tags; no value may end a run or reach a terminal raw.
    attempt.run(&["map", "r", "--cache-dir", "c"])?;
    attempt.run(&["map", "r", "--cache-dir", "c", "--task", "good", "--json"])?;
    attempt.run(&["cache", "list", "--cache-dir", "c"])?;
    attempt.run(&["cache", "stats", "--cache-dir", "c"])?;
    Ok(())
}

fn generations(attempt: &mut Attempt<'_>) -> Result<()> {
    filled(attempt)?;
    for _ in 0..attempt.random.between(1, 4) {
        let name = attempt.random.pick(&[
            "18446744073709551615",
            "18446744073709551614",
            "0",
            "007",
            "2",
            "99",
            "-1",
            "quarantine-18446744073709551615",
            "quarantine-0",
            "quarantine-1",
            "1.bak",
            "compacting",
            "+3",
            "quarantine-x",
        ]);
        let file = attempt.random.pick(&["data.mdb", "format", "notes.txt", "deep/er/file"]);
        let content = attempt.random.bytes(100);
        attempt.write(&format!("c/v1/{name}/{file}"), content)?;
    }
    // A file that is not ours is never removed with a generation.
    attempt.write("c/v1/2/precious/notes.txt", "precious")?;
    compare(attempt, "foreign generations")?;
    attempt.run(&["cache", "clear", "--cache-dir", "c"])?;
    if !attempt.path("c/v1/2/precious/notes.txt").exists() {
        attempt.fault("a foreign file in a generation's folder is gone");
    }
    Ok(())
}

fn modes(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let mask = attempt.random.pick(&["000", "002", "022", "077"]);
    let mut call = attempt.command(&["map", "r", "--cache-dir", "c"]);
    call.through(&["sh", "-c", &format!("umask {mask}; exec \"$0\" \"$@\"")]);
    attempt.call(call, Judge::All)?;
    let mut waiting = vec![attempt.path("c")];
    while let Some(path) = waiting.pop() {
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        let allowed = if metadata.is_dir() { 0o700 } else { 0o600 };
        let mode = metadata.mode() & 0o7777;
        if mode & !allowed != 0 {
            let shown = path.strip_prefix(attempt.sandbox.folder())?.display().to_string();
            attempt.fault(format!("{shown} has mode {mode:o} under umask {mask}"));
        }
        if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path)?.flatten().map(|child| child.path()));
        }
    }
    Ok(())
}

fn owners(attempt: &mut Attempt<'_>) -> Result<()> {
    filled(attempt)?;
    let place = attempt.random.pick(&["c", "c/v1", "c/v1/1", "c/v1/1/data.mdb", "c/v1/1/format"]);
    let path = attempt.path(place);
    if !path.exists() {
        return Ok(());
    }
    if attempt.random.once_in(2) {
        chown(&path, Some(NOBODY), Some(NOBODY))?;
    } else {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777))?;
    }
    let want = fresh(attempt)?;
    let got = attempt.run(&["map", "r", "--cache-dir", "c"])?;
    if got.is_success() {
        attempt.same(&got, &want, "a store of another owner or mode");
    }
    Ok(())
}

fn full_disk(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    fs::create_dir(attempt.path("c"))?;
    let size = attempt.random.pick(&["size=64k", "size=128k", "size=512k", "size=2m"]);
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", size, "tmpfs"]).arg(attempt.path("c")).stderr(Stdio::null());
    if !mount.status()?.success() {
        // A container may not.
        return Ok(());
    }
    let compared = compare(attempt, "a full disk");
    Command::new("umount").arg("-l").arg(attempt.path("c")).stderr(Stdio::null()).status()?;
    compared
}
