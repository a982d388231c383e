use std::fs;

use repo_map_cache_core::Key;

use super::*;
use crate::tier::{RemoteOptions, RemoteTier};

const SEED: &str = "0101010101010101010101010101010101010101010101010101010101010101";

fn key(at: u32) -> Key {
    Key::new(*blake3::hash(&at.to_le_bytes()).as_bytes())
}

fn payload(at: u32) -> Vec<u8> {
    format!("payload {at} ").repeat(at as usize % 5 + 1).into_bytes()
}

fn team() -> Trust {
    Trust::default().secret("a secret of a team").unwrap()
}

fn fill(mut writer: PackWriter, records: &[u32]) -> Written {
    let keys: Vec<Key> = records.iter().map(|at| key(*at)).collect();
    for at in writer.order(&keys) {
        let sealed = writer.seal(&keys[at], &payload(records[at])).unwrap();
        writer.push(&sealed).unwrap();
    }
    writer.finish().unwrap()
}

fn bytes(trust: Trust, records: &[u32]) -> Vec<u8> {
    fill(PackWriter::in_memory(trust, None).unwrap(), records).memory.unwrap()
}

fn opened(bytes: &[u8]) -> Result<Pack, String> {
    Pack::of_bytes("x.pack", bytes.to_vec())
}

fn fetched(packs: Vec<Pack>, trust: Trust, records: &[u32]) -> Vec<Option<Vec<u8>>> {
    let tier = RemoteTier::open(RemoteOptions::packs(packs).trust(trust)).unwrap();
    tier.fetch(&records.iter().map(|at| key(*at)).collect::<Vec<_>>())
}

#[test]
fn what_was_written_is_read_each_once_and_in_any_order_alike() {
    let pack = bytes(team(), &[5, 1, 2, 2, 3]);
    assert_eq!(pack, bytes(team(), &[1, 2, 3, 5]));
    let pack = opened(&pack).unwrap();
    assert_eq!((pack.len(), pack.base()), (4, None));
    let found = fetched(vec![pack.clone()], team(), &[3, 4, 1]);
    assert_eq!(found, [Some(payload(3)), None, Some(payload(1))]);
    let line = pack.check(&Trust::default()).unwrap_err();
    assert!(line.contains("team's secret"), "{line}");
    let none = opened(&bytes(Trust::default(), &[])).unwrap();
    assert!(none.is_empty() && none.check(&team()).is_err());
}

#[test]
fn a_pack_with_a_base_holds_only_what_differs() {
    let base = opened(&bytes(Trust::default(), &(0..100).collect::<Vec<_>>())).unwrap();
    let branch: Vec<u32> = (5..103).collect();
    let written = fill(PackWriter::in_memory(Trust::default(), Some(base.clone())).unwrap(), &branch);
    assert_eq!((written.records, written.in_base), (3, 95));
    let delta = opened(&written.memory.unwrap()).unwrap();
    assert_eq!(delta.base(), Some((base.id(), 95)));
    let found = fetched(vec![delta.clone()], Trust::default(), &branch);
    assert_eq!(found.iter().flatten().count(), 3);
    let found = fetched(vec![delta, base.clone()], Trust::default(), &branch);
    assert!(branch.iter().zip(found).all(|(at, found)| found == Some(payload(*at))));
    let other = fill(PackWriter::in_memory(Trust::default(), Some(base)).unwrap(), &[200]);
    let other = opened(&other.memory.unwrap()).unwrap();
    assert_eq!(other.base(), None, "a base that has nothing of it is none");
}

#[test]
fn golden_packs_of_version_1_open() {
    let golden = include_bytes!("../../../../fixtures/remote/pack-v1.bin");
    let pack = opened(golden).unwrap();
    assert_eq!((pack.len(), pack.base().map(|(_, records)| records)), (2, Some(1)));
    let signer = Trust::default().signing_key(SEED).unwrap();
    let (_, public) = signer.sign(b"").map(|(key, _)| ((), hexadecimal(&key))).unwrap();
    let trust = team().trusted_key(&public).unwrap();
    assert_eq!(fetched(vec![pack], trust, &[1, 2, 3]).iter().flatten().count(), 2);
}

/// Writes the golden file; only for a new version.
#[test]
#[ignore = "writes fixtures"]
fn write_golden_pack() {
    let base = opened(&bytes(team(), &[2])).unwrap();
    let trust = team().signing_key(SEED).unwrap();
    let written = fill(PackWriter::in_memory(trust, Some(base)).unwrap(), &[1, 2, 3]);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/remote/pack-v1.bin");
    fs::write(path, written.memory.unwrap()).unwrap();
}

#[test]
fn a_pack_that_was_cut_anywhere_or_goes_on_is_none() {
    let pack = bytes(team(), &(0..20).collect::<Vec<_>>());
    for end in 0..pack.len() {
        let line = opened(&pack[..end]).unwrap_err();
        assert!(line.contains("x.pack") && !line.contains('\n'), "{end}: {line}");
    }
    assert!(opened(&[&pack[..], b"x"].concat()).is_err());
}

#[test]
fn any_changed_byte_is_a_line_or_a_record_less_and_never_another_record() {
    let records: Vec<u32> = (0..20).collect();
    let pack = bytes(Trust::default(), &records);
    let mut refused = 0;
    for at in 0..pack.len() {
        let mut changed = pack.clone();
        changed[at] ^= 0x41;
        let Ok(opened) = opened(&changed) else { continue };
        let found = fetched(vec![opened], Trust::default(), &records);
        let wrong =
            |(at, found): (&u32, &Option<Vec<u8>>)| found.as_ref().is_some_and(|f| *f != payload(*at));
        assert!(!records.iter().zip(&found).any(wrong), "byte {at}");
        assert_eq!(found.iter().flatten().count(), 19, "byte {at}");
        refused += 1;
    }
    assert!(refused > 1_000, "what is no index is records: {refused}");
}

#[test]
fn swapped_records_are_refused() {
    // Of equal length, and with a mark that is right: whoever has no secret can make that.
    let pack = bytes(team(), &[1, 6]);
    let records = opened(&pack).unwrap();
    let middle = records.0.ends[0] as usize;
    let (one, other) = (pack[HEADER..middle].to_vec(), pack[middle..records.0.ends[1] as usize].to_vec());
    let mut names: Vec<&Name> = records.0.names.iter().collect();
    names.sort_unstable();
    let mut index = Vec::new();
    let mut end = HEADER as u64;
    for (name, record) in names.into_iter().zip([&other, &one]) {
        end += record.len() as u64;
        index.extend_from_slice(name);
        index.extend_from_slice(&end.to_le_bytes());
    }
    let header = &pack[..HEADER];
    let swapped = [header, &other, &one, &index, &identity(header, &index)].concat();
    let swapped = opened(&swapped).unwrap();
    let tier = RemoteTier::open(RemoteOptions::packs(vec![swapped]).trust(team())).unwrap();
    assert_eq!(tier.fetch(&[key(1), key(6)]), [None, None]);
    assert_eq!(tier.statistics().refused, 2);
}

#[test]
fn another_version_and_another_file_are_told_by_name() {
    let mut pack = bytes(team(), &[1]);
    pack[8] = 9;
    let line = opened(&pack).unwrap_err();
    assert!(line.contains("version 9") && line.contains("version 1"), "{line}");
    assert!(opened(b"PK\x03\x04 what is this").unwrap_err().contains("no pack of this program"));
}

#[test]
fn no_count_or_length_makes_room_that_the_file_does_not_bear_out() {
    let mut pack = bytes(team(), &[1]);
    for (at, length) in [(12, 4), (16, 8), (24, 4)] {
        for value in [0xff, 0x7f] {
            let before = pack.clone();
            pack[at..at + length].fill(value);
            assert!(opened(&pack).is_err());
            pack = before;
        }
    }
}

#[test]
fn a_file_is_written_whole_or_not_at_all_and_nothing_else_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("main.pack");
    let names = || fs::read_dir(folder.path()).unwrap().count();
    fs::write(&path, "my notes").unwrap();
    let line = PackWriter::to_file(&path, team(), None).err().unwrap();
    assert!(line.contains("no pack of this program") && line.contains("nothing was written"), "{line}");
    assert_eq!(fs::read(&path).unwrap(), b"my notes");
    assert!(PackWriter::to_file(folder.path(), team(), None).is_err());

    fs::write(&path, "").unwrap();
    fill(PackWriter::to_file(&path, team(), None).unwrap(), &[1, 2]);
    let before = fs::read(&path).unwrap();
    assert_eq!(before, bytes(team(), &[1, 2]));
    // One that is given up leaves what was there.
    drop(PackWriter::to_file(&path, team(), None).unwrap());
    assert_eq!((fs::read(&path).unwrap(), names()), (before, 1));
    // One that comes in between stays.
    let late = PackWriter::to_file(&path, team(), None).unwrap();
    fs::write(&path, "my notes").unwrap();
    assert!(late.finish().is_err());
    assert_eq!((fs::read(&path).unwrap(), names()), (b"my notes".to_vec(), 1));

    fs::remove_file(&path).unwrap();
    fill(PackWriter::to_file(&path, team(), None).unwrap(), &[1, 2, 3]);
    assert_eq!((Pack::open(&path).unwrap().len(), names()), (3, 1));
}

/// What is on a server is as it would be in a file; a part that is gone or another is told, and no pack.
#[test]
fn packs_go_over_a_server_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let open = |writes| {
        let address = crate::Address::parse(&format!("file://{}", folder.path().display())).unwrap();
        // The machine of a test may be busy.
        let patience = std::time::Duration::from_secs(60);
        RemoteTier::open(RemoteOptions::new(address).trust(team()).writes(writes).allowance(patience))
            .unwrap()
    };
    let noise: Vec<u8> = (0..200_000u32).flat_map(|at| *blake3::hash(&at.to_le_bytes()).as_bytes()).collect();
    let mut writer = PackWriter::in_memory(team(), None).unwrap();
    assert_eq!(writer.order(&[key(1)]), [0]);
    writer.push(&writer.seal(&key(1), &noise).unwrap()).unwrap();
    let written = writer.finish().unwrap();
    let pack = written.memory.unwrap();
    let head = key(77);
    store_pack(&open(true), &head, &pack, written.id, None).unwrap();
    let files = || {
        let mut files = Vec::new();
        for folder in fs::read_dir(folder.path().join("records/1")).unwrap() {
            files.extend(fs::read_dir(folder.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
        }
        files
    };
    assert_eq!(files().len(), 3, "two parts and a head");
    let (at, found) = nearest_pack(&open(false), &[key(78), head]).unwrap().unwrap();
    assert_eq!((at, found.id, found.bytes), (1, written.id, pack.len() as u64));
    let again = fetch_pack(&open(false), &found, "of x").unwrap();
    assert_eq!(fetched_one(again), Some(noise));
    assert!(nearest_pack(&open(false), &[key(78)]).unwrap().is_none());

    for file in files() {
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        let tier = open(false);
        let found = nearest_pack(&tier, &[head]).unwrap();
        assert!(found.is_none_or(|(_, head)| fetch_pack(&tier, &head, "of x").is_err()));
        fs::write(&file, bytes).unwrap();
    }
    let line = store_pack(&open(false), &head, &pack, written.id, None).unwrap_err();
    assert!(line.contains("did not take"), "{line}");
}

fn fetched_one(pack: Pack) -> Option<Vec<u8>> {
    let tier = RemoteTier::open(RemoteOptions::packs(vec![pack]).trust(team())).unwrap();
    tier.fetch(&[key(1)]).pop().flatten()
}
