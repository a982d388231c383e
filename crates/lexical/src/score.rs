use repo_map_model::RepoPath;

use crate::bm25::{Bm25, idf};
use crate::definitions::Wanted;
use crate::field::Field;
use crate::index::{Index, count_of};
use crate::places::mentioned;
use crate::pointed::pointed;
use crate::query::Query;
use crate::record::FileWords;
use crate::scores::{FileScore, FileSignals, Known, PointedPlace, Scores};
use crate::term::Term;

/// How far scoring goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScoreOptions {
    /// How many of the best files are returned. 4,096.
    pub files: usize,
    /// In how many of the best files the definitions are scored: their records are read. 400.
    pub candidates: usize,
}

impl Default for ScoreOptions {
    fn default() -> Self {
        Self { files: 4_096, candidates: 400 }
    }
}

/// A word of the task with what it weighs in each field: the query's weight times the IDF there.
pub(crate) struct Weighted {
    pub(crate) term: Term,
    pub(crate) content: f32,
    pub(crate) names: f32,
}

/// A name of the task, with its weight shared among the files that define it.
pub(crate) struct Name {
    pub(crate) term: Term,
    pub(crate) share: f32,
}

/// What a file holds of the task's words and names, by their places.
#[derive(Clone, Default)]
pub(crate) struct Held {
    pub(crate) words: Vec<u32>,
    pub(crate) names: Vec<u32>,
}

/// What a file gathered, by slot.
#[derive(Clone, Copy, Default)]
struct Sums {
    fields: [f32; Field::COUNT],
    path: f32,
    scope: f32,
    defines: f32,
    mentioned: f32,
    pointed: f32,
    /// IDF of the words that it holds at all: in its text, in its path.
    holds: [f32; 2],
}

impl Index {
    /// Scores the files, and the definitions of the best ones, by the words of a task.
    ///
    /// `records` gives the words of a file as they were set, for the candidates only; a file without them keeps
    /// its other signals. Equal indexes give equal scores, whatever the order in which their files were set.
    ///
    /// Cost: the postings of the task's words, and the bodies of the candidates.
    pub fn score<B: AsRef<[u8]>>(
        &self,
        query: &Query,
        options: &ScoreOptions,
        records: impl FnMut(&RepoPath) -> Option<FileWords<B>>,
    ) -> Scores {
        let mut sums = vec![Sums::default(); self.files.len()];
        let (words, known) = self.sum_words(query, &mut sums);
        let names = self.sum_names(query, &mut sums);
        self.sum_scope(query, &mut sums);
        let pointed = pointed(self, query);
        for (slot, share) in mentioned(self, query, &pointed) {
            sums[slot as usize].mentioned += share;
        }
        for found in &pointed {
            let sums = &mut sums[found.slot as usize];
            sums.pointed = sums.pointed.max(found.share);
        }
        let mut files = self.best(&sums, options.files);
        let average = self.totals.bodies_length as f32 / (self.totals.bodies as f32).max(1.0);
        let wanted = Wanted { words: &words, names: &names, average };
        let candidates = options.candidates.min(files.len());
        let held = self.held(&files[..candidates], &words, &names);
        wanted.score(&mut files[..candidates], &held, records);
        sort(&mut files);
        let pointed = pointed.into_iter().filter_map(|found| {
            Some(PointedPlace {
                path: self.files[found.slot as usize].as_ref()?.path.clone(),
                lines: found.place.lines,
                names: found.place.names.clone(),
                origin: found.place.origin,
                share: found.around,
            })
        });
        Scores { files, known, pointed: pointed.collect() }
    }

    fn sum_words(&self, query: &Query, sums: &mut [Sums]) -> (Vec<Weighted>, Known) {
        let all = self.totals.files;
        let average = |total: u64| total as f32 / (all as f32).max(1.0);
        let averages = self.totals.lengths.map(average);
        let path_average = average(self.totals.path_length);
        let mut hits = Vec::new();
        let mut weighted = Vec::new();
        let rarest = idf(all, 0);
        let mut weight_of_all = 0.0;
        for word in query.words() {
            let term = Term::new(&word.text);
            hits.clear();
            hits.extend(self.present(self.contents.of(term)));
            let gain_of_holding = word.weight * idf(all, hits.len());
            hits.iter().for_each(|&(slot, _)| sums[slot as usize].holds[0] += gain_of_holding);
            let is_in_text = !hits.is_empty();
            let mut weights = [0.0; Field::COUNT];
            for field in Field::ALL {
                let holders = hits.iter().filter(|&&(_, payload)| count_of(payload, field) > 0).count();
                weights[field as usize] = word.weight * idf(all, holders);
                let model = field.model();
                for &(slot, payload) in &hits {
                    let count = count_of(payload, field);
                    if count > 0
                        && let Some(file) = &self.files[slot as usize]
                    {
                        let length = file.lengths[field as usize] as f32;
                        let gain = model.gain(count as f32, length, averages[field as usize]);
                        sums[slot as usize].fields[field as usize] += weights[field as usize] * gain;
                    }
                }
            }
            let [content, names, ..] = weights;
            weighted.push(Weighted { term, content, names });
            hits.clear();
            hits.extend(self.present(self.paths.of(term)));
            let weight = word.weight * idf(all, hits.len());
            for &(slot, count) in &hits {
                if let Some(file) = &self.files[slot as usize] {
                    let gain = Bm25::PATH.gain(count as f32, file.path_length as f32, path_average);
                    sums[slot as usize].path += weight * gain;
                    sums[slot as usize].holds[1] += gain_of_holding;
                }
            }
            weight_of_all += if is_in_text { gain_of_holding } else { word.weight * rarest };
        }
        let best = |at: usize| sums.iter().map(|sums| sums.holds[at]).fold(0.0, f32::max);
        let share = |part: f32| if weight_of_all > 0.0 { part / weight_of_all } else { 0.0 };
        let known = Known {
            in_one: share(best(0)),
            in_path: share(best(1)),
            weight: weight_of_all / rarest.max(f32::MIN_POSITIVE),
        };
        (weighted, known)
    }

    fn sum_names(&self, query: &Query, sums: &mut [Sums]) -> Vec<Name> {
        let mut names = Vec::new();
        for identifier in query.identifiers() {
            let term = Term::exact(&identifier.name);
            let holders: Vec<u32> = self.present(self.contents.of(term)).map(|(slot, _)| slot).collect();
            if holders.is_empty() {
                continue;
            }
            let share = identifier.weight / holders.len() as f32;
            holders.iter().for_each(|&slot| sums[slot as usize].defines += share);
            names.push(Name { term, share: identifier.weight / (holders.len() as f32).sqrt() });
        }
        names
    }

    fn sum_scope(&self, query: &Query, sums: &mut [Sums]) {
        for place in query.scope() {
            let mut all = 0.0;
            let mut shares = vec![0.0; sums.len()];
            for word in place {
                let holders = || self.present(self.paths.of(Term::new(word))).map(|(slot, _)| slot as usize);
                let count = holders().count();
                if count > 0 {
                    let weight = idf(self.totals.files, count);
                    all += weight;
                    holders().for_each(|slot| shares[slot] += weight);
                }
            }
            for (sums, share) in sums.iter_mut().zip(shares).filter(|(_, share)| *share > 0.0) {
                sums.scope = sums.scope.max(share / all);
            }
        }
    }

    /// Which of the task's words and names each of the files holds: few of them, so that the others need not be looked for in its record.
    fn held(&self, files: &[FileScore], words: &[Weighted], names: &[Name]) -> Vec<Held> {
        let mut held = vec![Held::default(); files.len()];
        let mut place = vec![u32::MAX; self.files.len()];
        for (file, at) in files.iter().zip(0..) {
            if let Some(&slot) = self.slots.get(&file.path) {
                place[slot as usize] = at;
            }
        }
        let mut each = |term: Term, hold: &mut dyn FnMut(&mut Held)| {
            for (slot, _) in self.contents.of(term) {
                if let Some(held) = held.get_mut(place[slot as usize] as usize) {
                    hold(held);
                }
            }
        };
        words.iter().zip(0..).for_each(|(word, at)| each(word.term, &mut |held| held.words.push(at)));
        names.iter().zip(0..).for_each(|(name, at)| each(name.term, &mut |held| held.names.push(at)));
        held
    }

    /// The postings of files that have not left.
    pub(crate) fn present(
        &self,
        postings: impl Iterator<Item = (u32, u32)>,
    ) -> impl Iterator<Item = (u32, u32)> {
        postings.filter(|&(slot, _)| self.files[slot as usize].is_some())
    }

    /// The best files with their signals scaled.
    fn best(&self, sums: &[Sums], limit: usize) -> Vec<FileScore> {
        let top = sums.iter().fold(Sums::default(), |top, sums| Sums {
            fields: std::array::from_fn(|field| top.fields[field].max(sums.fields[field])),
            path: top.path.max(sums.path),
            ..top
        });
        let part = |value: f32, top: f32| if top > 0.0 { value / top } else { 0.0 };
        let mut order: Vec<(f32, u32, FileSignals)> = Vec::new();
        for (slot, sums) in sums.iter().enumerate() {
            let field = |field: Field| part(sums.fields[field as usize], top.fields[field as usize]);
            let signals = FileSignals {
                content: field(Field::Content),
                path: part(sums.path, top.path),
                scope: sums.scope,
                names: field(Field::Names),
                signatures: field(Field::Signatures),
                prose: field(Field::Prose),
                body: 0.0,
                // Two names that only this file defines say all there is to say.
                defines: (sums.defines / 2.0).min(1.0),
                mentioned: sums.mentioned.min(1.0),
                pointed: sums.pointed,
            };
            let sum = plain_sum(&signals);
            if sum > 0.0 {
                order.push((sum, slot as u32, signals));
            }
        }
        // Slots depend on the order in which files were set: ties are broken by path.
        let path = |slot: u32| self.files[slot as usize].as_ref().map(|file| &file.path);
        let rank = |a: &(f32, u32, FileSignals), b: &(f32, u32, FileSignals)| {
            b.0.total_cmp(&a.0).then_with(|| path(a.1).cmp(&path(b.1)))
        };
        if order.len() > limit && limit > 0 {
            order.select_nth_unstable_by(limit - 1, rank);
        }
        order.truncate(limit);
        order.sort_unstable_by(rank);
        let files = order.into_iter().filter_map(|(_, slot, signals)| {
            let file = self.files[slot as usize].as_ref()?;
            let length = file.lengths[Field::Content as usize];
            Some(FileScore { path: file.path.clone(), length, signals, definitions: Vec::new() })
        });
        files.collect()
    }
}

/// The order in which files become candidates; the weights are those of an early fit, rounded.
fn plain_sum(signals: &FileSignals) -> f32 {
    2.0 * signals.content
        + signals.path
        + signals.pointed
        + 0.5 * (signals.names + signals.signatures + signals.prose + signals.defines + signals.mentioned)
}

/// Best first: by the plain sum and the best body, then by path.
fn sort(files: &mut [FileScore]) {
    let key = |file: &FileScore| plain_sum(&file.signals) + file.signals.body;
    files.sort_by(|a, b| key(b).total_cmp(&key(a)).then_with(|| a.path.cmp(&b.path)));
}
