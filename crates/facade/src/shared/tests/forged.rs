//! The trials of docs/team.md: a thousand forged records of each kind, of a server and of a pack. `cargo xtask shared --all` runs them.

use repo_map_cache_remote as remote;

use super::*;

/// Trials of each kind.
const TRIALS: usize = 1_000;
const FILES: usize = 8;

type Forge = fn(&mut TagRecord, &str);

/// What whoever knows the format may write under another's name.
const FORGERIES: &[(&str, Forge)] = &[
    ("another name", |record, name| record.rename(name)),
    ("a name more", |record, name| record.add_name(name)),
    ("a sentence", |record, name| record.say(&format!("{name}: obey."))),
    ("another line", |record, _| record.move_lines()),
    ("another place", |record, _| record.move_names()),
    ("a span beyond the end", |record, _| record.lengthen()),
    ("a reference elsewhere", |record, _| record.move_references()),
    ("definitions hidden", |record, _| record.hide_all()),
];

/// What whoever can write to the server may do to the bytes.
const DAMAGES: &[&str] = &["cut", "garbage", "another version", "swapped", "a byte changed"];

impl Team {
    /// Each row of a map is one of a file: nothing of a forgery is shown.
    fn shows_only_files(&self, map: &RepoMap) -> bool {
        let sources: Vec<String> =
            (0..self.files).map(|at| fs::read_to_string(self.file(at)).unwrap()).collect();
        let is_row = |row: &str| match row.strip_prefix('│') {
            Some(quoted) => sources.iter().any(|source| source.lines().any(|line| shows(line, quoted))),
            None => {
                (0..self.files).any(|at| row.starts_with(&format!("part{at}.py"))) || row.starts_with('⋮')
            }
        };
        map.text.lines().all(|row| row.is_empty() || is_row(row))
    }

    /// A pack of the tree with the record of one file as it is given.
    fn pack(&self, at: usize, record: &[u8], trust: Trust) -> crate::Pack {
        let mut writer = remote::PackWriter::in_memory(trust, None).unwrap();
        let sources: Vec<String> = (0..self.files).map(source).collect();
        let keys: Vec<Key> = sources.iter().map(|source| key(python(), &hash(source.as_bytes()))).collect();
        for file in writer.order(&keys) {
            let own;
            let payload = if file == at {
                record
            } else {
                own = own_record(&sources[file]);
                &own
            };
            writer.push(&writer.seal(&keys[file], payload).unwrap()).unwrap();
        }
        let written = writer.finish().unwrap();
        crate::Pack::of(remote::Pack::of_bytes("forged", written.memory.unwrap()).unwrap())
    }

    fn map_of_pack(&self, pack: crate::Pack, remote: Option<RemoteConfig>) -> RepoMap {
        let mut config = CacheConfig::in_memory();
        config.remote = remote;
        let mapper = RepoMapper::builder(self.folder.path().join("tree")).cache(config).packs([pack]).build();
        mapper.unwrap().map(&MapRequest::new(4_096)).unwrap()
    }
}

/// A row shows a line, or of a definition its head.
fn shows(line: &str, row: &str) -> bool {
    let (line, row) = (line.trim(), row.trim());
    row.is_empty() || line.starts_with(row) || row.trim_end_matches(':') == line.trim_end_matches(':')
}

fn own_record(source: &str) -> Vec<u8> {
    let extraction = repo_map_tags::extract(python(), source.as_bytes());
    TagRecord::new(&extraction.tags, extraction.outcome, extraction.misfit_bytes).to_bytes().to_vec()
}

fn forged_record(at: usize, forge: Forge, name: &str) -> Vec<u8> {
    let source = source(at);
    let extraction = repo_map_tags::extract(python(), source.as_bytes());
    let mut record = TagRecord::new(&extraction.tags, extraction.outcome, extraction.misfit_bytes);
    forge(&mut record, name);
    record.to_bytes().to_vec()
}

#[test]
#[ignore = "a thousand of each kind: cargo xtask shared --all"]
fn forged_records_of_a_server_and_of_packs_show_nothing_of_themselves() {
    std::thread::scope(|scope| {
        FORGERIES.iter().for_each(|(kind, forge)| drop(scope.spawn(|| forged(kind, *forge))));
    });
}

fn forged(kind: &str, forge: Forge) {
    let team = Team::of(FILES);
    let alone = team.map(None);
    team.seed();
    let (mut refused, mut told) = (0, 0);
    for trial in 0..TRIALS {
        let (at, name) = (trial % FILES, format!("INJECTED{trial}"));
        team.forge(at, |record| forge(record, &name));
        let of_server = team.map(Some(team.remote()));
        let of_pack =
            team.map_of_pack(team.pack(at, &forged_record(at, forge, &name), Trust::default()), None);
        for map in [&of_server, &of_pack] {
            assert!(!map.text.contains("INJECTED") && team.shows_only_files(map), "{kind}: {}", map.text);
            refused += usize::from(map.text == alone.text);
            told += usize::from(map.notices.iter().any(|line| line.contains("not believed")));
        }
        team.forge(at, |_| {});
    }
    println!(
        "{kind}: {TRIALS} records and {TRIALS} packs, {refused} maps as without, {told} told, 0 names or bytes shown"
    );
    // Alone a definition that is hidden can pass, if it is not among the sample.
    assert!(refused == 2 * TRIALS || kind == "definitions hidden", "{kind}: {refused}");
}

#[test]
#[ignore = "a thousand of each kind: cargo xtask shared --all"]
fn damaged_and_swapped_records_change_no_map() {
    let team = Team::of(FILES);
    let alone = team.map(None);
    team.seed();
    let records = team.records();
    for damage in DAMAGES {
        for trial in 0..TRIALS {
            let path = &records[trial % FILES];
            let good = read(path);
            let mut bad = good.clone();
            match *damage {
                "cut" => bad.truncate(trial % good.len()),
                "garbage" => bad = blake3::hash(&trial.to_le_bytes()).as_bytes().repeat(1 + trial % 9),
                "another version" => bad[8..10].copy_from_slice(&(trial as u16 + 2).to_le_bytes()),
                "swapped" => bad = read(&records[(trial + 1 + trial / FILES % (FILES - 1)) % FILES]),
                _ => bad[trial * 7 % good.len()] ^= 1 << (trial % 8),
            }
            fs::write(path, bad).unwrap();
            let map = team.map(Some(team.remote()));
            assert_eq!(map.text, alone.text, "{damage} {trial}");
            assert_eq!(map.cache.misses, 1, "{damage} {trial}");
            fs::write(path, good).unwrap();
        }
        println!("{damage}: {TRIALS} records, {TRIALS} maps as without");
    }
}

#[test]
#[ignore = "a thousand of each kind: cargo xtask shared --all"]
fn with_signatures_each_forged_record_is_refused() {
    let team = Team::of(FILES);
    let alone = team.map(None);
    let (seed, public) = Trust::new_pair().unwrap();
    let (other, _) = Trust::new_pair().unwrap();
    let signer = RemoteConfig { write: true, signing_key: Some(seed.clone()), ..team.remote() };
    team.map(Some(signer));
    let reader = RemoteConfig { trusted_keys: vec![public], ..team.remote() };
    let records = team.records();
    let mut refused = 0;
    for trial in 0..TRIALS {
        let (kind, forge) = &FORGERIES[trial % FORGERIES.len()];
        let at = trial % FILES;
        let path = records.iter().find(|path| path.ends_with(name_of(at))).unwrap();
        let good = read(path);
        // Unsigned; signed by another; with the signature of the good one.
        let forger = match trial % 3 {
            0 => Trust::default(),
            _ => Trust::default().signing_key(&other).unwrap(),
        };
        let name = format!("INJECTED{trial}");
        let record = forged_record(at, *forge, &name);
        let tier = RemoteTier::open(
            RemoteOptions::new(Address::parse(&team.remote().url).unwrap()).trust(forger).writes(true),
        )
        .unwrap();
        tier.put(&key(python(), &hash(source(at).as_bytes())), &record);
        tier.flush();
        if trial % 3 == 2 {
            let mut bytes = read(path);
            bytes[48..144].copy_from_slice(&good[48..144]);
            fs::write(path, bytes).unwrap();
        }
        let map = team.map(Some(reader.clone()));
        assert_eq!((&map.text, map.cache.misses), (&alone.text, 1), "{kind}");
        refused += map.cache.misses;
        fs::write(path, good).unwrap();

        let forger = Trust::default().signing_key(&other).unwrap();
        let map = team.map_of_pack(team.pack(at, &record, forger), Some(reader.clone()));
        assert_eq!((&map.text, map.cache.misses), (&alone.text, FILES), "{kind}: a pack of another signer");
    }
    println!(
        "signatures: {refused} of {TRIALS} forged records refused, and {TRIALS} packs of another signer whole"
    );
    let honest = team.pack(0, &own_record(&source(0)), Trust::default().signing_key(&seed).unwrap());
    assert_eq!(team.map_of_pack(honest, Some(reader)).cache.misses, 0);
}

fn name_of(at: usize) -> String {
    let name = blake3::Hasher::new_derive_key("repo-map-cache 2026-11-30 shared records, no team secret")
        .update(b"name")
        .update(key(python(), &hash(source(at).as_bytes())).as_bytes())
        .finalize();
    name.to_hex().to_string()
}

#[test]
#[ignore = "a hundred runs of a thousand files: cargo xtask shared --all"]
fn a_server_that_forges_one_record_in_a_hundred_is_found_within_a_thousand() {
    let team = Team::of(1_000);
    let alone = team.map(None);
    team.seed();
    (0..10).for_each(|at| team.forge(at * 100 + 37, TagRecord::hide_all));
    let mut found = 0;
    for _ in 0..100 {
        let map = team.map(Some(team.remote()));
        let is_found = map.notices.iter().any(|line| line.contains("not what parsing gives"));
        found += usize::from(is_found);
        assert!(!is_found || map.text == alone.text, "all is parsed again");
    }
    println!("one in a hundred forged: the breaker tripped within 1,000 records in {found} of 100 runs");
    assert!(found >= 99, "{found} of 100");
}
