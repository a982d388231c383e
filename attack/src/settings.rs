//! Settings that a tree brings along: what they name must be left alone, and no form of them may end a run.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, lchown};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::attempt::{Attempt, Judge};
use crate::kinds::{Kind, Needs};
use crate::special;

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "settings-overwrite-file",
        covers: &["settings-overwrite-file"],
        needs: Needs::Nothing,
        share: 3,
        attack: overwrite_file,
    },
    Kind {
        name: "settings-delete-folders",
        covers: &["settings-delete-folders"],
        needs: Needs::Nothing,
        share: 2,
        attack: delete_folders,
    },
    Kind {
        name: "settings-hide-repository",
        covers: &["settings-hide-repository"],
        needs: Needs::Nothing,
        share: 2,
        attack: hide_repository,
    },
    Kind {
        name: "settings-env-ends-run",
        covers: &["settings-env-ends-run"],
        needs: Needs::Nothing,
        share: 3,
        attack: env_ends_run,
    },
    Kind {
        name: "settings-file-kinds",
        covers: &["special-files-hang"],
        needs: Needs::Nothing,
        share: 2,
        attack: file_kinds,
    },
    Kind { name: "settings-keys", covers: &[], needs: Needs::Nothing, share: 3, attack: keys },
    Kind {
        name: "settings-foreign-owner",
        covers: &["settings-foreign-owner"],
        needs: Needs::Root,
        share: 2,
        attack: foreign_owner,
    },
];

/// The user that attacks where the suite runs as root.
pub(crate) const NOBODY: u32 = 65534;

/// Says in one of the tree's files where the cache is.
fn name_folder(attempt: &mut Attempt<'_>, tree: &str, folder: &str) -> Result<()> {
    match attempt.random.below(4) {
        0 => attempt.write(&format!("{tree}/.env"), format!("REPO_MAP_CACHE_DIR={folder}\n"))?,
        1 => attempt.write(&format!("{tree}/.env"), format!("export REPO_MAP_CACHE_DIR=\"{folder}\"\n"))?,
        _ => attempt.write(&format!("{tree}/repo-map.toml"), format!("[cache]\ndir = \"{folder}\"\n"))?,
    };
    Ok(())
}

/// From the tree to a folder or file of the home: as a link that survives a clone has it, or from the root.
fn way_to(attempt: &mut Attempt<'_>, levels: usize, name: &str) -> PathBuf {
    if attempt.random.once_in(2) {
        attempt.sandbox.home().join(name)
    } else {
        Path::new(&"../".repeat(levels + 2)).join("home").join(name)
    }
}

fn map_it(attempt: &mut Attempt<'_>) -> Result<()> {
    let seen = attempt.run(&["map", "r"])?;
    attempt.expect(&seen, "good");
    Ok(())
}

fn overwrite_file(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    name_folder(attempt, "r", "c")?;
    let target = attempt.random.pick(&[
        ".bashrc",
        ".profile",
        ".ssh/authorized_keys",
        ".netrc",
        "new-file",
        "mail/inbox",
    ]);
    let (levels, place) = attempt.random.pick_of(&[
        (3, "c/v1/1/format"),
        (3, "c/v1/1/format"),
        (3, "c/v1/1/data.mdb"),
        (3, "c/v1/1/users.lock"),
        (3, "c/v1/1/lock.mdb"),
        (3, "c/v1/1/compact"),
        (2, "c/v1/open.lock"),
        (1, "c/CACHEDIR.TAG"),
        (1, "c/.gitignore"),
    ]);
    // The first try of a run takes the plain one.
    let target = way_to(attempt, levels, target);
    attempt.link(target, &format!("r/{place}"))?;
    if place != "c/v1/1/format" && attempt.random.once_in(2) {
        let target = way_to(attempt, 3, ".bashrc");
        attempt.link(target, "r/c/v1/1/format")?;
    }
    map_it(attempt)
}

fn delete_folders(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let named = attempt.random.pick(&["photos", "api/v1", "marked/v1"]);
    match attempt.random.below(4) {
        0 => {
            name_folder(attempt, "r", "c")?;
            let target = way_to(attempt, 1, named);
            attempt.link(target, "r/c/v1")?;
        }
        1 => {
            name_folder(attempt, "r", "c")?;
            let target = way_to(attempt, 0, "api");
            attempt.link(target, "r/c")?;
        }
        _ => {
            let folders = ["~/api", "~/marked", "~/service/../api", "../../home/api", "../../home/marked"];
            let folder = attempt.random.pick(&folders);
            name_folder(attempt, "r", folder)?;
        }
    }
    map_it(attempt)
}

fn hide_repository(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let folder = attempt.random.pick(&[
        "~/projects",
        "~",
        "src",
        ".",
        "../../home/projects",
        "~/clones/other",
        "./src/..",
        "~/mail",
    ]);
    name_folder(attempt, "r", folder)?;
    let seen = attempt.run(&["map", "r"])?;
    attempt.expect(&seen, "good");
    attempt.expect(&seen, "Second");
    Ok(())
}

fn env_ends_run(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let content: Vec<u8> = match attempt.random.below(10) {
        0 | 1 => b"# r\xe9glages\nDB_PASSWORD=caf\xe9\n".to_vec(),
        2 => [b"\xff\xfe".to_vec(), utf16("DB=x\nREPO_MAP_CACHE_SIZE_MB=1\n")].concat(),
        3 => attempt.random.bytes(3000),
        4 => b"REPO_MAP_CACHE_SIZE_MB=much\nREPO_MAP_CACHE_REFRESH_MODE=sometimes\n".to_vec(),
        5 => b"REPO_MAP_CACHE_DIR='~/projects\n\"\nexport\n=\n${HOME}\n".to_vec(),
        6 => vec![b'A'; 8 << 20],
        7 if attempt.program.is_root => {
            let path = attempt.write("r/.env", "X=1\n")?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
            fs::create_dir(attempt.path("c"))?;
            chown(attempt.path("c"), Some(NOBODY), None)?;
            let mut call = attempt.command(&["map", "r", "--cache-dir", "c"]);
            call.as_user(NOBODY);
            let seen = attempt.call(call, Judge::All)?;
            attempt.expect(&seen, "good");
            return Ok(());
        }
        _ => {
            special::put(attempt, "r/.env")?;
            return map_it(attempt);
        }
    };
    attempt.write("r/.env", content)?;
    map_it(attempt)
}

fn file_kinds(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    match attempt.random.below(4) {
        0 => {
            let target = way_to(attempt, 0, ".bashrc");
            attempt.link(target, "r/repo-map.toml")?;
        }
        1 => {
            let content = attempt.random.bytes(2000);
            attempt.write("r/repo-map.toml", content)?;
        }
        _ => special::put(attempt, "r/repo-map.toml")?,
    }
    attempt.run(&["map", "r"])?;
    Ok(())
}

fn keys(attempt: &mut Attempt<'_>) -> Result<()> {
    /// What a tree may not say: each is passed over.
    const FORBIDDEN: &[&str] = &[
        "size_mb = 1",
        "size_mb = 1000000000000",
        "l1_size = 0",
        "l1_size = 9000000000",
        "l1_mb = 100000000",
        "dir = \"/\"",
        "dir = \"\"",
        "enabled = true",
    ];
    /// What means nothing, or is told as a mistake.
    const ODD: &[&str] = &[
        "refresh_mode = \"sometimes\"",
        "queries = \"~/projects\"",
        "worker = \"/bin/sh\"",
        "dir = [1]",
        "\"\\u001b[31mred\\u0007\" = 1",
        "\"\\u202edir\" = \"x\"",
        "dir = \"\\u001b]0;title\\u0007\"",
        "size_mb = \"\\u009b31m\"",
        "size_mb = -1",
        "a = [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
    ];
    attempt.plain_tree()?;
    let is_mild = attempt.random.once_in(2);
    let mut text = "[cache]\n".to_owned();
    for key in 0..attempt.random.between(1, 3) {
        let line = attempt.random.pick(if is_mild { FORBIDDEN } else { ODD });
        if key == 0 || !is_mild {
            text += &format!("{line}\n");
        }
    }
    if !is_mild && attempt.random.once_in(3) {
        text += &format!("[ranking.weights.\"task files\"]\n\"\\u001b{}\" = 1e308\n", attempt.random.word());
    }
    if !is_mild && attempt.random.once_in(4) {
        text = format!("[a.{}", "x.".repeat(20_000));
    }
    attempt.write("r/repo-map.toml", text)?;
    let seen = attempt.run(&["map", "r"])?;
    if is_mild {
        attempt.expect(&seen, "good");
    }
    Ok(())
}

fn foreign_owner(attempt: &mut Attempt<'_>) -> Result<()> {
    let home = attempt.sandbox.home();
    let own = |path: &str, attempt: &Attempt<'_>| lchown(attempt.path(path), Some(NOBODY), Some(NOBODY));
    match attempt.random.below(4) {
        // Settings of another user above a plain folder: an empty `.git` is enough.
        0 | 1 => {
            fs::create_dir_all(attempt.path("shared/.git"))?;
            attempt.link(home.join("photos"), "shared/c/v1")?;
            let text =
                attempt.random.pick(&["[cache]\ndir = \"c\"\n", "[cache]\nrefresh_mode = \"sometimes\"\n"]);
            attempt.write("shared/repo-map.toml", text)?;
            attempt.write("shared/project/a.py", "def good(): pass\n")?;
            for path in ["shared", "shared/.git", "shared/c", "shared/c/v1", "shared/repo-map.toml"] {
                own(path, attempt)?;
            }
            let seen = attempt.run(&["map", "shared/project"])?;
            attempt.expect(&seen, "good");
        }
        // A cache folder of another user, which everybody may write.
        2 => {
            attempt.plain_tree()?;
            fs::create_dir(attempt.path("open"))?;
            fs::set_permissions(attempt.path("open"), fs::Permissions::from_mode(0o777))?;
            own("open", attempt)?;
            attempt.run(&["map", "r", "--cache-dir", "open"])?;
        }
        // A cache folder of another user, whose `v1` is a folder of ours.
        _ => {
            attempt.plain_tree()?;
            fs::create_dir(attempt.path("theirs"))?;
            fs::create_dir(attempt.path("ours"))?;
            own("theirs", attempt)?;
            attempt.link("../ours", "theirs/v1")?;
            attempt.run(&["map", "r", "--cache-dir", "theirs"])?;
        }
    }
    Ok(())
}
