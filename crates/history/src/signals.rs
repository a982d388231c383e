use ahash::HashMap;

use crate::Log;
use crate::log::Change;
use crate::message;

/// What the log is asked about.
#[derive(Clone, Copy, Debug, Default)]
pub struct HistoryQuery<'a> {
    words: &'a [(&'a str, f32)],
    chat_files: &'a [&'a str],
}

macro_rules! signals {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $signal:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$doc])* pub $signal: f32),+
        }

        impl $name {
            /// The names of the signals, in the order of [`values`](Self::values).
            pub const NAMES: &[&str] = &[$(stringify!($signal)),+];

            /// The signals in one row.
            pub const fn values(&self) -> [f32; Self::NAMES.len()] {
                [$(self.$signal),+]
            }
        }
    };
}

signals! {
    /// What the log says of a file. Each is from 0 to 1: divided by the best of the paths that were asked about.
    HistorySignals {
        /// How often it changed lately: the weight of a change halves with each 100 commits. Logarithmic.
        churn,
        /// The same, halving with each 1,000 commits.
        churn_long,
        /// How often it changed together with the chat files, large commits counting less. 0 for the chat files themselves.
        co_change,
        /// How well the messages of its changes fit the task's words.
        past_messages,
    }
}

signals! {
    /// What the log says of a definition, known by its name in its file. Each is from 0 to 1: divided by the best of the definitions that were
    /// asked about. Only the [youngest commits](crate::LogOptions::named_commits) tell.
    DefinitionHistory {
        /// How often it was touched lately: the weight of a commit halves with each 100. Logarithmic.
        churn,
        /// The same, halving with each 1,000 commits.
        churn_long,
        /// How well the messages of the commits that touched it fit the task's words.
        past_messages,
    }
}

impl<'a> HistoryQuery<'a> {
    /// The words of the task with their weights, split by the function that the log was read with. Without words there are
    /// no [`past_messages`](HistorySignals::past_messages).
    #[must_use]
    pub fn words(mut self, words: &'a [(&'a str, f32)]) -> Self {
        self.words = words;
        self
    }

    /// The files whose companions are sought.
    #[must_use]
    pub fn chat_files(mut self, paths: &'a [&'a str]) -> Self {
        self.chat_files = paths;
        self
    }
}

/// Commits after which a change counts half, for each signal. Those below and the powers were chosen on the development set
/// (docs/quality.md): with 2,000 for co-change 0.858 of the companions are among the first 30 files, with 500 it is 0.865.
const CHURN: f64 = 100.0;
const CHURN_LONG: f64 = 1_000.0;
const CO_CHANGE: f64 = 500.0;
const PAST_MESSAGES: f64 = 500.0;
/// The part of a message's vote that does not fade.
const LASTING: f64 = 0.2;
/// So many of the best messages vote, with the squares of their scores: a good match outweighs many poor ones. Ordered by this
/// signal alone, the first edited file is at 0.67 (mean reciprocal rank) and not at 0.64 as by the sum of the 80 best scores.
const VOTERS: usize = 200;
const SIGNALS: usize = HistorySignals::NAMES.len();
/// The column of companions: a chat file is its own best one, and nobody asks for it.
const CO_CHANGE_COLUMN: usize = 2;

impl Log {
    /// What the log says of each path, in their order. Cost: one pass over the log, and one look-up a path.
    pub fn signals<'p>(
        &self,
        query: &HistoryQuery<'_>,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> Vec<HistorySignals> {
        let chat = self.positions(query.chat_files);
        let columns = [
            self.churn(CHURN),
            self.churn(CHURN_LONG),
            self.companions(&chat),
            self.past_messages(query.words),
        ];
        let is_chat = |at: usize| chat.binary_search(&at).is_ok();
        let rows: Vec<[f64; SIGNALS]> = paths
            .into_iter()
            .map(|path| match self.path_index(path) {
                Some(at) => std::array::from_fn(|column| match columns[column].get(at) {
                    Some(_) if column == CO_CHANGE_COLUMN && is_chat(at) => 0.0,
                    Some(value) => *value,
                    None => 0.0,
                }),
                None => [0.0; SIGNALS],
            })
            .collect();
        let of_row = |[churn, churn_long, co_change, past_messages]: [f32; SIGNALS]| HistorySignals {
            churn,
            churn_long,
            co_change,
            past_messages,
        };
        scaled(&rows).map(of_row).collect()
    }

    /// The files, by the names that they have now, of which the log knows what was touched in them. Ascending.
    pub fn touched_files(&self) -> impl Iterator<Item = &str> {
        let mut files: Vec<u32> =
            self.changes().flat_map(|change| change.names).map(|(file, _)| *file).collect();
        files.sort_unstable();
        files.dedup();
        files.into_iter().map(|file| &*self.paths[file as usize])
    }

    /// What the log says of each definition, given by its file's path and its name, in their order. `words` are those of the
    /// task, as for [`HistoryQuery::words`].
    ///
    /// A name of several definitions of a file stands for all of them. Cost: one pass over the log, and one look-up
    /// a definition.
    pub fn definition_signals<'p>(
        &self,
        words: &[(&str, f32)],
        definitions: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Vec<DefinitionHistory> {
        let touched = self.touched(words);
        let mut last = ("", None);
        let mut rows = Vec::new();
        for (path, name) in definitions {
            if last.0 != path {
                last = (path, self.path_index(path));
            }
            let key = last.1.map(|file| (file as u32, message::hash(name.as_bytes())));
            let [churn, churn_long, past_messages] =
                key.and_then(|key| touched.get(&key)).copied().unwrap_or_default();
            rows.push([churn.ln_1p().powi(2), churn_long.ln_1p().powi(2), past_messages]);
        }
        scaled(&rows)
            .map(|[churn, churn_long, past_messages]| DefinitionHistory { churn, churn_long, past_messages })
            .collect()
    }

    /// The sums of each name in each file.
    fn touched(&self, words: &[(&str, f32)]) -> HashMap<(u32, u32), [f64; DefinitionHistory::NAMES.len()]> {
        let voters = self.voters(words, |change| !change.names.is_empty());
        let votes: HashMap<usize, f64> = voters.into_iter().map(|voter| (voter.age, voter.vote)).collect();
        let mut touched: HashMap<(u32, u32), [f64; DefinitionHistory::NAMES.len()]> = HashMap::default();
        for (age, change) in self.changes().enumerate() {
            let spread = (change.names.len() as f64).sqrt();
            let of_commit = [
                decay(age, CHURN),
                decay(age, CHURN_LONG),
                votes.get(&age).map_or(0.0, |vote| vote / spread),
            ];
            for key in change.names {
                let sums = touched.entry(*key).or_default();
                sums.iter_mut().zip(of_commit).for_each(|(sum, more)| *sum += more);
            }
        }
        touched
    }

    /// How often each file changed. Squared, for all columns are under a root.
    fn churn(&self, half_life: f64) -> Vec<f64> {
        let mut churn = vec![0.0; self.path_count()];
        for (age, change) in self.changes().enumerate() {
            let weight = decay(age, half_life);
            change.files.iter().for_each(|&file| churn[file as usize] += weight);
        }
        churn.into_iter().map(|churn| churn.ln_1p().powi(2)).collect()
    }

    /// How often each file changed together with those of the chat, which are ascending. Empty without them.
    fn companions(&self, chat: &[usize]) -> Vec<f64> {
        let mut together = vec![0.0; if chat.is_empty() { 0 } else { self.path_count() }];
        if chat.is_empty() {
            return together;
        }
        let is_chat = |file: u32| chat.binary_search(&(file as usize)).is_ok();
        for (age, change) in self.changes().enumerate().filter(|(_, change)| change.files.len() > 1) {
            let of_chat = change.files.iter().filter(|&&file| is_chat(file)).count();
            if of_chat > 0 {
                let weight = of_chat as f64 * decay(age, CO_CHANGE) / (change.files.len() as f64).sqrt();
                change.files.iter().for_each(|&file| together[file as usize] += weight);
            }
        }
        together
    }

    /// The positions of the paths that the log names, ascending.
    fn positions(&self, paths: &[&str]) -> Vec<usize> {
        let mut positions: Vec<usize> = paths.iter().filter_map(|path| self.path_index(path)).collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn past_messages(&self, words: &[(&str, f32)]) -> Vec<f64> {
        let mut votes = vec![0.0; if words.is_empty() { 0 } else { self.path_count() }];
        if words.is_empty() {
            return votes;
        }
        for Voter { vote, change, .. } in self.voters(words, |change| !change.files.is_empty()) {
            let vote = vote / (change.files.len() as f64).sqrt();
            change.files.iter().for_each(|&file| votes[file as usize] += vote);
        }
        votes
    }

    /// Of the commits that can vote, those whose messages fit the words best.
    fn voters(&self, words: &[(&str, f32)], votes: impl Fn(&Change<'_>) -> bool) -> Vec<Voter<'_>> {
        if words.is_empty() {
            return Vec::new();
        }
        let scores = message::scores(self.changes().map(|change| change.message), words);
        let changes = self.changes().zip(scores).enumerate();
        let mut voters: Vec<(usize, f64, Change<'_>)> = changes
            .filter(|(_, (change, score))| *score > 0.0 && votes(change))
            .map(|(age, (change, score))| (age, score, change))
            .collect();
        // Ties go to the younger one.
        voters.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        voters.truncate(VOTERS);
        let voter = |(age, score, change): (usize, f64, _)| {
            let fading = LASTING + (1.0 - LASTING) * decay(age, PAST_MESSAGES);
            Voter { age, vote: score * score * fading, change }
        };
        voters.into_iter().map(voter).collect()
    }
}

/// A commit whose message fits.
struct Voter<'a> {
    /// The number of younger commits that count.
    age: usize,
    vote: f64,
    change: Change<'a>,
}

/// Divides each column by its best value, and takes the root.
fn scaled<const N: usize>(rows: &[[f64; N]]) -> impl Iterator<Item = [f32; N]> {
    let best: [f64; N] = std::array::from_fn(|column| rows.iter().map(|row| row[column]).fold(0.0, f64::max));
    let share = |value: f64, best: f64| if best > 0.0 { (value / best).sqrt() as f32 } else { 0.0 };
    rows.iter().map(move |row| std::array::from_fn(|column| share(row[column], best[column])))
}

fn decay(age: usize, half_life: f64) -> f64 {
    (-(age as f64) / half_life).exp2()
}
