//! Maps that were made before, under everything that decides on them: the same request of the same tree is answered
//! without ranking.

use std::path::PathBuf;
use std::sync::Arc;

use repo_map_cache_core::{Fingerprint, Key};
use repo_map_model::{DefinitionKind, RepoPath};
use repo_map_render::{TokenCounter as _, Tokenizer};
use repo_map_tags::SkipReason;

use crate::cache::{DrawnFile, DrawnMap, DrawnReading, KeyHasher, MAP_LAYOUT, MapRecord, OpenCache};
use crate::map::{MappedDefinition, MappedFile, Omitted, RepoMap};
use crate::named::Named;
use crate::reading::{Extent, Reading};
use crate::request::MapRequest;

/// What decides on a map beside its request.
pub(crate) struct Circumstances<'a> {
    /// The digests of all that the map is made from: the tree's first.
    pub(crate) digests: &'a [&'a [u8]],
    /// Of all languages with their queries.
    pub(crate) languages: Fingerprint,
    /// Every weight.
    pub(crate) preset: &'a repo_map_ranking::Preset,
    pub(crate) weights: &'a repo_map_ranking::Weights,
    pub(crate) tokenizer: &'a Tokenizer,
}

/// What a kept map tells again.
pub(crate) struct KeptMap {
    pub(crate) text: String,
    pub(crate) tokens_used: usize,
    pub(crate) files: Vec<MappedFile>,
    pub(crate) omitted: Omitted,
    pub(crate) confidence: Option<f64>,
    /// What was known of the tree that it was made from, without its files: the same wherever its key is.
    pub(crate) reading: Reading,
    pub(crate) passed_over: usize,
}

/// Whether the map of a request is kept.
pub(crate) fn may_be_kept(request: &MapRequest, tokenizer: &Tokenizer) -> bool {
    !request.full_ranking && tokenizer.is_known()
}

/// The key of a request's map. `None` where it is not kept: the order of all files is larger than the work saved, and
/// nobody knows what a tokenizer of the caller's own will count the next time.
///
/// The files are those that the request names and the tree has. All other fields of the request count as they print
/// themselves, so none can be forgotten.
pub(crate) fn key(request: &MapRequest, named: &Named, around: &Circumstances<'_>) -> Option<Key> {
    if !may_be_kept(request, around.tokenizer) {
        return None;
    }
    let path = |path: &RepoPath| PathBuf::from(path.as_str());
    let mut request = request.clone();
    request.chat_files = named.chat.iter().map(path).collect();
    request.mentioned_files = named.mentioned.iter().map(path).collect();
    request.folder = named.folder.as_ref().map(path);
    request.mentioned_idents.sort_unstable();
    request.mentioned_idents.dedup();
    // When the tree was looked at says nothing of it, nor who would have ended the request.
    request.refresh = None;
    (request.cancellation, request.deadline) = (None, None);
    let hasher = KeyHasher::new("repo-map-cache 1 map of a tree")
        .part(env!("CARGO_PKG_VERSION"))
        .part(env!("REPO_MAP_BUILD"))
        .part(around.languages.get().to_le_bytes())
        .list(around.digests.iter())
        .part(format!("{request:?}"))
        .part(format!("{:?}", around.preset))
        .part(format!("{:?}", around.weights))
        .part(around.tokenizer.name());
    Some(hasher.key())
}

/// The map that was kept under a key.
pub(crate) fn recall(cache: &OpenCache, key: &Key) -> Option<KeptMap> {
    let record = cache.maps().get(key, MAP_LAYOUT)?;
    let drawn = record.drawn.as_ref()?;
    let files = drawn.files.iter().map(mapped).collect::<Option<_>>()?;
    Some(KeptMap {
        text: record.text.as_ref().to_owned(),
        tokens_used: usize::try_from(drawn.tokens_used).ok()?,
        files,
        omitted: Omitted {
            files: usize::try_from(drawn.omitted_files).ok()?,
            definitions: usize::try_from(drawn.omitted_definitions).ok()?,
        },
        confidence: drawn.confidence,
        reading: reading(&drawn.reading)?,
        passed_over: usize::try_from(drawn.passed_over).ok()?,
    })
}

/// Keeps a map of a tree that has so many files by their paths alone.
pub(crate) fn keep(cache: &OpenCache, key: Key, map: &RepoMap, passed_over: usize) {
    let drawn = DrawnMap {
        tokens_used: map.tokens_used as u64,
        files: map.files.iter().map(drawn).collect(),
        omitted_files: map.omitted.files as u64,
        omitted_definitions: map.omitted.definitions as u64,
        confidence: map.confidence,
        reading: drawn_reading(&map.reading),
        passed_over: passed_over as u64,
    };
    let record = MapRecord { text: Arc::from(map.text.as_str()), drawn: Some(drawn) };
    cache.maps().put(key, MAP_LAYOUT, Arc::new(record), &[]);
}

fn drawn(file: &MappedFile) -> DrawnFile {
    let definitions = file.definitions.iter();
    DrawnFile {
        path: file.path.as_str().to_owned(),
        rank: file.rank as u64,
        score: file.score,
        definitions: definitions.map(|of| (of.name.clone(), of.kind.code(), of.line)).collect(),
    }
}

fn drawn_reading(reading: &Reading) -> DrawnReading {
    let pair = |of: Extent| (of.files as u64, of.bytes);
    let left_out = reading.left_out.iter();
    DrawnReading {
        all: pair(reading.all),
        misfits: pair(reading.misfits),
        left_out: left_out.map(|(word, of)| ((*word).to_owned(), of.files as u64, of.bytes)).collect(),
    }
}

fn reading(of: &DrawnReading) -> Option<Reading> {
    let extent = |(files, bytes): (u64, u64)| Some(Extent { files: usize::try_from(files).ok()?, bytes });
    let left_out = of.left_out.iter().map(|(word, files, bytes)| {
        let known = SkipReason::ALL.iter().map(|reason| reason.as_str()).find(|known| known == word);
        Some((known?, extent((*files, *bytes))?))
    });
    Some(Reading {
        all: extent(of.all)?,
        misfits: extent(of.misfits)?,
        left_out: left_out.collect::<Option<_>>()?,
    })
}

fn mapped(file: &DrawnFile) -> Option<MappedFile> {
    let definitions = file.definitions.iter().map(|(name, kind, line)| {
        let kind = DefinitionKind::from_code(*kind)?;
        Some(MappedDefinition { name: name.clone(), kind, line: *line })
    });
    Some(MappedFile {
        path: RepoPath::new(&file.path).ok()?,
        rank: usize::try_from(file.rank).ok()?,
        score: file.score,
        definitions: definitions.collect::<Option<_>>()?,
    })
}
