//! A `.git` that was not made by git: bombs, chains, claims, files that are none. `HEAD` is harmless in all of them.

use std::path::PathBuf;

use anyhow::Result;

use crate::attempt::Attempt;
use crate::git::{self, Id, Kind as ObjectKind, Objects};
use crate::git_folder;
use crate::kinds::{Kind, Needs};

const PLAIN: Kind = Kind { name: "", covers: &[], needs: Needs::Nothing, share: 4, attack: |_| Ok(()) };

pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "git-tree-bomb", covers: &["git-tree-bomb"], share: 3, attack: tree_bomb, ..PLAIN },
    Kind { name: "git-deep-chain", covers: &["git-deep-chain"], share: 1, attack: deep_chain, ..PLAIN },
    Kind {
        name: "git-index-extensions",
        covers: &["git-index-extensions"],
        attack: index_extensions,
        ..PLAIN
    },
    Kind { name: "git-claimed-sizes", covers: &["git-claimed-sizes"], attack: claimed_sizes, ..PLAIN },
    Kind {
        name: "git-special-files",
        covers: &["special-files-hang"],
        share: 5,
        attack: git_folder::special_files,
        ..PLAIN
    },
    Kind { name: "git-zlib-bomb", covers: &["git-claimed-sizes"], share: 2, attack: zlib_bomb, ..PLAIN },
    Kind {
        name: "git-tree-in-itself",
        covers: &["git-deep-chain"],
        share: 2,
        attack: tree_in_itself,
        ..PLAIN
    },
    Kind {
        name: "git-config-of-megabytes",
        covers: &["special-files-hang"],
        share: 1,
        attack: git_folder::large_config,
        ..PLAIN
    },
    Kind { name: "git-references", attack: git_folder::references, ..PLAIN },
    Kind { name: "git-damage", attack: git_folder::damage, ..PLAIN },
    Kind { name: "git-bare", share: 1, attack: git_folder::bare, ..PLAIN },
];

/// A history of three commits whose middle one has another tree; `r` and its `.git` but for the objects.
pub(crate) struct History {
    pub(crate) objects: Objects,
    pub(crate) git: PathBuf,
    blob: Id,
    pub(crate) good: Id,
}

impl History {
    pub(crate) fn new(attempt: &Attempt<'_>) -> Result<Self> {
        let source = b"def good():\n    pass\n";
        attempt.write("r/a.py", source)?;
        let mut objects = Objects::default();
        let blob = objects.blob(source);
        let good = objects.tree(&[("100644", "a.py".to_owned(), blob)]);
        Ok(Self { objects, git: attempt.path("r/.git"), blob, good })
    }

    /// The refs and the index, and the commits around the tree of the middle one.
    pub(crate) fn finish(&mut self, middle: Id) -> Result<()> {
        let first = self.objects.commit(self.good, &[], "one", 1_700_000_000);
        let second = self.objects.commit(middle, &[first], "two", 1_700_000_100);
        let third = self.objects.commit(self.good, &[second], "three", 1_700_000_200);
        self.refer(third)
    }

    fn refer(&self, head: Id) -> Result<()> {
        git::write_repository(&self.git, head)?;
        crate::attempt::write(&self.git.join("index"), git::index(&[("a.py", self.blob)], &[]))
    }

    /// As loose objects or as a pack.
    pub(crate) fn write(&self, attempt: &mut Attempt<'_>) -> Result<()> {
        if attempt.random.once_in(2) {
            self.objects.write_loose(&self.git)
        } else {
            self.objects.write_pack(&self.git)
        }
    }
}

pub(crate) fn map_it(attempt: &mut Attempt<'_>) -> Result<()> {
    let seen = if attempt.random.once_in(3) {
        attempt.run(&["map", "r", "--cache-dir", "c", "--task", "good x of the two"])?
    } else {
        attempt.run(&["map", "r", "--cache-dir", "c"])?
    };
    attempt.expect(&seen, "good");
    Ok(())
}

fn tree_bomb(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    let has_files = attempt.random.once_in(3);
    let mut tree = history.objects.tree(&[]);
    if has_files {
        tree = history.objects.tree(&[("100644", "f.py".to_owned(), history.blob)]);
    }
    let depth = attempt.random.between(8, 21);
    let width = attempt.random.between(9, 14);
    for _ in 0..depth {
        let entries: Vec<_> = (0..width).map(|i| ("40000", format!("d{i:02}"), tree)).collect();
        tree = history.objects.tree(&entries);
    }
    history.finish(tree)?;
    history.write(attempt)?;
    map_it(attempt)
}

fn deep_chain(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    let mut tree = history.objects.tree(&[("100644", "f".to_owned(), history.blob)]);
    let name = "d".repeat(attempt.random.between(180, 250));
    for _ in 0..attempt.random.between(30_000, 60_000) {
        tree = history.objects.tree(&[("40000", name.clone(), tree)]);
    }
    history.finish(tree)?;
    history.objects.write_pack(&history.git)?;
    map_it(attempt)
}

fn tree_in_itself(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    // No hash can be had that holds itself, but nobody looks whether the name is the hash.
    let (one, two) = ([0x11; 20], [0x22; 20]);
    history.finish(one)?;
    history.objects.write_loose(&history.git)?;
    let names = ["x", "y", "z"];
    for (id, other) in [(one, two), (two, one)] {
        let width = attempt.random.between(1, 4);
        let entries: Vec<_> =
            names[..width].iter().map(|name| ("40000", (*name).to_owned(), other)).collect();
        let body = git::tree(&entries);
        let object = [format!("tree {}\0", body.len()).as_bytes(), &body].concat();
        git::write_loose(&history.git, id, &git::deflated(&object)?)?;
    }
    map_it(attempt)
}

fn index_extensions(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    history.finish(history.good)?;
    history.write(attempt)?;
    let depth = attempt.random.between(64_000, 400_000);
    let node = [b"d\x001 1\n".as_slice(), &[1; 20]].concat();
    let claim = attempt.random.pick_of(&[u32::MAX, 1 << 31, 1 << 24, 0x7fff_ffff]).to_be_bytes();
    let extension = match attempt.random.below(7) {
        0..=2 => git::extension(b"TREE", &node.repeat(depth)),
        3 => git::extension(b"TREE", &[b"\x00-1 4000000000\n".as_slice(), &node].concat()),
        4 => {
            // The untracked cache: a claim of folders, each with folders.
            let folder = [b"\x01\x01d\x00".as_slice(), &[1]].concat();
            git::extension(
                b"UNTR",
                &[b"\x01x".as_slice(), &[0; 76 + 40], b"\x00", &folder.repeat(depth)].concat(),
            )
        }
        5 => git::extension(b"IEOT", &[[0, 0, 0, 1].as_slice(), &claim, &claim].concat().repeat(4)),
        _ => [b"EOIE".as_slice(), &claim, &[7; 40]].concat(),
    };
    let mut bytes = git::index(&[("a.py", history.blob)], &extension);
    if attempt.random.once_in(8) {
        // As many entries as a number holds.
        bytes[8..12].copy_from_slice(&claim);
    }
    attempt.write("r/.git/index", bytes)?;
    map_it(attempt)
}

fn claimed_sizes(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    let first = history.objects.commit(history.good, &[], "one", 1_700_000_000);
    let claimed: Id = [0x33; 20];
    let size = 1u64 << attempt.random.between(31, 33);
    let is_commit = attempt.random.once_in(2);
    let (kind, name) = if is_commit { (ObjectKind::Commit, "commit") } else { (ObjectKind::Tree, "tree") };
    let middle =
        if is_commit { claimed } else { history.objects.commit(claimed, &[first], "two", 1_700_000_100) };
    let head = history.objects.commit(history.good, &[middle], "three", 1_700_000_200);
    history.objects.write_loose(&history.git)?;
    history.refer(head)?;
    let body = format!("tree {}\nauthor a <a@b> 1 +0000\n\nx", git::hex(history.good));
    match attempt.random.below(3) {
        0 => {
            let object = format!("{name} {size}\0{body}");
            git::write_loose(&history.git, claimed, &git::deflated(object.as_bytes())?)?;
        }
        1 => {
            let entry = [git::pack_header(kind as u8, size), git::deflated(body.as_bytes())?].concat();
            git::write_pack(&history.git, &[(claimed, entry)])?;
        }
        _ => {
            // A delta whose result claims the size: what it is made from, its own size, one insertion.
            let base =
                [git::pack_header(kind as u8, body.len() as u64), git::deflated(body.as_bytes())?].concat();
            let number = |mut left: u64| {
                let mut bytes = Vec::new();
                while left > 127 {
                    bytes.push((left & 127) as u8 | 128);
                    left >>= 7;
                }
                bytes.push(left as u8);
                bytes
            };
            let delta = [number(body.len() as u64), number(size), vec![3], b"abc".to_vec()].concat();
            let ancestor: Id = [0x32; 20];
            let header = git::pack_header(7, delta.len() as u64);
            let entry = [header, ancestor.to_vec(), git::deflated(&delta)?].concat();
            git::write_pack(&history.git, &[(ancestor, base), (claimed, entry)])?;
        }
    }
    map_it(attempt)
}

fn zlib_bomb(attempt: &mut Attempt<'_>) -> Result<()> {
    let mut history = History::new(attempt)?;
    let first = history.objects.commit(history.good, &[], "one", 1_700_000_000);
    let bomb: Id = [0x44; 20];
    let megabytes = attempt.random.between(1300, 2600);
    let (stream, head) = if attempt.random.once_in(2) {
        let text =
            format!("tree {}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\n", git::hex(history.good));
        let header = format!("commit {}\0{text}", text.len() + (megabytes << 20));
        (
            git::bomb(header.as_bytes(), b'a', megabytes)?,
            history.objects.commit(history.good, &[bomb], "three", 1_700_000_200),
        )
    } else {
        let second = history.objects.commit(bomb, &[first], "two", 1_700_000_100);
        let header = format!("tree {}\0", megabytes << 20);
        (
            git::bomb(header.as_bytes(), b'1', megabytes)?,
            history.objects.commit(history.good, &[second], "three", 1_700_000_200),
        )
    };
    history.objects.write_loose(&history.git)?;
    history.refer(head)?;
    git::write_loose(&history.git, bomb, &stream)?;
    map_it(attempt)
}
