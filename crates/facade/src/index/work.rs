//! The work on files that have to be read: their content, and their tags from the store, from a shared cache or by parsing.

use std::time::Instant;

use repo_map_files::{SkipReason as UnreadReason, StatFingerprint, hash, read};
use repo_map_model::{CancellationToken, RepoPath};

use super::keep::{Origin, Parsed, Tags};
use super::lent::{Wanted, lent};
use super::workshop::Workshop;
use crate::clock::now_ns;
use crate::extraction::Unparsed;
use crate::store::Identity;

/// Files that a thread takes at once: waking the collecting thread for each would cost as much as a small file.
const BATCH: usize = 8;

/// Files that a thread takes at once where a shared cache is asked for them, with so many bytes as may wait together.
const LENT_BATCH: usize = 512;
const LENT_BYTES: u64 = 2 << 20;

/// A file whose content has to be looked at, or whose tags have to be extracted.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) path: RepoPath,
    pub(super) stat: StatFingerprint,
    /// Set where the content is known and only its tags are missing.
    pub(super) identity: Option<Identity>,
}

/// What became of a job.
pub(super) struct Done {
    pub(super) job: usize,
    pub(super) recorded_ns: i64,
    pub(super) read: Result<Read, UnreadReason>,
}

pub(super) struct Read {
    stat: StatFingerprint,
    identity: Identity,
    /// None for a file in no language of ours.
    tags: Option<Result<Tags, Unparsed>>,
}

impl Read {
    /// Without what could not be parsed: then the file's `stat` and the reason.
    pub(super) fn parsed(self) -> Result<Parsed, (StatFingerprint, Unparsed)> {
        let Self { stat, identity, tags } = self;
        let tags = tags.transpose().map_err(|unparsed| (stat, unparsed))?;
        Ok(Parsed { stat, identity, tags })
    }
}

/// The jobs that a thread takes at once, and the number of the first of each.
pub(super) fn batches<'j>(jobs: &'j [Job], workshop: &Workshop<'_>) -> Vec<(usize, &'j [Job])> {
    let is_asked = workshop.store.shared().is_some_and(|shared| shared.is_asked());
    let mut batches = Vec::new();
    let (mut first, mut rest) = (0, jobs);
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = rest.iter().take(LENT_BATCH).take_while(|job| {
            bytes += job.stat.size;
            bytes <= LENT_BYTES
        });
        let count = if is_asked { fits.count().max(1) } else { BATCH.min(rest.len()) };
        let (batch, later) = rest.split_at(count);
        batches.push((first, batch));
        (first, rest) = (first + count, later);
    }
    batches
}

/// Reads files and finds their tags. Runs on any thread; touches nothing but the files and the store.
pub(super) fn work(
    first: usize,
    jobs: &[Job],
    workshop: &Workshop<'_>,
    token: &CancellationToken,
) -> Vec<Done> {
    let mut done = Vec::with_capacity(jobs.len());
    // Sources that the store knows no tags of, and whose they are.
    let (mut wanted, mut owners) = (Vec::new(), Vec::new());
    for (job, index) in jobs.iter().zip(first..) {
        if token.is_cancelled() {
            return Vec::new();
        }
        // Before the read: a change after this moment must not look settled.
        let recorded_ns = now_ns();
        let read = read(workshop.root, &job.path, workshop.max_file_bytes).map(|(bytes, stat)| {
            let content = hash(&bytes);
            let language = workshop.extractor.languages().detect(&job.path, &bytes);
            let known = language.and_then(|language| workshop.store.tags(language, &content));
            if let (Some(language), None) = (language, &known) {
                wanted.push(Wanted { language, content, source: bytes });
                owners.push(done.len());
            }
            let tags = known.map(|record| Ok(Tags { record, origin: Origin::Store }));
            Read { stat, identity: Identity { content, language }, tags }
        });
        done.push(Done { job: index, recorded_ns, read });
    }
    let mut put = |owner: usize, tags| {
        if let Ok(read) = &mut done[owner].read {
            read.tags = Some(tags);
        }
    };
    let mut unknown = Vec::with_capacity(wanted.len());
    for ((record, wanted), owner) in lent(&wanted, workshop, token).into_iter().zip(&wanted).zip(owners) {
        match record {
            Some(record) => put(owner, Ok(Tags { record, origin: Origin::Shared })),
            None => unknown.push((wanted, owner)),
        }
    }
    for unknown in unknown.chunks(BATCH) {
        if token.is_cancelled() {
            return Vec::new();
        }
        let begin = Instant::now();
        let sources: Vec<_> = unknown.iter().map(|(wanted, _)| wanted.source()).collect();
        let records = workshop.extractor.records(&sources, token);
        let took = begin.elapsed();
        if let Some(shared) = workshop.store.shared() {
            shared.parsed(sources.iter().map(|(_, source)| source.len() as u64).sum(), took);
            for ((wanted, _), record) in unknown.iter().zip(&records) {
                if let Ok(record) = record {
                    shared.offer(wanted.language, &wanted.content, &wanted.source, record);
                }
            }
        }
        for (record, (_, owner)) in records.into_iter().zip(unknown) {
            put(*owner, record.map(|record| Tags { record, origin: Origin::Parsed }));
        }
    }
    done
}
