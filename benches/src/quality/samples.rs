//! Asks the product what it knows of cases: what weights are fitted to.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use rayon::prelude::*;
use repo_map_cache::{CacheConfig, Explanation, MapRequest, RepoMapper, WeighedSignal, Weights};

use super::overview::{golds, is_document, remove};
use super::tree::Contents;
use super::{Case, Regime, Repository, definitions, mentions};

/// The tables of weights.
pub(super) const TABLES: [&str; 3] = ["task", "chat", "overview"];

/// What was known to one request, and what was sought.
pub struct Sample {
    pub(super) repository: String,
    pub(super) table: &'static str,
    /// Whether it has a task and no chat file.
    pub(super) words_alone: bool,
    pub(super) file_signals: Vec<&'static str>,
    pub(super) definition_signals: Vec<&'static str>,
    pub(super) files: Vec<Vec<f32>>,
    pub(super) edited_files: Vec<usize>,
    /// The file of each definition, and its signals.
    pub(super) definitions: Vec<(usize, Vec<f32>)>,
    /// Ascending; what is named more often stands there more often.
    pub(super) edited_definitions: Vec<usize>,
}

/// Definitions are taken of so many of the best files, and of others those that are edited.
const COUNTED: usize = 400;

/// Collects what the product knows of each case, with the git log and without: some signals follow from others, so what the log gave cannot be
/// taken out afterwards. For an overview, of the newest tree without its documents.
///
/// # Errors
/// When a tree cannot be laid out, or the product fails.
pub fn samples(
    repository: &Repository,
    cases: &[Case],
    regimes: &[Regime],
    cache: &CacheConfig,
    weights: &Weights,
) -> Result<Vec<Sample>> {
    let mapper = |log| {
        let builder = RepoMapper::builder(repository.tree()).cache(cache.clone());
        builder.weights(weights.clone()).history(log).build()
    };
    let mappers = [mapper(false)?, mapper(true)?];
    let mut samples = Vec::new();
    for case in cases {
        repository.lay_out(&case.parent)?;
        let files = repository.files()?;
        let edited = match &case.gold_definitions {
            Some(definitions) => definitions.clone(),
            None => definitions::edited(repository, case)?,
        };
        for &regime in regimes {
            let (table, message, chat) = match regime {
                Regime::Open => ("task", case.message.as_str(), None),
                Regime::CoChange => ("task", case.message.as_str(), case.chat_file()),
                Regime::Chat => ("chat", "", case.chat_file()),
                _ => continue,
            };
            if regime != Regime::Open && chat.is_none() {
                continue;
            }
            let mentioned = mentions::files(message, files.iter().map(|(path, _)| path.as_str()), chat);
            let request = MapRequest::new(64).task(message).mentioned_files(mentioned).chat_files(chat);
            let asked = mappers.par_iter().map(|mapper| {
                let explanation = mapper.explain(&request, &[]).with_context(|| case.commit.clone())?;
                let words_alone = regime == Regime::Open;
                Ok(Sample { words_alone, ..of_case(case, table, chat, &explanation, &edited) })
            });
            samples.extend(asked.collect::<Result<Vec<_>>>()?);
        }
    }
    if regimes.contains(&Regime::Overview) {
        samples.extend(of_overview(repository, &mappers[0])?);
    }
    Ok(samples)
}

fn of_case(
    case: &Case,
    table: &'static str,
    chat: Option<&str>,
    explanation: &Explanation,
    edited: &[(String, usize)],
) -> Sample {
    let edited: BTreeSet<(&str, usize)> = edited.iter().map(|(path, row)| (path.as_str(), *row)).collect();
    let mut sample = Sample::of(case.repository.clone(), table, explanation);
    sample.file_signals = names(&explanation.file_signals);
    for file in explanation.files.iter().filter(|file| Some(file.path.as_str()) != chat) {
        let at = sample.files.len();
        if case.gold_files.iter().any(|gold| gold == file.path.as_str()) {
            sample.edited_files.push(at);
        }
        sample.files.push(file.values.clone());
        for definition in &file.definitions {
            let is_edited = edited.contains(&(file.path.as_str(), definition.line as usize));
            if is_edited {
                sample.edited_definitions.push(sample.definitions.len());
            }
            if is_edited || at < COUNTED {
                sample.definitions.push((at, definition.values.clone()));
            }
        }
    }
    sample
}

/// One by what messages name and one by what documentation names, a name once for each whole of its weight. The documents are removed
/// before they are asked for: they would tell of themselves.
fn of_overview(repository: &Repository, mapper: &RepoMapper) -> Result<Vec<Sample>> {
    let head = repository.git(&["rev-parse", "HEAD"])?;
    repository.lay_out(head.trim())?;
    let files = repository.files()?;
    let tree = Contents::default().tree(repository.tree(), &files);
    let documents: Vec<String> =
        files.iter().map(|(path, _)| path).filter(|path| is_document(path)).cloned().collect();
    let places: BTreeMap<&str, Vec<(&str, usize)>> = tree.names();
    let [of_documents, of_messages] = golds(repository, &documents, &tree)?;
    let mut samples = Vec::new();
    for (gold, is_bare) in [(of_messages, false), (of_documents, true)] {
        let Some(gold) = gold else { continue };
        if is_bare {
            remove(repository, &documents)?;
        }
        let explanation = mapper.explain(&MapRequest::new(64), &[])?;
        let mut sample = Sample::of(repository.name.clone(), "overview", &explanation);
        for (at, file) in explanation.files.iter().enumerate() {
            // Headings and the like have no chance, whatever their weights.
            for definition in file.definitions.iter().filter(|definition| definition.chance > 0.0) {
                let place = (file.path.as_str(), definition.line as usize);
                let is_of = places.get(definition.name.as_str()).is_some_and(|known| known.contains(&place));
                let times =
                    gold.0.get(&definition.name).filter(|_| is_of).map_or(0, |worth| worth.round() as usize);
                sample.edited_definitions.extend(std::iter::repeat_n(sample.definitions.len(), times));
                sample.definitions.push((at, definition.values.clone()));
            }
        }
        samples.push(sample);
    }
    Ok(samples)
}

fn names(signals: &[WeighedSignal]) -> Vec<&'static str> {
    signals.iter().map(|signal| signal.name).collect()
}

impl Sample {
    fn of(repository: String, table: &'static str, explanation: &Explanation) -> Self {
        Self {
            repository,
            table,
            words_alone: false,
            file_signals: Vec::new(),
            definition_signals: names(&explanation.definition_signals),
            files: Vec::new(),
            edited_files: Vec::new(),
            definitions: Vec::new(),
            edited_definitions: Vec::new(),
        }
    }
}
