//! Asks the product what it knows of cases: what weights are fitted to.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use rayon::prelude::*;
use repo_map_cache::{CacheConfig, Explanation, MapRequest, RepoMapper, Weights};
use tiktoken_rs::CoreBPE;

use super::fit::{PLANS, Plan};
use super::{Case, Leak, Regime, Repository, definitions, mentions};

/// What was known of one case to requests of one section, and what the commit edits.
pub struct Sample {
    pub(super) repository: String,
    pub(super) section: &'static str,
    pub(super) log: bool,
    /// Whether its case is of a list: pages are judged by these.
    pub(super) listed: bool,
    /// Whether the message has the path or the stem of an edited file.
    pub(super) names_edited: bool,
    pub(super) file_signals: Vec<&'static str>,
    pub(super) definition_signals: Vec<&'static str>,
    pub(super) files: Vec<Vec<f32>>,
    pub(super) edited_files: Vec<usize>,
    /// The file of each definition, and its signals.
    pub(super) definitions: Vec<(usize, Vec<f32>)>,
    pub(super) edited_definitions: Vec<usize>,
    /// What the line of each file costs on a page.
    pub(super) headers: Vec<f32>,
    /// The line of each definition, and what it costs.
    pub(super) lines: Vec<(u32, f32)>,
}

/// Definitions are taken of so many of the best files, and of others those that are edited, whose lines are taken to cost the mean.
const COUNTED: usize = 400;
const TYPICAL_LINE: f32 = 12.0;
/// Columns of a line that a page shows, without the bar.
const WIDTH: usize = 99;
/// Collects what the product knows of each case, for each section by a request of its kind: some signals follow from others,
/// so what the log or the words gave cannot be taken out afterwards.
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
    let mappers = [(false, mapper(false)?), (true, mapper(true)?)];
    let tokens = tiktoken_rs::cl100k_base()?;
    let mut samples = Vec::new();
    for case in cases {
        repository.lay_out(&case.parent)?;
        let files = repository.files()?;
        let edited = match &case.gold_definitions {
            Some(definitions) => definitions.clone(),
            None => definitions::edited(repository, case)?,
        };
        for plan in PLANS.iter().filter(|plan| regimes.contains(&plan.regime)) {
            let chat = if plan.regime == Regime::Open { None } else { case.chat_file() };
            if plan.regime != Regime::Open && chat.is_none() {
                continue;
            }
            let message = if plan.words { case.message.as_str() } else { "" };
            let mentioned = mentions::files(message, files.iter().map(|(path, _)| path.as_str()), chat);
            let request = MapRequest::new(64).task(message).mentioned_files(mentioned).chat_files(chat);
            let asked = mappers.par_iter().map(|(log, mapper)| {
                let explanation = mapper.explain(&request, &[]).with_context(|| case.commit.clone())?;
                let mut sample = sample(case, (plan, *log), chat, &explanation, &edited);
                if plan.tuned.is_some() {
                    sample.count(&explanation, chat, repository.tree(), &tokens);
                }
                Ok(sample)
            });
            samples.extend(asked.collect::<Result<Vec<_>>>()?);
        }
    }
    Ok(samples)
}

fn sample(
    case: &Case,
    (plan, log): (&Plan, bool),
    chat: Option<&str>,
    explanation: &Explanation,
    edited: &[(String, usize)],
) -> Sample {
    let names =
        |signals: &[repo_map_cache::WeighedSignal]| signals.iter().map(|signal| signal.name).collect();
    let edited: BTreeSet<(&str, usize)> = edited.iter().map(|(path, row)| (path.as_str(), *row)).collect();
    let mut sample = Sample {
        repository: case.repository.clone(),
        section: plan.section,
        log,
        listed: case.listed,
        names_edited: case.leak() != Leak::None,
        file_signals: names(&explanation.file_signals),
        definition_signals: names(&explanation.definition_signals),
        files: Vec::new(),
        edited_files: Vec::new(),
        definitions: Vec::new(),
        edited_definitions: Vec::new(),
        headers: Vec::new(),
        lines: Vec::new(),
    };
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
                sample.lines.push((definition.line, TYPICAL_LINE));
            }
        }
    }
    sample
}

impl Sample {
    /// Counts the tokens of what a page may show.
    fn count(&mut self, explanation: &Explanation, chat: Option<&str>, tree: &Path, tokens: &CoreBPE) {
        let count = |line: &str| tokens.encode_ordinary(line).len() as f32;
        let mut costs = self.lines.iter_mut().zip(&self.definitions).peekable();
        let files = explanation.files.iter().filter(|file| Some(file.path.as_str()) != chat);
        for (at, file) in files.enumerate() {
            self.headers.push(count(&format!("{}:\n", file.path.as_str())));
            if at >= COUNTED {
                continue;
            }
            let source = std::fs::read(tree.join(file.path.as_str())).unwrap_or_default();
            let source = String::from_utf8_lossy(&source);
            let lines: Vec<&str> = source.lines().collect();
            while let Some(((line, cost), _)) = costs.next_if(|(_, (of, _))| *of == at) {
                if let Some(text) = lines.get(*line as usize) {
                    *cost = count(&format!("│{}\n", text.chars().take(WIDTH).collect::<String>()));
                }
            }
        }
    }
}
