//! Stored bytes that are not what they were must never stop the program.

use proptest::prelude::*;
use repo_map_history::{HistoryQuery, Log};

use crate::repository::Repository;

fn record() -> &'static [u8] {
    static RECORD: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    RECORD.get_or_init(|| {
        let repository = Repository::new();
        repository.commit("alpha beta", &["a", "folder/b"]);
        repository.commit("beta gamma", &["folder/b", "folder/c"]);
        repository.git(&["mv", "a", "d"]);
        repository.commit_all("delta");
        repository.log().to_bytes()
    })
}

fn use_all(bytes: &[u8]) {
    if let Ok(log) = Log::from_bytes(bytes) {
        let paths: Vec<&str> = log.paths().collect();
        let query = HistoryQuery::default().words(&[("beta", 1.0)]).chat_files(&["folder/b"]);
        assert_eq!(log.signals(&query, paths.iter().copied()).len(), paths.len());
        assert_eq!(log.commits().count(), log.len());
    }
}

proptest! {
    #[test]
    fn changed_bytes_are_refused_or_used(at in any::<prop::sample::Index>(), value in any::<u8>(), keep in any::<prop::sample::Index>()) {
        let mut bytes = record().to_vec();
        use_all(&bytes[..keep.index(bytes.len())]);
        let at = at.index(bytes.len());
        bytes[at] = value;
        use_all(&bytes);
    }

    #[test]
    fn foreign_bytes_are_refused_or_used(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_all(&bytes);
        if let Some(first) = bytes.first_mut() {
            *first = 1;
        }
        use_all(&bytes);
    }
}

#[test]
fn cut_longer_and_other_versions_are_refused() {
    let bytes = record();
    assert!(Log::from_bytes(bytes).is_ok());
    assert!(Log::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Log::from_bytes(&[bytes, &[0]].concat()).is_err());
    assert!(Log::from_bytes(&[&[99], &bytes[1..]].concat()).is_err());
    assert!(Log::from_bytes(&[]).is_err());
}
