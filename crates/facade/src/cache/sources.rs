//! What a path is now: the question that keeps values of files from being stale.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use repo_map_bounded_io::{Links, open};
use repo_map_cache_core::{Codec, Fingerprint, Payload, TieredCache};
use repo_map_files::StatFingerprint;
use repo_map_model::ContentHash;

use super::hashing::KeyHasher;
use super::keyspaces::LAYOUT;
use super::name::Name;
use crate::clock::now_ns;
use crate::records::{ArchivedFileRecord, FileRecord};

/// Larger files are not read: nobody parses one, and a file of no real size can claim a terabyte.
const MOST_BYTES: u64 = 1 << 28;

/// What a path is, as far as values of it depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// No file: the path is a name like any other.
    Name,
    File(ContentHash),
}

/// Paths whose content was read, under their `stat`: unchanged files are not read again.
pub(super) struct Sources(TieredCache<FileRecord>);

pub(super) struct FileRecordCodec;

impl Source {
    /// What values of the path are stored for.
    pub(super) fn fingerprint(self) -> Fingerprint {
        let hasher = KeyHasher::new("repo-map-cache 1 state of a source").part(LAYOUT.get().to_le_bytes());
        match self {
            Self::Name => hasher.fingerprint(),
            Self::File(content) => hasher.part(content.as_bytes()).fingerprint(),
        }
    }
}

impl Sources {
    pub(super) fn new(cache: TieredCache<FileRecord>) -> Self {
        Self(cache)
    }

    pub(super) fn cache(&self) -> &TieredCache<FileRecord> {
        &self.0
    }

    /// Looks at a path; reads it if its `stat` does not say that it is as it was. `None` for a file that cannot be read or has
    /// more than 256 MiB: no value of it can be trusted.
    pub(super) fn look(&self, path: &Path) -> Option<Source> {
        let recorded_ns = now_ns();
        let Some(metadata) = fs::metadata(path).ok().filter(fs::Metadata::is_file) else {
            return Some(Source::Name);
        };
        let stat = StatFingerprint::of(&metadata);
        // By its full path: a relative one is another file elsewhere.
        let full = std::path::absolute(path).ok()?;
        let key = KeyHasher::new("repo-map-cache 1 source").part(Name::of(&full)).key();
        if let Some(known) = self.0.get(&key, LAYOUT).filter(|known| known.proves(&stat)) {
            return Some(Source::File(known.content()));
        }
        if metadata.len() > MOST_BYTES {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(open(path, Links::Follow).ok()?.0.take(MOST_BYTES + 1)).ok()?;
        if hasher.count() > MOST_BYTES {
            return None;
        }
        let content = ContentHash(*hasher.finalize().as_bytes());
        self.0.put(key, LAYOUT, FileRecord::new(&stat, recorded_ns, content, ""), &[]);
        Some(Source::File(content))
    }
}

impl Codec<FileRecord> for FileRecordCodec {
    fn encode(&self, record: &FileRecord) -> Vec<u8> {
        record.to_bytes().into_vec()
    }

    fn decode(&self, payload: &Payload<'_>) -> Option<FileRecord> {
        payload.archived(ArchivedFileRecord::to_record)
    }

    fn weigh(&self, record: &FileRecord) -> usize {
        record.language().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::OpenCache;
    use crate::config::CacheConfig;

    #[test]
    fn a_source_is_read_again_only_when_its_stat_asks_for_it() {
        let open = OpenCache::open(&CacheConfig::in_memory()).unwrap();
        let reads = || open.sources.cache().statistics().requests.writes;
        // Older than two seconds: it was compiled from.
        let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let first = open.sources.look(&old);
        assert_eq!((open.sources.look(&old), reads()), (first, 1));
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new.py");
        fs::write(&new, "x").unwrap();
        let first = open.sources.look(&new);
        assert_eq!((open.sources.look(&new), reads()), (first, 3), "a change now could look the same");
        assert_eq!(open.sources.look(folder.path()), Some(Source::Name), "a folder is no file");
    }

    #[test]
    fn a_file_that_claims_a_terabyte_is_not_read() {
        let open = OpenCache::open(&CacheConfig::in_memory()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large.py");
        fs::File::create(&large).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(open.sources.look(&large), None);
        fs::File::options().write(true).open(&large).unwrap().set_len(3).unwrap();
        assert!(matches!(open.sources.look(&large), Some(Source::File(_))));
    }
}
