//! The record of one source, made in this process.

use repo_map_model::CancellationToken;
use repo_map_tags::{ExtractOptions, Language, extract_with};
use rkyv::util::AlignedVec;

use super::unparsed::{Parsed, Unparsed};
use crate::records::TagRecord;

/// Parses in this process.
pub(super) fn record(language: Language, source: &[u8]) -> AlignedVec {
    record_within(language, source, &ExtractOptions::default())
}

/// The same, until it is no longer wanted.
pub(super) fn record_until(language: Language, source: &[u8], token: &CancellationToken) -> Parsed {
    if token.is_cancelled() {
        return Err(Unparsed::unwanted());
    }
    let mut options = ExtractOptions::default();
    options.cancellation = Some(token.clone());
    let record = record_within(language, source, &options);
    // What is found when it is cancelled may lack something.
    if token.is_cancelled() { Err(Unparsed::unwanted()) } else { Ok(record) }
}

fn record_within(language: Language, source: &[u8], options: &ExtractOptions) -> AlignedVec {
    // How large a file may be says who reads it.
    let mut options = options.clone();
    options.max_bytes = options.max_bytes.max(source.len());
    let extraction = extract_with(language, source, &options);
    TagRecord::new(&extraction.tags, extraction.outcome, extraction.misfit_bytes).to_bytes()
}
