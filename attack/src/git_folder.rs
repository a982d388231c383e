//! Files of a `.git` that are none, have no end, point elsewhere, or are damaged.

use std::fs;

use anyhow::Result;

use crate::attempt::Attempt;
use crate::git;
use crate::hostile_git::{History, map_it};
use crate::special;

/// Files of `.git` that somebody opens.
const FILES: &[&str] = &[
    "config",
    "HEAD",
    "packed-refs",
    "shallow",
    "commondir",
    "objects/info/alternates",
    "refs/heads/main",
    "index",
    "info/exclude",
    "info/attributes",
    "info/grafts",
    "config.worktree",
    "refs/heads",
    "objects/pack",
    "logs/HEAD",
    "ORIG_HEAD",
    "description",
    "objects/info/commit-graph",
    "objects/pack/multi-pack-index",
    "info/sparse-checkout",
    "reftable/tables.list",
    "gitdir",
    "MERGE_HEAD",
];

pub(crate) fn special_files(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    history.finish(history.good)?;
    history.write(attempt)?;
    let mut sort = attempt.random.below(7);
    let place = match attempt.random.below(8) {
        0 => "r/.git".to_owned(),
        1 => format!(
            "r/{}",
            attempt.random.pick(&[
                ".gitignore",
                ".gitattributes",
                ".ignore",
                ".mailmap",
                ".gitmodules",
                ".repomapignore"
            ])
        ),
        2 => {
            // An object that is none.
            sort %= 3;
            let name = git::hex(history.good);
            format!("r/.git/objects/{}/{}", &name[..2], &name[2..])
        }
        // The first seven are opened by every run.
        3 => format!("r/.git/{}", attempt.random.pick(FILES)),
        _ => format!("r/.git/{}", attempt.random.pick(&FILES[..8])),
    };
    let path = attempt.path(&place);
    crate::sandbox::remove(&path);
    special::put_sort(attempt, &place, sort)?;
    map_it(attempt)
}

pub(crate) fn large_config(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    history.finish(history.good)?;
    history.write(attempt)?;
    let lines = 20 << 20;
    let line = attempt.random.pick(&["[a]\nb=c\n", "[core]\n", "\tx = y\n", "[a \"b\"]\n", "#\n"]);
    let file = attempt.random.pick(&[
        "config",
        "config",
        "config",
        "packed-refs",
        "shallow",
        "objects/info/alternates",
    ]);
    attempt.write(&format!("r/.git/{file}"), format!("[core]\n{}", line.repeat(lines / line.len())))?;
    map_it(attempt)
}

pub(crate) fn references(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    history.finish(history.good)?;
    history.write(attempt)?;
    let home = attempt.sandbox.home();
    let other = home.join("projects/.git");
    match attempt.random.below(9) {
        0 => {
            attempt.write("r/.git/refs/heads/main", "ref: refs/heads/other\n")?;
            attempt.write("r/.git/refs/heads/other", "ref: refs/heads/main\n")?;
        }
        1 => drop(attempt.write("r/.git/HEAD", "ref: ../../../../../home/.bashrc\n")?),
        2 => drop(attempt.write(
            "r/.git/objects/info/alternates",
            "../../.git/objects\n./\n/dev/zero\n../../../../home/mail\n",
        )?),
        3 => drop(attempt.write("r/.git/commondir", format!("{}\n", other.display()))?),
        4 => {
            fs::rename(attempt.path("r/.git"), attempt.path("elsewhere"))?;
            let target = attempt.random.pick(&[
                "../elsewhere",
                "../../home/projects/.git",
                "../../home/.bashrc",
                "/dev/zero",
                ".",
            ]);
            attempt.write("r/.git", format!("gitdir: {target}\n"))?;
        }
        5 => {
            let row = format!("{} refs/heads/main\n", git::hex([7; 20]));
            attempt.write(
                "r/.git/packed-refs",
                format!("# pack-refs with: peeled fully-peeled sorted \n{}", row.repeat(20_000)),
            )?;
        }
        6 => {
            let text = "[core]\n\trepositoryformatversion = 1\n\thooksPath = /tmp\n\tfsmonitor = touch owned\n\texcludesFile = ~/.bashrc\n\
                        \tworktree = ../../home\n\tbare = false\n[extensions]\n\tobjectFormat = sha256\n[include]\n\tpath = ~/.netrc\n\
                        [filter \"x\"]\n\tclean = touch owned\n";
            attempt.write("r/.git/config", text)?;
        }
        7 => {
            let bytes = attempt.random.bytes(4000);
            attempt.write("r/.git/shallow", bytes)?;
        }
        _ => {
            fs::remove_dir_all(attempt.path("r/.git/objects"))?;
            attempt.link(home.join("mail"), "r/.git/objects")?;
        }
    }
    // Not each of them has a readable index: that there is an answer is enough.
    attempt.run(&["map", "r", "--cache-dir", "c", "--task", "good"])?;
    Ok(())
}

pub(crate) fn damage(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    history.finish(history.good)?;
    history.write(attempt)?;
    let mut files = Vec::new();
    let mut waiting = vec![history.git.clone()];
    while let Some(folder) = waiting.pop() {
        let mut children: Vec<_> = fs::read_dir(folder)?.flatten().map(|child| child.path()).collect();
        children.sort();
        for child in children {
            if child.is_dir() { waiting.push(child) } else { files.push(child) }
        }
    }
    for _ in 0..attempt.random.between(1, 5) {
        let file = &files[attempt.random.below(files.len())];
        let mut bytes = fs::read(file)?;
        match attempt.random.below(4) {
            0 => bytes.truncate(attempt.random.below(bytes.len() + 1)),
            1 => bytes.extend(attempt.random.bytes(100)),
            _ if bytes.is_empty() => {}
            _ => {
                for _ in 0..attempt.random.between(1, 6) {
                    let at = attempt.random.below(bytes.len());
                    let any = attempt.random.next() as u8;
                    bytes[at] = attempt.random.pick_of(&[0, 0xff, 0x7f, 0x80, b'\n', any]);
                }
            }
        }
        crate::attempt::write(file, bytes)?;
    }
    attempt.run(&["map", "r", "--cache-dir", "c"])?;
    Ok(())
}

pub(crate) fn bare(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    history.finish(history.good)?;
    history.write(attempt)?;
    fs::rename(attempt.path("r/.git"), attempt.path("b.git"))?;
    attempt.write("b.git/hooks/pre-commit.sample", "#!/bin/sh\nhook() { :; }\n")?;
    let text = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
    attempt.write("b.git/config", text)?;
    let seen = attempt.run(&["map", "b.git", "--cache-dir", "c"])?;
    if seen.text().contains("hooks/") || seen.text().contains("objects/") {
        attempt.fault("wrong map: a bare repository is mapped as a plain folder");
    }
    Ok(())
}
