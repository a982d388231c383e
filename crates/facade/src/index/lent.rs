//! Records of sources from a cache that machines share, in place of parsing them.

use std::time::{Duration, Instant};

use repo_map_model::{CancellationToken, ContentHash};
use repo_map_tags::Language;
use rkyv::util::AlignedVec;

use super::workshop::Workshop;
use crate::shared::Shared;

/// A source whose tags are wanted.
pub(super) struct Wanted {
    pub(super) language: Language,
    pub(super) content: ContentHash,
    pub(super) source: Vec<u8>,
}

impl Wanted {
    pub(super) fn source(&self) -> (Language, &[u8]) {
        (self.language, &self.source)
    }
}

/// The records that there are, in the order of the sources: each bears out against its source, and those of the sample are what parsing gives.
pub(super) fn lent(
    wanted: &[Wanted],
    workshop: &Workshop<'_>,
    token: &CancellationToken,
) -> Vec<Option<AlignedVec>> {
    let none = || vec![None; wanted.len()];
    let Some(shared) = workshop.store.shared().filter(|shared| !wanted.is_empty() && shared.is_asked())
    else {
        return none();
    };
    let contents: Vec<_> = wanted.iter().map(|wanted| (wanted.language, wanted.content)).collect();
    let mut records = shared.ask(&contents);
    let begin = Instant::now();
    let (mut saved, mut samples) = (0, Vec::new());
    for (at, (wanted, record)) in wanted.iter().zip(&mut records).enumerate() {
        let Some(bytes) = record else { continue };
        let Wanted { language, content, source } = wanted;
        if !shared.bears_out(*language, content, source, bytes) {
            *record = None;
        } else if shared.wants_sample(*language, content) {
            samples.push(at);
        } else {
            saved += source.len() as u64;
        }
    }
    shared.saved(saved, begin.elapsed());
    if !compare(&samples, wanted, &records, shared, workshop, token) || shared.is_distrusted() {
        return none();
    }
    records
}

/// Whether parsing gives what the records of a sample say.
fn compare(
    samples: &[usize],
    wanted: &[Wanted],
    records: &[Option<AlignedVec>],
    shared: &Shared,
    workshop: &Workshop<'_>,
    token: &CancellationToken,
) -> bool {
    if samples.is_empty() {
        return true;
    }
    let sources: Vec<_> = samples.iter().map(|at| wanted[*at].source()).collect();
    let begin = Instant::now();
    let parsed = workshop.extractor.records(&sources, token);
    let took = begin.elapsed();
    let bytes = sources.iter().map(|(_, source)| source.len() as u64).sum();
    shared.parsed(bytes, if token.is_cancelled() { Duration::ZERO } else { took });
    samples.iter().zip(parsed).all(|(at, own)| match (own, &records[*at]) {
        (Ok(own), Some(record)) => shared.is_equal(wanted[*at].language, &wanted[*at].content, record, &own),
        // It could not be parsed now: that says nothing.
        _ => true,
    })
}
