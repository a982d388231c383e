use std::collections::BTreeMap;

use crate::combine::signals::Signal;

/// What each signal is worth: one table for tasks, one for chat files without a task, one for an overview.
///
/// A weight is what a value of 1 adds to the logarithm of a chance. Evidence that a request has not is 0, so a table serves with and without a
/// git log. The built-in weights stand in `weights.toml` beside this source, with the command that fits them. A file of the
/// same form replaces them table by table:
///
/// ```
/// use repo_map_ranking::Weights;
///
/// let mut weights = Weights::default();
/// weights.replace("[task files]\ncontent = 3.5\ntest = -4\n")?;
/// # Ok::<(), repo_map_ranking::InvalidWeights>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    tables: BTreeMap<&'static str, BTreeMap<&'static str, f64>>,
}

/// What a map is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Occasion {
    /// A task, no chat file.
    Task,
    /// A task and chat files.
    TaskAndChat,
    /// Chat files alone.
    Chat,
    /// Neither.
    Overview,
}

/// Why a weight was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidWeight(String);

/// Why a text of weights was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the weights: {fault}")]
#[non_exhaustive]
pub struct InvalidWeights {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: String,
}

const BUILT_IN: &str = include_str!("../../weights.toml");

/// What finds the files from which references are followed.
pub(crate) const SEEDS: &str = "seeds";
/// What puts the definitions of a file in a first order.
pub(crate) const PLACES: &str = "places";
/// What one must know to write in a chat file, beside what one edits with it.
pub(crate) const NEEDS: &str = "needs";
/// What the map gains by listing a file and by showing a definition.
const PACKING: &str = "packing";
const TABLES: [&str; 9] = [
    SEEDS,
    PLACES,
    PACKING,
    "task files",
    "task definitions",
    "chat files",
    "chat definitions",
    NEEDS,
    "overview definitions",
];
/// The lines of the table of packing.
const WORTHS: [&str; 7] = [
    "files",
    "definitions",
    "definitions_of_chat",
    "files_of_overview",
    "definitions_of_overview",
    "needs_of_chat",
    "needs_of_task",
];

impl Occasion {
    /// Every occasion.
    pub const ALL: &[Self] = &[Self::Task, Self::TaskAndChat, Self::Chat, Self::Overview];

    /// The word that listings use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::TaskAndChat => "task+chat",
            Self::Chat => "chat",
            Self::Overview => "overview",
        }
    }

    pub(crate) const fn files(self) -> &'static str {
        if matches!(self, Self::Chat) { "chat files" } else { "task files" }
    }

    pub(crate) const fn definitions(self) -> &'static str {
        match self {
            Self::Task | Self::TaskAndChat => "task definitions",
            Self::Chat => "chat definitions",
            Self::Overview => "overview definitions",
        }
    }
}

impl Weights {
    /// Reads tables and puts them in the place of those of the same name: `[task files]`, `[task definitions]`, `[chat files]`,
    /// `[chat definitions]`, `[overview definitions]`, `[needs]` (what one must know to write in a chat file), `[seeds]` (what finds the files from which references are followed), `[places]` (the first order of a
    /// file's definitions) and `[packing]` (what listing a file and showing a definition is worth). Lines are `signal = number` by the names of
    /// [`Signal`]. `#` begins a comment.
    ///
    /// # Errors
    /// [`InvalidWeights`] for a table or signal that is not known and for what is no finite number; nothing is
    /// replaced then.
    pub fn replace(&mut self, text: &str) -> Result<(), InvalidWeights> {
        let read = read(text)?;
        self.tables.extend(read);
        Ok(())
    }

    /// Sets one weight, by the names that [`replace`](Self::replace) reads; the others of the table stay.
    ///
    /// # Errors
    /// [`InvalidWeight`] for a table or signal that is not known and for what is no weight.
    pub fn set(&mut self, table: &str, signal: &str, weight: f64) -> Result<(), InvalidWeight> {
        let table = table_of(table).map_err(InvalidWeight)?;
        let signal = check(table, signal, weight).map_err(InvalidWeight)?;
        self.tables.entry(table).or_default().insert(signal, weight);
        Ok(())
    }

    /// The text that [`replace`](Self::replace) reads.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (table, weights) in &self.tables {
            text += &format!("[{table}]\n");
            for (signal, weight) in weights {
                text += &format!("{signal} = {weight}\n");
            }
            text.push('\n');
        }
        text
    }

    /// The weight of a signal; 0 where none is given.
    pub(crate) fn of(&self, table: &str, signal: Signal) -> f32 {
        self.line(table, signal.as_str()) as f32
    }

    /// What the packing gains by something.
    pub(crate) fn worth(&self, of: &'static str) -> f64 {
        self.line(PACKING, of)
    }

    fn line(&self, table: &str, name: &str) -> f64 {
        self.tables.get(table).and_then(|weights| weights.get(name)).copied().unwrap_or_default()
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self { tables: read(BUILT_IN).expect("a test reads the built-in weights") }
    }
}

fn table_of(name: &str) -> Result<&'static str, String> {
    let known = TABLES.iter().copied().find(|known| *known == name);
    known.ok_or_else(|| format!("no section is called {name:?}; there are {}", TABLES.join(", ")))
}

/// The signal of this name, if the table has it and it may have this weight.
fn check(table: &str, signal: &str, weight: f64) -> Result<&'static str, String> {
    let known: Vec<&'static str> = match table {
        PACKING => WORTHS.to_vec(),
        _ => Signal::ALL.iter().map(|signal| signal.as_str()).collect(),
    };
    let Some(signal) = known.iter().copied().find(|known| *known == signal) else {
        return Err(format!("no signal is called {signal:?}; known are {}", known.join(", ")));
    };
    // The sums are of this size, and finite there.
    if !(weight as f32).is_finite() {
        return Err("the weight is no finite number".to_owned());
    }
    // What is worth less than nothing would be taken out of the page again, and put in, without end.
    if table == PACKING && weight < 0.0 {
        return Err(format!("{signal} = {weight}: what something is worth is 0 or more"));
    }
    Ok(signal)
}

fn read(text: &str) -> Result<BTreeMap<&'static str, BTreeMap<&'static str, f64>>, InvalidWeights> {
    let mut tables: BTreeMap<&'static str, BTreeMap<&'static str, f64>> = BTreeMap::new();
    let mut current: Option<&'static str> = None;
    for (line, number) in text.lines().zip(1..) {
        let fault = |fault: String| InvalidWeights { line: number, fault };
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let table = table_of(name.trim_matches(['"', ' '])).map_err(fault)?;
            tables.entry(table).or_default();
            current = Some(table);
            continue;
        }
        let (signal, value) = line
            .split_once('=')
            .ok_or_else(|| fault("neither a section nor `signal = number`".to_owned()))?;
        let table = current.ok_or_else(|| fault("a weight before the first section".to_owned()))?;
        // What is no number is no finite one.
        let value = value.trim().parse().unwrap_or(f64::NAN);
        let signal = check(table, signal.trim(), value).map_err(fault)?;
        tables.entry(table).or_default().insert(signal, value);
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_weights_are_read_and_written() {
        let weights = Weights::default();
        let mut again = Weights { tables: BTreeMap::new() };
        again.replace(&weights.to_text()).unwrap();
        assert_eq!(weights, again);
        assert!(TABLES.iter().all(|table| weights.tables.contains_key(table)));
        let numbers: usize = weights.tables.values().map(BTreeMap::len).sum();
        assert!(numbers <= 170, "{numbers} weights are more than one reads");
    }

    #[test]
    fn one_weight_is_set_by_its_name() {
        let mut weights = Weights::default();
        let size = weights.of("task files", Signal::Size);
        weights.set("task files", "content", 1.5).unwrap();
        let of = |signal| weights.of("task files", signal);
        assert_eq!((of(Signal::Content), of(Signal::Size)), (1.5, size));
        let mut check = |section, signal, weight, expected: &str| {
            let error = weights.set(section, signal, weight).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check("task", "content", 1.0, "no section is called \"task\"; there are seeds, places");
        check("task files", "contents", 1.0, "no signal is called \"contents\"; known are content, path");
        check("task files", "content", f64::INFINITY, "the weight is no finite number");
        check("packing", "files", -1.0, "files = -1: what something is worth is 0 or more");
    }

    #[test]
    fn faults_are_named_with_their_line() {
        let check = |text: &str, expected: &str| {
            let before = Weights::default();
            let mut weights = before.clone();
            let error = weights.replace(text).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
            assert_eq!(weights, before);
        };
        check("content = 1", "line 1 of the weights: a weight before");
        check("[task files]\n\ncontnet = 1", "line 3 of the weights: no signal is called \"contnet\"");
        check("[task]", "line 1 of the weights: no section is called \"task\"");
        check("[task files]\ncontent = NaN", "line 2 of the weights: the weight is no finite number");
        check("[task files]\ncontent", "line 2 of the weights: neither");
    }
}
