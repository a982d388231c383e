//! Trees that are deep, wide, or both: what a file costs must not grow with what lies above or beside it.

use std::fs;

use anyhow::Result;

use crate::attempt::{Attempt, write};
use crate::git::{self, Objects};

/// A path may have 4,096 bytes, and what removes a tree may have 1,024 files open.
const DEEPEST: usize = 900;

/// More than a thousand files below hundreds of folders, or some hundred with rules in each folder; with git or without.
pub(crate) fn files_at_the_bottom(attempt: &mut Attempt<'_>) -> Result<()> {
    let depth = attempt.random.between(DEEPEST * 2 / 3, DEEPEST);
    let name = attempt.random.pick(&["d", "dd", "ddd"]);
    let rules = attempt.random.pick_of(&[None, None, Some(".ignore"), Some(".repomapignore")]);
    let mut path = attempt.path("r");
    for level in 0..depth {
        path.push(name);
        if let Some(rules) = rules {
            write(&path.join(rules), format!("*.tmp\nbuild{level}/\n!kept\n"))?;
        }
    }
    // Each is judged by all the rules above it, which takes a build for tests its time.
    let many =
        if rules.is_some() { attempt.random.between(150, 300) } else { attempt.random.between(300, 500) };
    let folder = format!("{name}/").repeat(depth);
    let mut files: Vec<String> = (0..many).map(|i| format!("{folder}f{i}.py")).collect();
    for (i, file) in files.iter().enumerate() {
        attempt.write(&format!("r/{file}"), source(i))?;
    }
    if attempt.random.once_in(3) {
        files.sort_unstable();
        track(attempt, &files)?;
    }
    meet(attempt)
}

/// Files in each of many folders, each in the one before, or in many such chains.
pub(crate) fn everywhere(attempt: &mut Attempt<'_>) -> Result<()> {
    let chains = attempt.random.pick_of(&[1, 1, 20, 100]);
    let depth = attempt.random.between(100, DEEPEST) / if chains > 1 { 4 } else { 1 };
    let folders = chains * depth;
    let files = attempt.random.between(500, 2000);
    let mut number = 0;
    for chain in 0..chains {
        let mut path = attempt.path(&format!("r/chain{chain}"));
        for level in 0..depth {
            path.push(if level % 2 == 0 { "a" } else { "bb" });
            fs::create_dir_all(&path)?;
            // As many in each as give the whole.
            let until = files * (chain * depth + level + 1) / folders;
            for i in number..until {
                write(&path.join(format!("f{i}.py")), source(i))?;
            }
            number = until.max(number);
        }
    }
    meet(attempt)
}

/// A folder of thousands of folders or files, some of them links.
pub(crate) fn side_by_side(attempt: &mut Attempt<'_>) -> Result<()> {
    let many = attempt.random.between(3000, 10_000);
    let sort = attempt.random.below(3);
    for i in 0..many {
        match sort {
            0 => fs::create_dir_all(attempt.path(&format!("r/w/d{i}")))?,
            1 => drop(attempt.write(&format!("r/w/d{i}/a.py"), source(i))?),
            _ if i % 2 == 0 => attempt.link("../a.py", &format!("r/w/l{i}.py"))?,
            _ => drop(attempt.write(&format!("r/w/f{i}.py"), source(i))?),
        }
    }
    meet(attempt)
}

/// A cold map, one from the cache for a task, and one after a change.
fn meet(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.leave_free("r");
    attempt.write("r/a.py", "def good(): pass\n")?;
    let seen = attempt.run(&["map", "r", "--cache-dir", "c", "--map-tokens", "6000", "--task", "good"])?;
    attempt.expect(&seen, "good");
    attempt.write("r/b.py", "def better(): good()\n")?;
    let got = attempt.run(&["map", "r", "--cache-dir", "c"])?;
    let want = attempt.run(&["map", "r", "--no-cache"])?;
    attempt.same(&got, &want, "a deep or wide tree");
    Ok(())
}

fn source(number: usize) -> String {
    format!("def f{number}():\n    return f{}()\n", number / 2)
}

/// A repository whose index has these files.
fn track(attempt: &Attempt<'_>, files: &[String]) -> Result<()> {
    let git = attempt.path("r/.git");
    let mut objects = Objects::default();
    let blob = objects.blob(b"def other(): pass\n");
    let tree = objects.tree(&[("100644", "a.py".to_owned(), blob)]);
    let commit = objects.commit(tree, &[], "one", 1_700_000_000);
    objects.write_loose(&git)?;
    git::write_repository(&git, commit)?;
    let entries: Vec<_> = files.iter().map(|file| (file.as_str(), blob)).collect();
    write(&git.join("index"), git::index(&entries, &[]))
}
