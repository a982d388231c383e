use std::collections::BTreeMap;

use crate::combine::signals::{DEFINITION_SIGNALS, FILE_SIGNALS, PACKING_SIGNALS};

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
    sections: BTreeMap<String, BTreeMap<String, f32>>,
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
    /// know the git log, or one of the three that all occasions share: `[seeds]` (files from which references are followed),
    /// `[places]` (the first order of a file's definitions), `[packing]` (what files and definitions are worth). Its lines are `signal = number`. `#` begins a comment.
    ///
    /// # Errors
    /// [`InvalidWeights`] for a section or signal that is not known and for what is no finite number; nothing is
    /// replaced then.
    pub fn replace(&mut self, text: &str) -> Result<(), InvalidWeights> {
        let read = read(text)?;
        self.sections.extend(read);
        Ok(())
    }

    /// Sets one weight; other than [`replace`](Self::replace) it leaves the others of the section.
    pub fn set(&mut self, occasion: Occasion, log: bool, definitions: bool, signal: &str, weight: f32) {
        self.sections
            .entry(section(occasion, log, definitions))
            .or_default()
            .insert(signal.to_owned(), weight);
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
        self.sections.get(section).and_then(|weights| weights.get(signal)).copied().unwrap_or_default()
    }

    /// The section that a request uses: the one without a log where none was fitted with it.
    pub(crate) fn section(&self, occasion: Occasion, log: bool, definitions: bool) -> String {
        let wanted = section(occasion, log, definitions);
        if self.sections.contains_key(&wanted) { wanted } else { section(occasion, false, definitions) }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self { sections: read(BUILT_IN).expect("a test reads the built-in weights") }
    }
}

/// Signals that find the files from which references are followed are weighted in this section.
pub(crate) const SEEDS: &str = "seeds";
/// Signals that put the definitions of a file in a first order.
pub(crate) const PLACES: &str = "places";
/// What the map gains by a file and by a definition.
pub(crate) const PACKING: &str = "packing";

fn section(occasion: Occasion, log: bool, definitions: bool) -> String {
    let log = if log { "+log" } else { "" };
    let what = if definitions { "definitions" } else { "files" };
    format!("{}{log} {what}", occasion.as_str())
}

fn is_section(name: &str) -> bool {
    let known = Occasion::ALL.iter().flat_map(|&occasion| {
        [(false, false), (false, true), (true, false), (true, true)]
            .map(|(log, definitions)| section(occasion, log, definitions))
    });
    [SEEDS, PLACES, PACKING].contains(&name) || known.into_iter().any(|known| known == name)
}

fn read(text: &str) -> Result<BTreeMap<String, BTreeMap<String, f32>>, InvalidWeights> {
    let mut sections: BTreeMap<String, BTreeMap<String, f32>> = BTreeMap::new();
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
        let known = match section.as_str() {
            PACKING => PACKING_SIGNALS,
            PLACES => DEFINITION_SIGNALS,
            section if section.ends_with("definitions") => DEFINITION_SIGNALS,
            _ => FILE_SIGNALS,
        };
        if !known.contains(&signal) {
            return Err(fault(format!("no signal is called {signal:?}; known are {}", known.join(", "))));
        }
        let value = value.trim().parse::<f32>().ok().filter(|value| value.is_finite());
        let value = value.ok_or_else(|| fault("the weight is no finite number".to_owned()))?;
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
