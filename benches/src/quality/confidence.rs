//! How sure the product is of tasks of a repository, and of what is none of its tasks.

use anyhow::{Context as _, Result};
use repo_map_cache::{CacheConfig, Confidence, MapRequest, RepoMapper, Target};
use serde_json::{Value, json};

use super::{Case, Repository};
use crate::dice::Dice;

/// What people say who want no code.
const IDLE: &[&str] = &[
    "hello",
    "hi there, how are you today?",
    "thanks, that was great!",
    "good morning",
    "ok",
    "yes please go on",
    "what is the weather like in Lisbon tomorrow?",
    "tell me a joke about penguins",
    "who won the world cup in 1998?",
    "write a poem about autumn leaves",
    "what should I cook for dinner with rice and beans?",
    "never mind",
    "why?",
    "can you help me?",
    "lol",
    "continue",
    "please explain quantum entanglement to a child",
    "I am tired, let us stop here",
    "translate this to French: the cat sleeps on the mat",
    "what time is it in Tokyo?",
    "are you a human?",
    "great job",
    "how do I ask my boss for a raise?",
    "recommend a good novel for the beach",
    "what is the capital of Mongolia?",
    "summarize the plot of Hamlet",
    "do you like music?",
    "bye, see you tomorrow",
    "what is your name?",
    "plan a trip to Iceland in May",
];

/// What a task was, and how sure the product was of it.
#[derive(Clone, Debug)]
pub struct Sure {
    /// The repository whose tree was asked.
    pub repository: String,
    /// `task` of its own, `foreign` of another repository, `idle` or `noise`.
    pub kind: &'static str,
    /// Whether an edited file is among the first ten.
    pub is_hit: bool,
    /// What the product said.
    pub confidence: Confidence,
}

impl Sure {
    /// One line of JSON.
    pub fn to_json(&self) -> Value {
        let facts = Confidence::FACTS.iter().zip(self.confidence.facts);
        json!({
            "repository": self.repository,
            "kind": self.kind,
            "hit": self.is_hit,
            "confidence": self.confidence.chance,
            "facts": facts.map(|(name, fact)| (*name, fact)).collect::<std::collections::BTreeMap<_, _>>(),
        })
    }
}

/// Asks about each case, and in the same tree about something that is no task of it: by turns a message out of `strangers` and nothing at all.
///
/// # Errors
/// When a tree cannot be laid out, or the product fails.
pub fn confidences(
    repository: &Repository,
    cases: &[Case],
    strangers: &[String],
    cache: &CacheConfig,
) -> Result<Vec<Sure>> {
    let mapper = RepoMapper::builder(repository.tree()).cache(cache.clone()).build()?;
    let mut dice = Dice::new(11);
    let mut all = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        repository.lay_out(&case.parent)?;
        let (kind, other) = match at % 4 {
            0 | 2 => ("foreign", strangers[dice.below(strangers.len())].clone()),
            1 => ("idle", IDLE[dice.below(IDLE.len())].to_owned()),
            _ => ("noise", noise(&mut dice)),
        };
        for (kind, task) in [("task", &case.message), (kind, &other)] {
            let gold: Vec<Target> = case.gold_files.iter().map(|file| Target::parse(file)).collect();
            let explanation =
                mapper.explain(&MapRequest::new(64).task(task), &gold).context("no explanation")?;
            let is_hit = kind == "task" && explanation.files.iter().any(|file| file.rank <= 10);
            let confidence = explanation.confidence.context("a task has a confidence")?;
            all.push(Sure { repository: repository.name.clone(), kind, is_hit, confidence });
        }
    }
    Ok(all)
}

/// Words that nobody has.
fn noise(dice: &mut Dice) -> String {
    let words = (0..2 + dice.below(9)).map(|_| {
        let letters = (0..3 + dice.below(7)).map(|_| char::from(b'a' + dice.below(26) as u8));
        letters.collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}
