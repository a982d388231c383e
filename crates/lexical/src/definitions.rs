//! The definitions of candidate files, scored from the files' records.

use repo_map_model::RepoPath;

use crate::bm25::{Bm25, idf};
use crate::record::{Body, FileWords};
use crate::score::{Held, Name, Weighted};
use crate::scores::{DefinitionScore, DefinitionSignals, FileScore};

/// What is looked for in every body.
pub(crate) struct Wanted<'a> {
    pub(crate) words: &'a [Weighted],
    pub(crate) names: &'a [Name],
    /// The mean length of a body.
    pub(crate) average: f32,
}

/// What a term of one file gives in its bodies and names; zeros for terms that the task does not have.
#[derive(Clone, Copy, Default)]
struct Gain {
    body: f32,
    name: f32,
    exact: f32,
    /// In how many bodies of the file it stands.
    bodies: u32,
}

/// A word of the task in a body.
struct Hit {
    /// Among the definitions that are found in the file.
    found: u32,
    term: u32,
    gain: f32,
}

/// The task's words found in a body: saturated by count and length, and at all.
#[derive(Clone, Copy, Default)]
struct BodyFound {
    gain: f32,
    coverage: f32,
}

/// A name's words found, and how many words it has.
#[derive(Clone, Copy)]
struct NameFound {
    sum: f32,
    words: f32,
}

impl Wanted<'_> {
    /// Fills in the definitions of the files, scales their signals, and sets each file's best body. `held` says for each file what it
    /// holds of the task.
    pub(crate) fn score<B: AsRef<[u8]>>(
        &self,
        files: &mut [FileScore],
        held: &[Held],
        mut records: impl FnMut(&RepoPath) -> Option<FileWords<B>>,
    ) {
        let mut gains = Vec::new();
        let mut hits = Vec::new();
        for (file, held) in files.iter_mut().zip(held) {
            if let Some(record) = records(&file.path) {
                self.look_up(&record, held, &mut gains);
                file.definitions = self.score_bodies(&record, &mut gains, &mut hits);
            }
        }
        let top = |files: &[FileScore], signal: fn(&DefinitionSignals) -> f32| {
            let all = files.iter().flat_map(|file| &file.definitions);
            all.map(|definition| signal(&definition.signals)).fold(0.0, f32::max)
        };
        let body = top(files, |signals| signals.body);
        let coverage = top(files, |signals| signals.coverage);
        let distinctive = top(files, |signals| signals.distinctive);
        let name = top(files, |signals| signals.name);
        let qualified = top(files, |signals| signals.qualified);
        for file in files {
            let in_file = top(std::slice::from_ref(file), |signals| signals.body);
            for DefinitionScore { signals, .. } in &mut file.definitions {
                signals.body_in_file = part(signals.body, in_file);
                signals.body = part(signals.body, body);
                signals.coverage = part(signals.coverage, coverage);
                signals.distinctive = part(signals.distinctive, distinctive);
                signals.name = part(signals.name, name);
                signals.qualified = part(signals.qualified, qualified);
            }
            file.signals.body = part(in_file, body);
        }
    }

    /// Sets the gain of each of the file's terms.
    fn look_up<B: AsRef<[u8]>>(&self, record: &FileWords<B>, held: &Held, gains: &mut Vec<Gain>) {
        gains.clear();
        gains.resize(record.term_count(), Gain::default());
        for word in held.words.iter().map(|&word| &self.words[word as usize]) {
            if let Some(at) = record.position(word.term) {
                gains[at].body = word.content;
                gains[at].name = word.names;
            }
        }
        for name in held.names.iter().map(|&name| &self.names[name as usize]) {
            if let Some(at) = record.position(name.term) {
                gains[at].exact = name.share;
            }
        }
    }

    fn score_bodies<B: AsRef<[u8]>>(
        &self,
        record: &FileWords<B>,
        gains: &mut [Gain],
        hits: &mut Vec<Hit>,
    ) -> Vec<DefinitionScore> {
        hits.clear();
        let mut found: Vec<DefinitionScore> = Vec::new();
        let mut names: Vec<NameFound> = Vec::new();
        for body in record.bodies() {
            let (name, exact) = name_of(body, gains);
            let around = body.parent.and_then(|parent| names.get(parent as usize));
            let qualified = around.map_or(name, |around| NameFound {
                sum: name.sum + around.sum,
                words: name.words + around.words,
            });
            names.push(name);
            let words = self.score_body(body, found.len() as u32, gains, hits);
            let signals = DefinitionSignals {
                body: words.gain,
                body_in_file: 0.0,
                coverage: words.coverage,
                distinctive: 0.0,
                name: name.score(),
                qualified: qualified.score(),
                exact,
            };
            if signals != DefinitionSignals::default() {
                found.push(DefinitionScore { definition: body.definition, signals });
            }
        }
        for hit in hits {
            let bodies = gains[hit.term as usize].bodies as usize;
            found[hit.found as usize].signals.distinctive +=
                hit.gain * idf(record.body_count() as usize, bodies);
        }
        found
    }

    /// A body with a hit is found: it will stand at the place of `found`.
    fn score_body(&self, body: Body<'_>, found: u32, gains: &mut [Gain], hits: &mut Vec<Hit>) -> BodyFound {
        let length = body.length as f32;
        let mut sums = BodyFound::default();
        for (term, count) in body.postings() {
            let Some(word) = gains.get_mut(term as usize).filter(|word| word.body > 0.0) else { continue };
            word.bodies += 1;
            let gain = word.body * Bm25::BODY.gain(count as f32, length, self.average);
            sums.coverage += word.body;
            sums.gain += gain;
            hits.push(Hit { found, term, gain });
        }
        sums
    }
}

fn name_of(body: Body<'_>, gains: &[Gain]) -> (NameFound, f32) {
    let mut name = NameFound { sum: 0.0, words: 0.0 };
    let mut exact = 0.0_f32;
    for (at, term) in body.names().enumerate() {
        let gain = gains.get(term as usize).copied().unwrap_or_default();
        exact = exact.max(gain.exact);
        name.sum += gain.name;
        // The exact name stands first and is no word.
        name.words += if at > 0 { 1.0 } else { 0.0 };
    }
    (name, exact)
}

impl NameFound {
    fn score(self) -> f32 {
        self.sum / self.words.max(1.0).sqrt()
    }
}

fn part(value: f32, top: f32) -> f32 {
    if top > 0.0 { value / top } else { 0.0 }
}
