//! The index of a tree as one process leaves it to the next: what the tags of all files came to, so that none is looked up.
//!
//! A table of the files stands under the root, and parts under what they hold. Each file keeps the `stat` that it had, and a look takes what has
//! another one by the usual way. A part that is not there, or does not fit, and nothing is taken.

mod record;

use std::collections::HashSet;

use repo_map_cache_core::Key;
use repo_map_files::{ScanOptions, SkipReason as UnreadReason, StatFingerprint};
use repo_map_model::{ContentHash, RepoPath};
use repo_map_ranking::Corpus;
use repo_map_tags::{Language, SkipReason};

use self::record::{
    ArchivedNamesRecord, ArchivedRowsRecord, ArchivedTableRecord, ArchivedTableRow, FITS, LAYOUT,
    NO_LANGUAGE, NamesRecord, RowsRecord, TOO_LARGE, TableRecord, TableRow, UNREAD,
};
use super::{Index, IndexedFile, Workshop};
use crate::cache::KeyHasher;
use crate::skipped_file::SkipCause;
use crate::store::{Identity, TagStore};

/// A tree of fewer files is read from its tags in no time.
const WORTH_IT: usize = 500;

/// One in so many files is another before an index is kept anew.
const FRESH: usize = 32;

/// Names of a part.
const NAMES: usize = 1 << 17;

/// Numbers of a part with rows, beside those of its last file.
const MOST_NUMBERS: usize = 1 << 20;

/// A part ends behind a file in so many, which its path chooses: so others stay as they are when files come and go.
const FILES: u32 = 256;

/// The table of an index that was kept.
pub(crate) struct Table {
    pub(super) files: Vec<(RepoPath, IndexedFile)>,
    names: Vec<Key>,
    rows: Vec<(Key, usize)>,
}

/// Where an index is kept: another place for each root and what is scanned of it.
pub(crate) fn place(workshop: &Workshop<'_>, options: &ScanOptions) -> Key {
    KeyHasher::new("repo-map-cache 1 index of a tree")
        .part(LAYOUT.to_le_bytes())
        .part(workshop.root.path().as_os_str().as_encoded_bytes())
        .part(format!("{options:?}"))
        .part(workshop.max_file_bytes.to_le_bytes())
        .key()
}

impl Table {
    /// The table of the index that is kept at a place.
    pub(crate) fn read(store: &TagStore, place: &Key) -> Option<Self> {
        store.kept_index(place, |bytes| {
            let table = ArchivedTableRecord::access(bytes)?;
            let key = |bytes: &[u8; 32]| Key::new(*bytes);
            let rows = table.rows.iter().map(|of| (key(&of.0), of.1.to_native() as usize));
            let mut files = Vec::with_capacity(table.files.len());
            let (mut start, mut summaries) = (0, table.summaries.iter().peekable());
            for (at, (row, end)) in table.files.iter().zip(table.path_ends.iter()).enumerate() {
                let end = end.to_native() as usize;
                let path = RepoPath::new(table.paths.get(start..end)?).ok()?;
                let summary = summaries.next_if(|of| of.0.to_native() as usize == at);
                let summary = summary.map(|of| of.1.as_str().into());
                files.push((path, file(row, &table.languages, store, summary)?));
                start = end;
            }
            let is_whole = table.path_ends.len() == files.len() && files.is_sorted_by(|a, b| a.0 < b.0);
            let names = table.names.iter().map(key).collect();
            is_whole.then(|| Self { files, names, rows: rows.collect() })
        })?
    }

    /// What is known of the content of files in the order of their paths, where their `stat` proves it.
    pub(super) fn identities<'f>(
        &self,
        files: impl Iterator<Item = (&'f RepoPath, &'f StatFingerprint)>,
    ) -> impl Iterator<Item = Option<Identity>> {
        let mut known = self.files.iter().peekable();
        files.map(move |(path, stat)| {
            // Both are sorted by path: one pass.
            while known.next_if(|(known, _)| known < path).is_some() {}
            let (_, file) = known.next_if(|(known, _)| known == path)?;
            file.identity.filter(|_| file.is(stat))
        })
    }

    /// The parts that it stands for.
    pub(crate) fn parts(&self) -> HashSet<Key> {
        self.names.iter().chain(self.rows.iter().map(|(key, _)| key)).copied().collect()
    }

    /// The index. `None` where a part is missing or does not fit.
    pub(crate) fn restore(self, store: &TagStore) -> Option<Index> {
        let Self { mut files, names, rows } = self;
        let mut corpus = Corpus::new();
        for part in names {
            store.kept_index(&part, |bytes| {
                let record = ArchivedNamesRecord::access(bytes)?;
                corpus.add_names(&record.text, record.ends.iter().map(|end| end.to_native()))
            })??;
        }
        let mut rest = files.as_mut_slice();
        for (part, count) in rows {
            let (those, others) = rest.split_at_mut_checked(count)?;
            rest = others;
            store.kept_index(&part, |bytes| {
                let record =
                    ArchivedRowsRecord::access(bytes).filter(|record| record.lengths.len() == count)?;
                for (of, (path, file)) in record.files()?.zip(those) {
                    let id = corpus.add_kept(path, &of)?;
                    if matches!(file.passed_over, Some(SkipCause::Untagged(SkipReason::LongLines))) {
                        corpus.set_generated(id);
                    }
                    file.definitions = of.lengths[0];
                }
                Some(())
            })??;
        }
        let is_whole = rest.is_empty();
        is_whole.then(|| Index { files: files.into_iter().collect(), corpus, ..Index::default() })
    }
}

fn file(
    row: &ArchivedTableRow,
    languages: &[rkyv::string::ArchivedString],
    store: &TagStore,
    summary: Option<Box<str>>,
) -> Option<IndexedFile> {
    let language = match row.language.to_native() {
        UNREAD => None,
        NO_LANGUAGE => Some(None),
        at => Some(Some(store.language(languages.get(usize::from(at))?)?)),
    };
    let passed_over = match row.passed_over {
        0 => None,
        TOO_LARGE => Some(SkipCause::Unread(UnreadReason::TooLarge)),
        code => Some(SkipCause::Untagged(SkipReason::from_code(code)?)),
    };
    Some(IndexedFile {
        stat: StatFingerprint {
            size: row.size.to_native(),
            mtime_ns: row.mtime_ns.to_native(),
            ctime_ns: row.ctime_ns.to_native(),
            inode: row.inode.to_native(),
        },
        recorded_ns: row.recorded_ns.to_native(),
        identity: language.map(|language| Identity { content: ContentHash(row.content), language }),
        definitions: 0,
        misfit_bytes: Some(row.misfit_bytes.to_native()).filter(|bytes| *bytes != FITS),
        passed_over,
        summary,
    })
}

impl Index {
    /// Whether it is worth keeping where so many files are other than in the one that is kept.
    pub(crate) fn is_worth_keeping(&self, changed: usize) -> bool {
        self.len() >= WORTH_IT && changed * FRESH > self.len()
    }

    /// Keeps it. `known` are parts that are kept already; those that are of no use any more go. Where there is no room, nothing is found again.
    pub(crate) fn keep(&self, store: &TagStore, place: &Key, known: &HashSet<Key>) {
        let mut table = TableRecord::default();
        let mut kept = HashSet::new();
        let mut put = |bytes: &[u8]| {
            let key =
                KeyHasher::new("repo-map-cache 1 part of an index").part(place.as_bytes()).part(bytes).key();
            let is_there = known.contains(&key) || store.keep_index(key, bytes);
            kept.insert(key);
            is_there.then_some(*key.as_bytes())
        };
        let mut names = NamesRecord::default();
        let mut all = self.corpus.all_names().peekable();
        while let Some(name) = all.next() {
            names.text.push_str(name);
            names.ends.push(names.text.len() as u32);
            if names.ends.len() == NAMES || all.peek().is_none() {
                let Some(key) = put(&names.to_bytes()) else { return };
                table.names.push(key);
                names = NamesRecord::default();
            }
        }
        let mut rows = RowsRecord::default();
        let mut languages: Vec<Language> = Vec::new();
        let is_final = |file: &IndexedFile| !matches!(file.passed_over, Some(SkipCause::Interrupted(_)));
        let mut files = self.files.iter().filter(|(_, file)| is_final(file)).peekable();
        while let Some((path, file)) = files.next() {
            let Some(id) = self.corpus.file(path.as_str()) else { return };
            table.push(path, file, &mut languages);
            rows.push(&self.corpus.kept(id));
            if ends_part(path) || rows.len() > MOST_NUMBERS || files.peek().is_none() {
                let Some(key) = put(&rows.to_bytes()) else { return };
                table.rows.push((key, rows.lengths.len() as u32));
                rows = RowsRecord::default();
            }
        }
        table.languages = languages.iter().map(|language| language.id().to_owned()).collect();
        if store.keep_index(*place, &table.to_bytes()) {
            known.difference(&kept).for_each(|part| store.forget_index(*part));
        }
    }
}

/// Whether a part ends behind the file: FNV-1a of its path says so of one in [`FILES`].
fn ends_part(path: &RepoPath) -> bool {
    let fold = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let hash = path.as_str().bytes().fold(0x811c_9dc5, fold);
    (hash ^ (hash >> 16)).is_multiple_of(FILES)
}

impl TableRecord {
    fn push(&mut self, path: &RepoPath, file: &IndexedFile, languages: &mut Vec<Language>) {
        let mut number = |language: Language| {
            let known = languages.iter().position(|known| *known == language);
            known.unwrap_or_else(|| {
                languages.push(language);
                languages.len() - 1
            }) as u16
        };
        if let Some(summary) = &file.summary {
            self.summaries.push((self.files.len() as u32, summary.to_string()));
        }
        self.paths.push_str(path.as_str());
        self.path_ends.push(self.paths.len() as u32);
        self.files.push(TableRow {
            size: file.stat.size,
            mtime_ns: file.stat.mtime_ns,
            ctime_ns: file.stat.ctime_ns,
            inode: file.stat.inode,
            recorded_ns: file.recorded_ns,
            content: file.identity.map_or([0; 32], |identity| identity.content.0),
            misfit_bytes: file.misfit_bytes.unwrap_or(FITS),
            language: file
                .identity
                .map_or(UNREAD, |identity| identity.language.map_or(NO_LANGUAGE, &mut number)),
            passed_over: match &file.passed_over {
                None | Some(SkipCause::Interrupted(_)) => 0,
                Some(SkipCause::Unread(_)) => TOO_LARGE,
                Some(SkipCause::Untagged(reason)) => reason.code(),
            },
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repo_map_model::DefinitionKind;
    use repo_map_tags::LanguageSet;

    use super::*;
    use crate::cache::OpenCache;
    use crate::config::CacheConfig;

    const PLACE: Key = Key::new([7; 32]);

    fn store() -> TagStore {
        let open = OpenCache::in_memory(&CacheConfig::default()).unwrap();
        TagStore::speaking(open, Arc::new(LanguageSet::default()))
    }

    fn sample(files: u32) -> Index {
        let mut index = Index::default();
        for at in 0..files {
            let path = RepoPath::new(&format!("p{}/m{at:04}.txt", at % 7)).unwrap();
            let name = format!("name_{at}");
            let defined = [(name.as_str(), DefinitionKind::Class, false)];
            let used = [("common", at + 1), (name.as_str(), 1)];
            index.corpus.set_file(&path, defined, used);
            let file = IndexedFile {
                stat: StatFingerprint { size: at.into(), mtime_ns: 1, ctime_ns: 2, inode: 3 },
                recorded_ns: 4,
                identity: (at % 3 > 0)
                    .then_some(Identity { content: ContentHash([at as u8; 32]), language: None }),
                definitions: 1,
                misfit_bytes: (at % 5 == 0).then_some(at),
                passed_over: (at % 11 == 0).then_some(SkipCause::Untagged(SkipReason::Binary)),
                summary: (at % 100 == 0).then(|| "Says something.".into()),
            };
            index.files.insert(path, file);
        }
        index
    }

    fn told(index: &Index) -> Vec<String> {
        let told = index.files.iter().map(|(path, file)| {
            let id = index.corpus.file(path.as_str()).unwrap();
            let IndexedFile { stat, identity, definitions, misfit_bytes, passed_over, summary, .. } = file;
            let name = index.corpus.definition_name(id, 0);
            format!("{path} {stat:?} {identity:?} {definitions} {misfit_bytes:?} {passed_over:?} {summary:?} {name:?}")
        });
        told.collect()
    }

    #[test]
    fn an_index_comes_back_as_it_was_and_unchanged_parts_stay() {
        let (store, mut index) = (store(), sample(3_000));
        index.keep(&store, &PLACE, &HashSet::new());
        let table = Table::read(&store, &PLACE).unwrap();
        let parts = table.parts();
        assert!(parts.len() > 2, "{}", parts.len());
        let again = table.restore(&store).unwrap();
        assert_eq!(told(&again), told(&index));
        index.corpus.set_file(&RepoPath::new("p3/m0003.txt").unwrap(), [], []);
        index.keep(&store, &PLACE, &parts);
        let after = Table::read(&store, &PLACE).unwrap();
        assert_eq!(parts.difference(&after.parts()).count(), 1, "the part of the file");
        parts.difference(&after.parts()).for_each(|gone| assert!(store.kept_index(gone, |_| ()).is_none()));
        assert!(after.restore(&store).is_some());
    }

    /// Checksums hold for who writes to the store as this product does; this is for others.
    #[test]
    fn parts_that_are_missing_damaged_or_of_another_index_give_none() {
        let (store, index) = (store(), sample(600));
        index.keep(&store, &PLACE, &HashSet::new());
        let table = || Table::read(&store, &PLACE);
        let bytes_of = |key: &Key| store.kept_index(key, <[u8]>::to_vec).unwrap();
        let mut parts: Vec<Key> = table().unwrap().parts().into_iter().collect();
        parts.sort_unstable();
        for part in &parts {
            let whole = bytes_of(part);
            for at in (0..whole.len()).step_by((whole.len() / 200).max(1)) {
                let mut bytes = whole.clone();
                bytes[at] ^= 0xff;
                store.keep_index(*part, &bytes);
                // Some bytes are as good as others: nothing panics, and what comes back has all files.
                let restored = table().unwrap().restore(&store);
                assert!(restored.is_none_or(|restored| restored.len() == index.len()));
            }
            for bytes in [&whole[..whole.len() / 2], &[], &bytes_of(&PLACE)[..], &bytes_of(&parts[0])[..]] {
                store.keep_index(*part, bytes);
                assert!(bytes == whole || table().unwrap().restore(&store).is_none());
            }
            store.forget_index(*part);
            assert!(table().unwrap().restore(&store).is_none());
            store.keep_index(*part, &whole);
        }
        assert!(table().unwrap().restore(&store).is_some());
        let whole = bytes_of(&PLACE);
        for at in (0..whole.len()).step_by(97) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            store.keep_index(PLACE, &bytes);
            drop(table().and_then(|table| table.restore(&store)));
        }
    }

    const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/cache/index-v1");

    /// The risk: a field moves and the version does not, so that a later build reads what an earlier one wrote as something else.
    #[test]
    fn an_index_that_this_version_wrote_is_read_byte_for_byte() {
        let (store, golden) = (store(), std::path::Path::new(GOLDEN));
        let index = sample(40);
        index.keep(&store, &PLACE, &HashSet::new());
        let mut records = vec![PLACE];
        let table = Table::read(&store, &PLACE).unwrap();
        records.extend(table.names.iter().chain(table.rows.iter().map(|(key, _)| key)));
        for (at, key) in records.iter().enumerate() {
            let written = store.kept_index(key, <[u8]>::to_vec).unwrap();
            assert!(
                std::fs::read(golden.join(at.to_string())).unwrap() == written,
                "raise the version, and write record {at} anew"
            );
        }
        assert_eq!(told(&table.restore(&store).unwrap()), told(&index));
    }
}
