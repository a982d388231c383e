//! Objects that are made to take all memory or all time take the log, or more than their own commit.

use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use gix_hash::ObjectId;
use repo_map_history::{Log, LogEnd, LogOptions};

use crate::forge::{self, Forge, entry, varint};
use crate::repository::{files, read, words};

/// The log, in whatever time a slow machine takes and not for ever.
fn log(forge: &Forge) -> Log {
    let (send, receive) = mpsc::channel();
    let path = forge.path().to_owned();
    thread::spawn(move || drop(send.send(read(&path))));
    receive.recv_timeout(Duration::from_secs(120)).expect("the log ends")
}

/// What is between two good commits is over a budget: it counts as an import, the commits around it as ever.
#[track_caller]
fn check_import(forge: &Forge) {
    let log = log(forge);
    assert_eq!(
        (files(&log), log.end(), log.unreadable()),
        (vec![vec![], vec![], vec!["a.py"]], LogEnd::First, 0)
    );
    // It takes no more of a log that is extended.
    assert_eq!(Log::read(forge.path(), &LogOptions::default(), Some(log.clone()), words), log);
}

/// It makes no sense: it and what is compared with it are unreadable.
#[track_caller]
fn check_unreadable(forge: &Forge) {
    let log = log(forge);
    assert_eq!((files(&log), log.end(), log.unreadable()), (vec![vec!["a.py"]], LogEnd::First, 2));
}

#[test]
fn folders_that_share_their_folders_a_hundred_million_million_million_times() {
    let forge = Forge::new();
    let mut tree = forge.tree(&[]);
    for _ in 0..20 {
        let names: Vec<_> = (0..10).map(|name| format!("d{name}")).collect();
        let entries: Vec<_> = names.iter().map(|name| ("40000", name.as_bytes(), tree)).collect();
        tree = forge.tree(&entries);
    }
    forge.between(tree);
    check_import(&forge);
}

#[test]
fn folders_in_folders_without_end() {
    let forge = Forge::new();
    let mut tree = forge.good;
    for _ in 0..3_000 {
        tree = forge.tree(&[("40000", &[b'd'; 200], tree)]);
    }
    forge.between(tree);
    check_import(&forge);
}

#[test]
fn a_folder_that_is_in_itself() {
    let forge = Forge::new();
    let own = ObjectId::from_hex(&[b'7'; 40]).unwrap();
    let bytes = forge::tree(&[("40000", b"a", own), ("40000", b"b", own)]);
    forge.put(own, "tree", bytes.len() as u64, &bytes);
    forge.between(own);
    check_import(&forge);
}

#[test]
fn a_folder_of_a_million_files() {
    let forge = Forge::new();
    let text = forge.blob(b"");
    let names: Vec<_> = (0..1_000_000).map(|name| format!("{name:06}")).collect();
    let entries: Vec<_> = names.iter().map(|name| ("100644", name.as_bytes(), text)).collect();
    forge.between(forge.tree(&entries));
    check_import(&forge);
}

#[test]
fn a_commit_of_a_hundred_thousand_parents() {
    let forge = Forge::new();
    let first = forge.commit(forge.good, &[], b"one");
    let merge = forge.commit(forge.good, &vec![first; 100_000], b"two");
    forge.head(forge.commit(forge.good, &[merge], b"three"));
    let log = log(&forge);
    assert_eq!(log.unreadable(), 0);
    assert!(!log.is_empty());
}

#[test]
fn a_message_of_many_megabytes() {
    let forge = Forge::new();
    let first = forge.commit(forge.good, &[], b"one");
    let second = forge.commit(forge.good, &[first], &vec![b'm'; 20 << 20]);
    forge.head(forge.commit(forge.good, &[second], b"three"));
    let log = log(&forge);
    assert_eq!((log.len(), log.end(), log.unreadable()), (3, LogEnd::First, 0));
}

#[test]
fn sizes_that_are_claimed_are_not_reserved() {
    for size in [0, 1 << 36, u64::MAX] {
        let forge = Forge::new();
        let id = ObjectId::from_hex(&[b'7'; 40]).unwrap();
        forge.put(id, "tree", size, b"");
        forge.between(id);
        let log = log(&forge);
        assert_eq!((log.end(), log.commits().count() + log.unreadable()), (LogEnd::First, 3));

        let forge = Forge::new();
        let text = forge::commit(forge.good, &[], b"one");
        forge.put(id, "commit", size, &text);
        forge.head(id);
        assert!(log_is_empty(&forge), "a commit that claims {size} bytes");
    }
    for size in [1 << 33, 1 << 40, u64::MAX >> 4] {
        let forge = Forge::new();
        let tree = ObjectId::from_hex(&[b'7'; 40]).unwrap();
        let delta = ObjectId::from_hex(&[b'8'; 40]).unwrap();
        let instructions = [varint(0), varint(size), vec![1, b'a']].concat();
        let base = ObjectId::from_hex(&[b'9'; 40]).unwrap();
        forge.pack(&[
            (tree, entry(2, size, b"", b"")),
            (base, entry(2, 0, b"", b"")),
            (delta, entry(7, instructions.len() as u64, base.as_slice(), &instructions)),
        ]);
        for id in [tree, delta] {
            forge.between(id);
            check_import(&forge);
        }
    }
}

fn log_is_empty(forge: &Forge) -> bool {
    log(forge).is_empty()
}

#[test]
fn deltas_that_go_round_in_circles_or_on_and_on() {
    let forge = Forge::new();
    let name = |number: u64| {
        let mut bytes = [0; 20];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        ObjectId::from(bytes)
    };
    let nothing = [varint(0), varint(0)].concat();
    let by_name = |base: ObjectId| entry(7, 2, base.as_slice(), &nothing);
    forge.pack(&[
        (name(1), by_name(name(2))),
        (name(2), by_name(name(1))),
        (name(3), entry(6, 2, b"\0", &nothing)),
    ]);
    forge.between(name(1));
    check_import(&forge);
    forge.between(name(3));
    check_unreadable(&forge);

    let forge = Forge::new();
    let mut entries = vec![(name(1), entry(2, 0, b"", b""))];
    entries.extend((2..20_000).map(|number| (name(number), by_name(name(number - 1)))));
    forge.pack(&entries);
    forge.between(name(19_999));
    check_import(&forge);
    // As long as git makes them.
    forge.between(name(4_000));
    assert_eq!(log(&forge).unreadable(), 0);
}

#[test]
fn a_delta_that_copies_more_than_it_may() {
    let forge = Forge::new();
    let (base, delta) = (ObjectId::from_hex(&[b'1'; 40]).unwrap(), ObjectId::from_hex(&[b'2'; 40]).unwrap());
    let mut instructions = [varint(65_536), varint(1 << 24)].concat();
    // Each copies 64 KB.
    instructions.extend([0x80; 1 << 12]);
    forge.pack(&[
        (base, entry(2, 65_536, b"", &[0; 65_536])),
        (delta, entry(7, instructions.len() as u64, base.as_slice(), &instructions)),
    ]);
    forge.between(delta);
    check_unreadable(&forge);
}

#[test]
fn tags_of_tags_and_references_of_references() {
    let forge = Forge::new();
    let mut id = forge.commit(forge.good, &[], b"one");
    for number in 0..8 {
        id = forge.object("tag", format!("object {id}\ntype tag\ntag {number}\n").as_bytes());
    }
    forge.head(id);
    assert_eq!(files(&log(&forge)), [["a.py"]]);
    for number in 0..100 {
        id = forge.object("tag", format!("object {id}\ntype tag\ntag {number}\n").as_bytes());
    }
    forge.head(id);
    assert_eq!(log(&forge).end(), LogEnd::Unreadable);
    let own = ObjectId::from_hex(&[b'7'; 40]).unwrap();
    let text = format!("object {own}\ntype tag\ntag x\n");
    forge.put(own, "tag", text.len() as u64, text.as_bytes());
    forge.head(own);
    assert_eq!(log(&forge).end(), LogEnd::Unreadable);
    fs::write(forge.git_dir().join("refs/heads/main"), "ref: refs/heads/main\n").unwrap();
    assert_eq!(log(&forge).end(), LogEnd::Unreadable);
    fs::write(forge.git_dir().join("refs/heads/main"), "ref: ../../../outside\n").unwrap();
    assert_eq!(log(&forge).end(), LogEnd::Unreadable);
}

#[test]
fn ten_thousand_moves_in_each_commit_stay_within_memory() {
    let forge = Forge::new();
    let file = |name: usize| forge.blob(name.to_string().as_bytes());
    let texts: Vec<_> = (0..2_000).map(|name| (format!("{name:0200}"), file(name))).collect();
    let entries: Vec<_> = texts.iter().map(|(name, id)| ("100644", name.as_bytes(), *id)).collect();
    let inner = forge.tree(&entries);
    let mut parents = vec![];
    for number in 0..60 {
        let mut name = format!("{number:0200}").into_bytes();
        name.extend([b'x'; 200]);
        parents = vec![forge.commit(forge.tree(&[("40000", &name, inner)]), &parents, b"moved")];
    }
    forge.head(parents[0]);
    let log = log(&forge);
    assert_eq!((log.len(), log.end()), (60, LogEnd::First));
    assert!(log.paths().map(str::len).sum::<usize>() <= 64 << 20);
}

#[test]
fn bytes_at_random_in_packs_and_objects_cost_a_log_and_no_more() {
    let repository = crate::repository::Repository::new();
    for number in 0..6 {
        repository.commit(&format!("message {number}"), &["a", "b/c", "b/d"]);
    }
    repository.git(&["gc", "-q"]);
    let pack = repository.path().join(".git/objects/pack");
    let paths: Vec<_> = fs::read_dir(pack).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for path in
        paths.iter().filter(|path| path.extension().is_some_and(|kind| kind == "idx" || kind == "pack"))
    {
        let whole = fs::read(path).unwrap();
        fs::remove_file(path).unwrap();
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..4 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % bytes.len();
                bytes[at] = (state >> 20) as u8;
            }
            if state & 0x100 != 0 {
                bytes.truncate((state >> 33) as usize % whole.len());
            }
            fs::write(path, &bytes).unwrap();
            assert!(read(repository.path()).len() <= 6);
        }
        fs::write(path, whole).unwrap();
    }
    assert_eq!(read(repository.path()).len(), 6);
}

/// Commits of thirty texts of half a million lines, all of two kinds: to compare one pair takes seconds.
#[test]
fn texts_that_are_dear_to_compare() {
    let forge = Forge::new();
    let mut state = 7_u64;
    let mut text = || {
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if state >> 40 & 1 == 0 { b"a\n" } else { b"b\n" }
        };
        forge.blob(&(0..500_000).flat_map(|_| *next()).collect::<Vec<u8>>())
    };
    let texts = [text(), text()];
    let names: Vec<_> = (0..30).map(|name| format!("{name:02}")).collect();
    let trees: Vec<_> = texts
        .iter()
        .map(|text| {
            let entries: Vec<_> = names.iter().map(|name| ("100644", name.as_bytes(), *text)).collect();
            forge.tree(&entries)
        })
        .collect();
    let mut parents = vec![];
    for number in 0..6 {
        parents = vec![forge.commit(trees[number % 2], &parents, b"m")];
    }
    forge.head(parents[0]);
    assert_eq!(log(&forge).len(), 6);
}
