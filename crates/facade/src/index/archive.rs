//! The index of a tree as one process leaves it to the next: what the tags of all files came to, so that none is looked up.
//!
//! A table of the files stands under the root, and parts under what they hold. Each file keeps the `stat` that it had, and a look takes what has
//! another one by the usual way. A part that is not there, or does not fit, and nothing is taken.

pub(super) mod record;

use std::collections::HashSet;

use repo_map_cache_core::Key;
use repo_map_files::{ScanOptions, SkipReason as UnreadReason, StatFingerprint};
use repo_map_model::{ContentHash, RepoPath};
use repo_map_ranking::{Corpus, Preset};
use repo_map_tags::{Language, SkipReason};

use self::record::{
    ArchivedNamesRecord, ArchivedRowsRecord, ArchivedTableRecord, ArchivedTableRow, FITS, LAYOUT,
    NO_LANGUAGE, NamesRecord, RowsRecord, TOO_LARGE, TableRecord, TableRow, UNREAD,
};
use super::kept_graph::GraphPlace;
use super::{Index, IndexedFile, Workshop};
use crate::cache::KeyHasher;
use crate::skipped_file::SkipCause;
use crate::store::{Identity, TagStore};

/// A tree of fewer files is read from its tags in no time.
pub(super) const WORTH_IT: usize = 500;

/// One in so many files is another before an index is kept anew.
pub(super) const FRESH: usize = 32;

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
    graph: GraphPlace,
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
    pub(crate) fn read(store: &TagStore, place: &Key, preset: &Preset) -> Option<Self> {
        store.kept_index(place, |bytes| {
            let table = ArchivedTableRecord::access(bytes)?;
            let key = |bytes: &[u8; 32]| Key::new(*bytes);
            let rows = table.rows.iter().map(|of| (key(&of.0), of.1.to_native() as usize));
            let names = table.names.iter().map(key).collect();
            let graph = GraphPlace::new(store, &table.content(place), preset);
            Some(Self { files: table.files(store)?, names, rows: rows.collect(), graph })
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
        let of_index = self.names.iter().chain(self.rows.iter().map(|(key, _)| key)).copied();
        of_index.chain(self.graph.keys()).collect()
    }

    /// The index. `None` where a part is missing or does not fit.
    pub(crate) fn restore(self, store: &TagStore) -> Option<Index> {
        let Self { mut files, names, rows, graph } = self;
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
        let graph_place = Some(graph);
        is_whole.then(|| Index {
            files: files.into_iter().collect(),
            corpus,
            graph_place,
            ..Index::default()
        })
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

    /// Keeps what was worked out of a graph whose index is kept as it is.
    pub(crate) fn keep_graph(&self) {
        if let (Some(place), Some(graph)) = (&self.graph_place, self.graph.get()) {
            place.keep(graph);
        }
    }

    /// Keeps it, with its graph. `known` are parts that are kept already; those that are of no use any more go. Where there is no room, nothing
    /// is found again.
    pub(crate) fn keep(&self, store: &TagStore, place: &Key, preset: &Preset, known: &HashSet<Key>) {
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
        let table = table.to_bytes();
        if store.keep_index(*place, &table) {
            // A file whose parser was ended from outside is in the graph and not in the table.
            if let (Some(table), None) = (ArchivedTableRecord::access(&table), self.unparsed().next()) {
                let graph_place = GraphPlace::new(store, &table.content(place), preset);
                kept.extend(graph_place.keys());
                self.graph.get().inspect(|graph| graph_place.keep(graph));
            }
            known.difference(&kept).for_each(|part| store.forget_index(*part));
        }
    }
}

impl ArchivedTableRecord {
    /// The files in the order of their paths; `None` where they are in another one.
    pub(super) fn files(&self, store: &TagStore) -> Option<Vec<(RepoPath, IndexedFile)>> {
        let mut files = Vec::with_capacity(self.files.len());
        let (mut start, mut summaries) = (0, self.summaries.iter().peekable());
        for (at, (row, end)) in self.files.iter().zip(self.path_ends.iter()).enumerate() {
            let end = end.to_native() as usize;
            let path = RepoPath::new(self.paths.get(start..end)?).ok()?;
            let summary = summaries.next_if(|of| of.0.to_native() as usize == at);
            let summary = summary.map(|of| of.1.as_str().into());
            files.push((path, file(row, &self.languages, store, summary)?));
            start = end;
        }
        let is_whole = self.path_ends.len() == files.len() && files.is_sorted_by(|a, b| a.0 < b.0);
        is_whole.then_some(files)
    }

    /// Stands for all that a graph is made of: paths, parts, and what else is said of files.
    fn content(&self, place: &Key) -> Key {
        let ends: Vec<u8> = self.path_ends.iter().flat_map(|end| end.to_native().to_le_bytes()).collect();
        let passed_over: Vec<u8> = self.files.iter().map(|file| file.passed_over).collect();
        let counts: Vec<u8> = self.rows.iter().flat_map(|of| of.1.to_native().to_le_bytes()).collect();
        KeyHasher::new("repo-map-cache 1 content of an index")
            .part(place.as_bytes())
            .part(self.paths.as_bytes())
            .part(ends)
            .part(passed_over)
            .part(counts)
            .list(self.names.iter())
            .list(self.rows.iter().map(|of| of.0))
            .key()
    }
}

/// Whether a part ends behind the file: FNV-1a of its path says so of one in [`FILES`].
fn ends_part(path: &RepoPath) -> bool {
    let fold = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let hash = path.as_str().bytes().fold(0x811c_9dc5, fold);
    (hash ^ (hash >> 16)).is_multiple_of(FILES)
}

impl TableRecord {
    pub(super) fn push(&mut self, path: &RepoPath, file: &IndexedFile, languages: &mut Vec<Language>) {
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
mod tests;
