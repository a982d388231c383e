//! Does a map without a task show what people name when they tell of the repository?

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::mentions::identifiers;
use super::page::{Page, names_on_page};
use super::{Repository, tree::Tree};

/// How many documents, or messages, name each name.
type Votes = BTreeMap<String, u32>;

/// Larger documents are data.
const MAX_BYTES: u64 = 600_000;
/// Fewer names say nothing of a repository.
const FEWEST: usize = 30;

/// What each name is worth.
pub(crate) struct Gold(pub(crate) BTreeMap<String, f64>);

/// The gold of documentation and that of commit messages.
pub(crate) fn golds(repository: &Repository, documents: &[String], tree: &Tree) -> Result<[Option<Gold>; 2]> {
    let mut docs = Votes::new();
    for document in documents {
        let path = repository.tree().join(document);
        if path.metadata().is_ok_and(|of| of.len() <= MAX_BYTES) {
            vote(&mut docs, named_as_code(&String::from_utf8_lossy(&std::fs::read(path)?)));
        }
    }
    let log = repository.git(&["log", "-n", "4000", "--no-merges", "--format=%B%x00", "HEAD"])?;
    let mut messages = Votes::new();
    log.split('\0').for_each(|message| vote(&mut messages, named_in_message(message)));
    Ok([docs, messages].map(|votes| Gold::new(&votes, tree)))
}

/// Takes the documents out of the tree that is laid out.
pub(crate) fn remove(repository: &Repository, documents: &[String]) -> Result<()> {
    documents.iter().try_for_each(|path| Ok(std::fs::remove_file(repository.tree().join(path))?))
}

fn vote<'t>(votes: &mut Votes, names: impl IntoIterator<Item = &'t str>) {
    names.into_iter().for_each(|name| *votes.entry(name.to_owned()).or_default() += 1);
}

/// README, guides and folders of documentation, no change logs.
pub(crate) fn is_document(path: &str) -> bool {
    const OTHER: [&str; 11] = [
        "change",
        "history",
        "release",
        "news",
        "licen",
        "vendor",
        "third_party",
        "node_modules",
        "test",
        "requirements",
        "fixtures",
    ];
    const FOLDERS: [&str; 6] = ["doc/", "docs/", "documentation/", "guide/", "book/", "website/"];
    const NAMES: [&str; 5] = ["readme", "architecture", "agents", "contributing", "claude"];
    let path = path.to_lowercase();
    let is_any = |known: &[&str]| known.iter().any(|known| path.contains(known));
    [".md", ".rst", ".txt", ".adoc"].iter().any(|kind| path.ends_with(kind))
        && !is_any(&OTHER)
        && (!path.contains('/') || FOLDERS.iter().any(|folder| path.starts_with(folder)) || is_any(&NAMES))
}

/// The words of fenced blocks and of what stands between backticks on a line.
fn named_as_code(text: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut is_fenced = false;
    for line in text.lines() {
        if line.starts_with("```") || line.starts_with("~~~") {
            is_fenced = !is_fenced;
        } else if is_fenced {
            names.extend(identifiers(line));
        } else {
            let mut rest = line;
            while let Some((_, after)) = rest.split_once('`') {
                let Some((span, after)) = after.trim_start_matches('`').split_once('`') else { break };
                names.extend(identifiers(span));
                rest = after.trim_start_matches('`');
            }
        }
    }
    names
}

/// Words of four letters or more that look like names, stand between backticks, or are called.
fn named_in_message(message: &str) -> BTreeSet<&str> {
    let mut names = identifiers(message);
    names.retain(|name| {
        let letters: Vec<char> = name.chars().collect();
        let is_compound = |pair: &[char]| pair[0].is_lowercase() && pair[1].is_uppercase();
        letters.len() > 3
            && (name.contains('_')
                || letters.windows(2).any(is_compound)
                || message.contains(&format!("`{name}`"))
                || message.contains(&format!("{name}(")))
    });
    names
}

impl Gold {
    /// `None` where too few names of the tree are named.
    fn new(votes: &Votes, tree: &Tree) -> Option<Self> {
        let names = tree.names();
        let known = votes.iter().filter(|(name, _)| names.contains_key(name.as_str()));
        let gold: BTreeMap<String, f64> =
            known.map(|(name, &votes)| (name.clone(), f64::from(votes + 1).log2())).collect();
        (gold.len() >= FEWEST).then_some(Self(gold))
    }

    /// What the names on a page are worth, of the most that as many could be; a page of few sure names is no good page.
    pub(crate) fn gain(&self, page: &Page, budget: usize) -> f64 {
        let shown: BTreeSet<&str> = page.files.values().flatten().map(|(name, _)| name.as_str()).collect();
        let mut worths: Vec<f64> = self.0.values().copied().collect();
        worths.sort_by(|a, b| b.total_cmp(a));
        let most: f64 = worths.iter().take(shown.len().max(names_on_page(budget))).sum();
        shown.into_iter().filter_map(|name| self.0.get(name)).sum::<f64>() / most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_are_written_as_code() {
        let text = "Call `run(job)` or ``stop``, :func:`~a.wait` not this.\n```py\nstart()\n```\na ` b\n";
        assert_eq!(Vec::from_iter(named_as_code(text)), ["a", "job", "run", "start", "stop", "wait"]);
        let message = "Let openFile and close_file call seek(), `tell` and read after write";
        assert_eq!(Vec::from_iter(named_in_message(message)), ["close_file", "openFile", "seek", "tell"]);
    }

    #[test]
    fn documents_are_what_explains_the_repository() {
        let of = ["README.md", "docs/guide/a.rst", "Architecture.md", "crates/a/README.md", "notes.txt"];
        assert!(of.into_iter().all(is_document));
        let other = [
            "CHANGES.md",
            "docs/conf.py",
            "src/notes.md",
            "LICENSE.txt",
            "tests/README.md",
            "docs/release.md",
        ];
        assert!(!other.into_iter().any(is_document));
    }

    #[test]
    fn a_page_of_one_sure_name_gains_little() {
        let gold = Gold((0..100).map(|at| (format!("name{at}"), 1.0)).collect());
        let page = |count: usize| Page {
            files: BTreeMap::from([(
                "a".to_owned(),
                (0..count).map(|at| (format!("name{at}"), at)).collect(),
            )]),
            ..Page::default()
        };
        let gains = [1, 57, 99].map(|count| gold.gain(&page(count), 1024));
        assert_eq!(gains, [1.0 / 57.0, 1.0, 1.0]);
    }
}
