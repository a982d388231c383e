use std::collections::BTreeMap;

use crate::combine::signals::{DEFINITION_SIGNALS, FILE_SIGNALS, PACKING_SIGNALS};
use crate::{Preset, graph_weights};

/// What each signal is worth, for each [`Occasion`], with and without a git log.
///
/// The built-in weights stand in `weights.toml` beside this source, with the command that fits them. A file of the
/// same form replaces them section by section:
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
    sections: BTreeMap<String, BTreeMap<String, f64>>,
}

/// What a map is wanted for: each has its own weights.
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

impl Occasion {
    /// Every occasion.
    pub const ALL: &[Self] = &[Self::Task, Self::TaskAndChat, Self::Chat, Self::Overview];

    /// The word that sections and listings use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::TaskAndChat => "task+chat",
            Self::Chat => "chat",
            Self::Overview => "overview",
        }
    }
}

impl Weights {
    /// Reads sections and puts them in the place of those of the same name.
    ///
    /// A section is `[OCCASION files]` or `[OCCASION definitions]`, with `+log` after the occasion for requests that
    /// know the git log, or one of those that all occasions share: `[seeds]` and `[seeds+log]` (files from which references are followed),
    /// `[places]` (the first order of a file's definitions), `[packing]` and `[packing+log]` (what files and definitions are worth), or one of the
    /// graph's: `[graph]` and, for aider's order, `[graph aider]`, where what is not said is as in the [`Preset`]. Its lines are
    /// `signal = number`. `#` begins a comment.
    ///
    /// # Errors
    /// [`InvalidWeights`] for a section or signal that is not known and for what is no finite number; nothing is
    /// replaced then.
    pub fn replace(&mut self, text: &str) -> Result<(), InvalidWeights> {
        let read = read(text)?;
        self.sections.extend(read);
        Ok(())
    }

    /// Sets one weight, by the names that [`replace`](Self::replace) reads; the others of the section stay.
    ///
    /// # Errors
    /// [`InvalidWeight`] for a section or signal that is not known and for what is no weight.
    pub fn set(&mut self, section: &str, signal: &str, weight: f64) -> Result<(), InvalidWeight> {
        if !is_section(section) {
            return Err(InvalidWeight(format!("no section is called {section:?}; {}", all_sections())));
        }
        check(section, signal, weight).map_err(InvalidWeight)?;
        self.sections.entry(section.to_owned()).or_default().insert(signal.to_owned(), weight);
        Ok(())
    }

    /// The graph's weights.
    pub fn graph(&self) -> Preset {
        self.overlaid(Preset::default(), GRAPH)
    }

    /// The graph's weights in aider's order.
    pub fn aider_graph(&self) -> Preset {
        self.overlaid(Preset::aider(), GRAPH_AIDER)
    }

    fn overlaid(&self, mut preset: Preset, section: &str) -> Preset {
        for (name, value) in self.sections.get(section).into_iter().flatten() {
            graph_weights::set(&mut preset, name, *value);
        }
        preset
    }

    /// The text that [`replace`](Self::replace) reads.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (section, weights) in &self.sections {
            text += &format!("[{section}]\n");
            for (signal, weight) in weights {
                text += &format!("{signal} = {weight}\n");
            }
            text.push('\n');
        }
        text
    }

    /// The weight of a signal; 0 where none is given.
    pub(crate) fn of(&self, section: &str, signal: &str) -> f32 {
        self.sections.get(section).and_then(|weights| weights.get(signal)).copied().unwrap_or_default() as f32
    }

    /// The section that a request uses: the one without a log where none was fitted with it.
    pub(crate) fn section(&self, occasion: Occasion, log: bool, definitions: bool) -> String {
        let wanted = section(occasion, log, definitions);
        if self.sections.contains_key(&wanted) { wanted } else { section(occasion, false, definitions) }
    }

    /// The section that finds the seeds of a request.
    pub(crate) const fn seeds(log: bool) -> &'static str {
        if log { SEEDS_WITH_LOG } else { SEEDS }
    }

    /// The section that tells what a map gains.
    pub(crate) const fn packing(log: bool) -> &'static str {
        if log { PACKING_WITH_LOG } else { PACKING }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self { sections: read(BUILT_IN).expect("a test reads the built-in weights") }
    }
}

/// Signals that find the files from which references are followed are weighted in this section.
const SEEDS: &str = "seeds";
/// The same for requests that know the git log.
const SEEDS_WITH_LOG: &str = "seeds+log";
/// Signals that put the definitions of a file in a first order.
pub(crate) const PLACES: &str = "places";
/// What the map gains by a file and by a definition.
const PACKING: &str = "packing";
/// The same for requests that know the git log.
const PACKING_WITH_LOG: &str = "packing+log";
/// The graph of references, and what its order is multiplied by.
const GRAPH: &str = "graph";
/// The same in aider's order.
const GRAPH_AIDER: &str = "graph aider";

fn section(occasion: Occasion, log: bool, definitions: bool) -> String {
    let log = if log { "+log" } else { "" };
    let what = if definitions { "definitions" } else { "files" };
    format!("{}{log} {what}", occasion.as_str())
}

fn sections() -> impl Iterator<Item = String> {
    let of_occasions = Occasion::ALL.iter().flat_map(|&occasion| {
        [(false, false), (false, true), (true, false), (true, true)]
            .map(|(log, definitions)| section(occasion, log, definitions))
    });
    [GRAPH, GRAPH_AIDER, SEEDS, SEEDS_WITH_LOG, PLACES, PACKING, PACKING_WITH_LOG]
        .map(ToOwned::to_owned)
        .into_iter()
        .chain(of_occasions)
}

fn is_section(name: &str) -> bool {
    sections().any(|known| known == name)
}

fn all_sections() -> String {
    format!("there are {}", sections().collect::<Vec<_>>().join(", "))
}

/// Whether a known section has this signal, and it may have this weight.
fn check(section: &str, signal: &str, weight: f64) -> Result<(), String> {
    let is_graph = section == GRAPH || section == GRAPH_AIDER;
    let known: Vec<&str> = match section {
        _ if is_graph => graph_weights::names().collect(),
        PACKING | PACKING_WITH_LOG => PACKING_SIGNALS.to_vec(),
        PLACES => DEFINITION_SIGNALS.to_vec(),
        section if section.ends_with("definitions") => DEFINITION_SIGNALS.to_vec(),
        _ => FILE_SIGNALS.to_vec(),
    };
    if !known.contains(&signal) {
        return Err(format!("no signal is called {signal:?}; known are {}", known.join(", ")));
    }
    // The sums are of this size, and finite there.
    if !(weight as f32).is_finite() {
        return Err("the weight is no finite number".to_owned());
    }
    // What is worth less than nothing would be taken out of the page again, and put in, without end.
    if matches!(section, PACKING | PACKING_WITH_LOG) && weight < 0.0 {
        return Err(format!("{signal} = {weight}: what something is worth is 0 or more"));
    }
    match graph_weights::fault(signal, weight).filter(|_| is_graph) {
        Some(fault) => Err(format!("{signal} = {weight}: {fault}")),
        None => Ok(()),
    }
}

fn read(text: &str) -> Result<BTreeMap<String, BTreeMap<String, f64>>, InvalidWeights> {
    let mut sections: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    let mut current: Option<String> = None;
    for (line, number) in text.lines().zip(1..) {
        let fault = |fault: String| InvalidWeights { line: number, fault };
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let name = name.trim_matches(['"', ' ']).to_owned();
            if !is_section(&name) {
                return Err(fault(format!("no section is called {name:?}")));
            }
            sections.entry(name.clone()).or_default();
            current = Some(name);
            continue;
        }
        let (signal, value) = line
            .split_once('=')
            .ok_or_else(|| fault("neither a section nor `signal = number`".to_owned()))?;
        let signal = signal.trim();
        let section =
            current.as_ref().ok_or_else(|| fault("a weight before the first section".to_owned()))?;
        // What is no number is no finite one.
        let value = value.trim().parse().unwrap_or(f64::NAN);
        check(section, signal, value).map_err(fault)?;
        if let Some(weights) = sections.get_mut(section) {
            weights.insert(signal.to_owned(), value);
        }
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_weights_are_read_and_written() {
        let weights = Weights::default();
        let mut again = Weights { sections: BTreeMap::new() };
        again.replace(&weights.to_text()).unwrap();
        assert_eq!(weights, again);
        for &occasion in Occasion::ALL {
            assert!(weights.sections.contains_key(&section(occasion, false, false)), "{occasion:?}");
            assert!(weights.sections.contains_key(&section(occasion, false, true)), "{occasion:?}");
        }
    }

    #[test]
    fn the_file_tells_what_the_presets_are() {
        let weights = Weights::default();
        for (section, preset, read) in [
            (GRAPH, Preset::default(), weights.graph()),
            (GRAPH_AIDER, Preset::aider(), weights.aider_graph()),
        ] {
            assert_eq!(read, preset);
            let named = graph_weights::names().filter(|name| weights.sections[section].contains_key(*name));
            assert_eq!(named.count(), graph_weights::names().count(), "{section} is whole");
        }
    }

    #[test]
    fn one_weight_is_set_by_its_name() {
        let mut weights = Weights::default();
        let size = weights.of("task files", "size");
        weights.set("task files", "content", 1.5).unwrap();
        weights.set("graph", "damping", 0.5).unwrap();
        weights.set("graph", "common_above", 9.0).unwrap();
        assert_eq!((weights.of("task files", "content"), weights.of("task files", "size")), (1.5, size));
        assert_eq!((weights.graph().damping, weights.graph().edges.common_above), (0.5, 9));
        assert_eq!(weights.aider_graph(), Preset::aider());
        let mut check = |section, signal, weight, expected: &str| {
            let error = weights.set(section, signal, weight).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check("task", "content", 1.0, "no section is called \"task\"; there are graph, graph aider, seeds");
        check("task files", "contents", 1.0, "no signal is called \"contents\"; known are content, path");
        check("task files", "content", f64::INFINITY, "the weight is no finite number");
        check("graph", "damping", 1.0, "damping = 1: it is from 0 to below 1");
        check("graph", "common_above", 1.5, "common_above = 1.5: it is a whole number");
        check("graph aider", "test", -1.0, "test = -1: it is from 0 to 1e9");
        check("packing+log", "files", -1.0, "files = -1: what something is worth is 0 or more");
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
