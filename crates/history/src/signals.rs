use crate::Log;
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

/// Commits after which a change counts half, for each signal.
const CHURN: f64 = 100.0;
const CHURN_LONG: f64 = 1_000.0;
const CO_CHANGE: f64 = 2_000.0;
/// Half of a message's vote fades so, the other half stays.
const PAST_MESSAGES: f64 = 1_000.0;

/// So many of the best messages vote.
const VOTERS: usize = 80;

impl Log {
    /// What the log says of each path, in their order. Cost: one pass over the log, and one look-up a path.
    pub fn signals<'p>(
        &self,
        query: &HistoryQuery<'_>,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> Vec<HistorySignals> {
        let columns = [
            self.churn(CHURN),
            self.churn(CHURN_LONG),
            self.co_change(query.chat_files),
            self.past_messages(query.words),
        ];
        let rows: Vec<[f64; 4]> = paths
            .into_iter()
            .map(|path| match self.path_index(path) {
                Some(at) => {
                    std::array::from_fn(|column| columns[column].get(at).copied().unwrap_or_default())
                }
                None => [0.0; 4],
            })
            .collect();
        let best: [f64; 4] =
            std::array::from_fn(|column| rows.iter().map(|row| row[column]).fold(0.0, f64::max));
        rows.into_iter()
            .map(|row| {
                let [churn, churn_long, co_change, past_messages] = std::array::from_fn(|column| {
                    if best[column] > 0.0 { (row[column] / best[column]) as f32 } else { 0.0 }
                });
                HistorySignals { churn, churn_long, co_change, past_messages }
            })
            .collect()
    }

    fn churn(&self, half_life: f64) -> Vec<f64> {
        let mut churn = vec![0.0; self.path_count()];
        for (age, change) in self.changes().enumerate() {
            let weight = decay(age, half_life);
            change.files.iter().for_each(|&file| churn[file as usize] += weight);
        }
        churn.into_iter().map(f64::ln_1p).collect()
    }

    fn co_change(&self, chat_files: &[&str]) -> Vec<f64> {
        let mut chat: Vec<u32> =
            chat_files.iter().filter_map(|path| u32::try_from(self.path_index(path)?).ok()).collect();
        chat.sort_unstable();
        let mut together = vec![0.0; if chat.is_empty() { 0 } else { self.path_count() }];
        if chat.is_empty() {
            return together;
        }
        let is_chat = |file: &u32| chat.binary_search(file).is_ok();
        for (age, change) in self.changes().enumerate().filter(|(_, change)| change.files.iter().any(is_chat))
        {
            let weight = decay(age, CO_CHANGE) / (change.files.len() as f64).sqrt();
            change
                .files
                .iter()
                .filter(|file| !is_chat(file))
                .for_each(|&file| together[file as usize] += weight);
        }
        together.into_iter().map(f64::sqrt).collect()
    }

    fn past_messages(&self, words: &[(&str, f32)]) -> Vec<f64> {
        let mut votes = vec![0.0; if words.is_empty() { 0 } else { self.path_count() }];
        if words.is_empty() {
            return votes;
        }
        let scores = message::scores(self.changes().map(|change| change.message), words);
        let mut voters: Vec<(usize, f64, &[u32])> = self
            .changes()
            .zip(scores)
            .enumerate()
            .map(|(age, (change, score))| (age, score, change.files))
            .filter(|(_, score, files)| *score > 0.0 && !files.is_empty())
            .collect();
        // Ties go to the younger one.
        voters.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        for (age, score, files) in voters.into_iter().take(VOTERS) {
            let vote = score / (files.len() as f64).sqrt() * (0.5 + 0.5 * decay(age, PAST_MESSAGES));
            files.iter().for_each(|&file| votes[file as usize] += vote);
        }
        votes
    }
}

fn decay(age: usize, half_life: f64) -> f64 {
    (-(age as f64) / half_life).exp2()
}
