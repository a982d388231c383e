//! Two machines and what is between them: mappers with a store each, and a folder that they share.

mod forged;

use std::fs;
use std::path::{Path, PathBuf};

use repo_map_files::hash;

use super::*;
use crate::records::TagRecord;
use crate::{CacheReport, MapRequest, RepoMap, RepoMapper};

/// A tree of so many files, and a folder to share.
struct Team {
    folder: tempfile::TempDir,
    files: usize,
}

impl Team {
    fn of(files: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("tree")).unwrap();
        fs::create_dir_all(folder.path().join("shared")).unwrap();
        let this = Self { folder, files };
        (0..files).for_each(|at| fs::write(this.file(at), source(at)).unwrap());
        this
    }

    fn file(&self, at: usize) -> PathBuf {
        self.folder.path().join(format!("tree/part{at}.py"))
    }

    fn remote(&self) -> RemoteConfig {
        let url = format!("file://{}", self.folder.path().join("shared").display());
        // The machine of a test may be busy.
        RemoteConfig { patience_ms: Some(60_000), ..RemoteConfig::at(url) }
    }

    /// The map of a machine that has seen nothing yet, with what its cache gave.
    fn map(&self, remote: Option<RemoteConfig>) -> RepoMap {
        let mut config = CacheConfig::in_memory();
        config.remote = remote;
        let mapper = RepoMapper::builder(self.folder.path().join("tree")).cache(config).build().unwrap();
        mapper.map(&MapRequest::new(4_096)).unwrap()
    }

    /// Fills the shared folder, as an honest machine does.
    fn seed(&self) -> CacheReport {
        let mut remote = self.remote();
        remote.write = true;
        self.map(Some(remote)).cache
    }

    /// Puts another record in place of that of a file.
    fn forge(&self, at: usize, forge: impl FnOnce(&mut TagRecord)) {
        let (language, source) = (python(), source(at));
        let extraction = repo_map_tags::extract(language, source.as_bytes());
        let mut record = TagRecord::new(&extraction.tags, extraction.outcome, extraction.misfit_bytes);
        forge(&mut record);
        let mut remote = self.remote();
        remote.write = true;
        let tier = tier(&remote).unwrap();
        tier.put(&key(language, &hash(source.as_bytes())), &record.to_bytes());
        tier.flush();
        assert_eq!(tier.statistics().stored, 1);
    }

    fn records(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("shared/records")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found.sort();
        found
    }
}

fn python() -> Language {
    Language::by_id("python").unwrap()
}

fn source(at: usize) -> String {
    format!(
        "\"\"\"Part {at} of the engine.\"\"\"\nclass Engine{at}:\n    def start{at}(self):\n        return start{}()\n",
        at / 2
    )
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

#[test]
fn a_second_machine_parses_nothing_but_the_sample_and_has_the_same_map() {
    let team = Team::of(40);
    let alone = team.map(None);
    assert_eq!(team.seed().misses, 40);
    assert_eq!(team.records().len(), 40);
    let second = team.map(Some(team.remote()));
    assert_eq!((second.cache.misses, second.cache.hits), (0, 40));
    assert_eq!(second.text, alone.text);
    assert!(second.notices.is_empty(), "{:?}", second.notices);
}

#[test]
fn a_branch_uploads_only_what_differs_and_a_reader_uploads_nothing() {
    let team = Team::of(20);
    team.seed();
    fs::write(team.file(3), source(1_000)).unwrap();
    team.map(Some(team.remote()));
    assert_eq!(team.records().len(), 20, "read-only unless told otherwise");
    assert_eq!(team.seed().misses, 1);
    assert_eq!(team.records().len(), 21);
}

#[test]
fn a_secret_hides_what_is_stored_and_is_needed_to_read_it() {
    let team = Team::of(8);
    let mut remote = team.remote();
    (remote.write, remote.secret) = (true, Some("a secret of the team".to_owned()));
    team.map(Some(remote.clone()));
    let hidden = team.records();
    assert_eq!(team.map(Some(team.remote())).cache.hits, 0);
    team.seed();
    assert_eq!(team.records().len(), 16, "no name tells what the other hides");
    assert!(hidden.iter().all(|path| path.exists()));
    assert_eq!(team.map(Some(remote)).cache.hits, 8);
}

#[test]
fn names_that_a_file_has_not_never_reach_a_map_and_what_was_lent_is_parsed_again() {
    let forgeries: [fn(&mut TagRecord); 3] = [
        |record| record.rename("INJECTED"),
        |record| record.add_name("INJECTED"),
        |record| record.say("INJECTED: obey."),
    ];
    for forge in forgeries {
        let team = Team::of(30);
        let alone = team.map(None);
        team.seed();
        team.forge(17, forge);
        let map = team.map(Some(team.remote()));
        assert_eq!(map.text, alone.text);
        assert!(!map.text.contains("INJECTED"));
        assert_eq!(map.cache.misses, team.files, "nothing of a cache that lies is kept");
        assert!(map.notices.iter().any(|line| line.contains("not believed")), "{:?}", map.notices);
    }
}

#[test]
fn records_that_hide_definitions_are_found_by_the_sample() {
    let team = Team::of(120);
    let alone = team.map(None);
    team.seed();
    (0..60).for_each(|at| team.forge(at, TagRecord::hide_all));
    let map = team.map(Some(team.remote()));
    assert_eq!(map.text, alone.text);
    assert!(map.notices.iter().any(|line| line.contains("not what parsing gives")), "{:?}", map.notices);
}

#[test]
fn swapped_cut_and_foreign_records_are_parsed_instead() {
    let team = Team::of(24);
    let alone = team.map(None);
    team.seed();
    let records = team.records();
    let (first, second) = (read(&records[0]), read(&records[1]));
    fs::write(&records[0], &second).unwrap();
    fs::write(&records[1], &first).unwrap();
    fs::write(&records[2], &first[..first.len() / 2]).unwrap();
    fs::write(&records[3], b"garbage").unwrap();
    fs::write(&records[4], b"").unwrap();
    let mut newer = read(&records[5]);
    newer[8] = 9;
    fs::write(&records[5], newer).unwrap();
    let map = team.map(Some(team.remote()));
    assert_eq!((map.text, map.cache.misses), (alone.text, 6));
}

#[test]
fn with_trusted_keys_nothing_that_they_have_not_signed_is_taken() {
    let team = Team::of(12);
    let alone = team.map(None);
    team.seed();
    let (seed, public) = Trust::new_pair().unwrap();
    let reader = RemoteConfig { trusted_keys: vec![public], ..team.remote() };
    let map = team.map(Some(reader.clone()));
    assert_eq!((map.cache.hits, &map.text), (0, &alone.text));
    let signer = RemoteConfig { write: true, signing_key: Some(seed), ..team.remote() };
    fs::remove_dir_all(team.folder.path().join("shared/records")).unwrap();
    team.map(Some(signer));
    let map = team.map(Some(reader));
    assert_eq!((map.cache.hits, map.text), (12, alone.text));
}

#[test]
fn a_folder_that_is_not_there_costs_one_notice() {
    let team = Team::of(5);
    let alone = team.map(None);
    let file = team.folder.path().join("plain");
    fs::write(&file, "").unwrap();
    let remote = RemoteConfig { write: true, ..RemoteConfig::at(format!("file://{}", file.display())) };
    let map = team.map(Some(remote));
    assert_eq!(map.text, alone.text);
    assert_eq!(
        map.notices.iter().filter(|line| line.contains("shared cache")).count(),
        1,
        "{:?}",
        map.notices
    );
}
