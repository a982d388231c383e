//! Why a map is as it is, as data.

use std::collections::{BTreeMap, HashMap};

use repo_map_model::{DefinitionKind, FileTags, RepoPath};
use repo_map_ranking::{FileId, SignalShare};
use repo_map_render::{Rendered, escaped};

use crate::confidence::Confidence;
use crate::index::Index;
use crate::order::{Order, OrderedDefinition};
use crate::records::ArchivedTagRecord;
use crate::store::TagStore;

/// Which files and definitions an [`Explanation`] speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Target {
    /// A file of the repository, from its root.
    pub path: String,
    /// A definition in it; `None` for the file.
    pub name: Option<String>,
    /// As it was written.
    text: String,
}

/// What each signal gave to files and definitions.
///
/// A chance is proportional to the exponential of the sum of values times weights: a signal whose product is 0.7
/// doubles it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// Which weights were used: of a task, of chat files, of both, of neither (`overview`); or that `references` alone order the files, as in aider.
    pub occasion: &'static str,
    /// The signals of files, in the order of [`ExplainedFile::values`].
    pub file_signals: Vec<WeighedSignal>,
    /// The signals of definitions, in the order of [`ExplainedDefinition::values`].
    pub definition_signals: Vec<WeighedSignal>,
    /// The files that were asked for, best first.
    pub files: Vec<ExplainedFile>,
    /// How sure it is that anything here matches the task, where there is one.
    pub confidence: Option<Confidence>,
    /// What the caller should know: targets that are not there.
    pub notices: Vec<String>,
}

/// A signal and its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct WeighedSignal {
    /// Its name.
    pub name: &'static str,
    /// What a value of 1 adds to the logarithm of the chance.
    pub weight: f32,
    /// What the signal measures, in a sentence.
    pub says: &'static str,
}

/// One file's part in an [`Explanation`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedFile {
    /// Where it is.
    pub path: RepoPath,
    /// Its place among all files, from 1.
    pub rank: usize,
    /// Its chance, or its share of the walk over references.
    pub chance: f64,
    /// Whether it is in the map, and why not.
    pub verdict: Verdict,
    /// What each signal says, mostly from 0 to 1.
    pub values: Vec<f32>,
    /// Those of its definitions that were asked for and weighed, best first.
    pub definitions: Vec<ExplainedDefinition>,
}

/// One definition's part in an [`Explanation`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedDefinition {
    /// Its name.
    pub name: String,
    /// What it defines.
    pub kind: DefinitionKind,
    /// The line of its name, from 0.
    pub line: u32,
    /// Its place among all definitions, from 1.
    pub rank: usize,
    /// Its chance, or its share of the walk over references.
    pub chance: f64,
    /// Beside chat files a map serves two needs. This part of the chance is there because one must know the definition to write in the chat
    /// files; the rest because it will be edited with them. `None` without chat files. [`values`](Self::values) tell of the rest.
    pub known_for_chat: Option<f32>,
    /// Whether the map shows it, and why not.
    pub verdict: Verdict,
    /// What each signal says, mostly from 0 to 1.
    pub values: Vec<f32>,
}

/// Whether something is in the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// It is.
    Shown,
    /// It is a chat file, or of one: the caller has it in full.
    InChat,
    /// Others gain more for the tokens that there are.
    OverBudget,
}

impl Target {
    /// A target as it is written: `PATH`, or `PATH:NAME` for a definition. Of `Type::method` the last name counts. Where a
    /// path of the repository has colons of its own, the mapper takes the reading that there is a file for.
    pub fn parse(text: &str) -> Self {
        let (path, name) = readings(text).nth(1).unwrap_or((text, None));
        Self { path: path.to_owned(), name: name.map(ToOwned::to_owned), text: text.to_owned() }
    }

    /// The file of the first reading that has one, and the name in it.
    fn find(&self, known: impl Fn(&str) -> Option<RepoPath>) -> Option<(RepoPath, Option<&str>)> {
        readings(&self.text).find_map(|(path, name)| Some((known(path)?, name)))
    }
}

/// What a text may mean: a path, or a path and a name at each of its colons.
fn readings(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    // The letter of a drive belongs to the path.
    let is_drive = matches!(text.as_bytes(), [b'A'..=b'Z' | b'a'..=b'z', b':', b'/' | b'\\', ..]);
    let colons = text.match_indices(':').filter(move |(at, _)| !is_drive || *at > 1);
    let split = colons.filter_map(|(at, _)| {
        let (path, name) = (&text[..at], &text[at + 1..]);
        let name = name.rsplit("::").next().unwrap_or(name);
        (!path.is_empty() && !name.is_empty()).then_some((path, Some(name)))
    });
    std::iter::once((text, None)).chain(split)
}

impl Verdict {
    /// The word that listings and JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::InChat => "in chat",
            Self::OverBudget => "over budget",
        }
    }
}

/// A request that was answered, to be asked why.
pub(crate) struct Scene<'a> {
    pub(crate) index: &'a Index,
    pub(crate) store: &'a TagStore,
    pub(crate) order: &'a Order,
    pub(crate) rendered: &'a Rendered,
    pub(crate) chat: &'a [RepoPath],
}

impl Scene<'_> {
    pub(crate) fn explain(
        &self,
        targets: &[Target],
        inside: impl Fn(&str) -> Option<RepoPath>,
    ) -> Explanation {
        let mut explanation = Explanation { occasion: self.order.occasion(), ..Explanation::default() };
        // Names that are asked for, by file; no name asks for all.
        let mut wanted: BTreeMap<RepoPath, Vec<&str>> = BTreeMap::new();
        for target in targets {
            let known = |path: &str| inside(path).filter(|path| self.index.contains(path.as_str()));
            match target.find(known) {
                Some((path, name)) => wanted.entry(path).or_default().extend(name),
                None => explanation
                    .notices
                    .push(format!("{} is not among the files of the map", escaped(&target.path))),
            }
        }
        let is_wanted = |path: &RepoPath| targets.is_empty() || wanted.contains_key(path);
        let corpus = self.index.corpus();
        let files = self.order.files().zip(1..).filter(|((file, _), _)| is_wanted(corpus.path(*file)));
        let mut files: Vec<(FileId, ExplainedFile)> =
            files.map(|((file, chance), rank)| (file, self.file(file, chance, rank))).collect();
        self.signals(&mut explanation, &mut files);
        let places: HashMap<FileId, usize> =
            files.iter().zip(0..).map(|((file, _), at)| (*file, at)).collect();
        let mut tags: HashMap<FileId, FileTags> = HashMap::new();
        for (of_order, rank) in self.order.definitions().zip(1..) {
            let OrderedDefinition { file, definition, score, known_for_chat } = of_order;
            let Some(&at) = places.get(&file) else { continue };
            let explained = &mut files[at].1;
            let name = corpus.definition_name(file, definition).unwrap_or_default();
            let names = wanted.get(&explained.path).map_or(&[][..], Vec::as_slice);
            if !names.is_empty() && !names.contains(&name) {
                continue;
            }
            let tags =
                tags.entry(file).or_insert_with(|| stored_tags(self.index, self.store, &explained.path));
            let Some(of) = tags.definitions().get(definition as usize) else { continue };
            let shown = self.rendered.files.iter().find(|shown| shown.path == explained.path);
            let shown = shown.is_some_and(|shown| shown.definitions.binary_search(&definition).is_ok());
            let verdict = if shown { Verdict::Shown } else { Verdict::OverBudget };
            explained.definitions.push(ExplainedDefinition {
                name: name.to_owned(),
                kind: of.kind,
                line: of.line,
                rank,
                chance: score,
                known_for_chat,
                verdict,
                values: self.order.definition_values(rank - 1),
            });
        }
        for (path, names) in &wanted {
            let found = files.iter().map(|(_, file)| file).find(|file| file.path == *path);
            let has =
                |name: &str| found.is_some_and(|file| file.definitions.iter().any(|of| of.name == name));
            for name in names.iter().filter(|name| !has(name)) {
                let (name, path) = (escaped(name), escaped(path.as_str()));
                explanation.notices.push(format!("no definition {name} of {path} was weighed"));
            }
        }
        explanation.files = files.into_iter().map(|(_, file)| file).collect();
        explanation
    }

    fn file(&self, file: FileId, chance: f64, rank: usize) -> ExplainedFile {
        let path = self.index.corpus().path(file).clone();
        let verdict = if self.chat.contains(&path) {
            Verdict::InChat
        } else if self.rendered.files.iter().any(|shown| shown.path == path) {
            Verdict::Shown
        } else {
            Verdict::OverBudget
        };
        ExplainedFile { path, rank, chance, verdict, values: Vec::new(), definitions: Vec::new() }
    }

    fn signals(&self, explanation: &mut Explanation, files: &mut [(FileId, ExplainedFile)]) {
        (explanation.file_signals, explanation.definition_signals) = file_and_definition_signals(self.order);
        for (_, file) in files {
            file.values = self.order.file_values(file.rank - 1);
        }
    }
}

/// The signals of an order, each with its weight.
pub(crate) fn file_and_definition_signals(order: &Order) -> (Vec<WeighedSignal>, Vec<WeighedSignal>) {
    let weighed = |shares: Vec<SignalShare>| {
        shares
            .into_iter()
            .map(|SignalShare { signal, weight, .. }| WeighedSignal {
                name: signal.as_str(),
                weight,
                says: signal.explanation(),
            })
            .collect()
    };
    match order {
        Order::Walk(_) => {
            let says = "The share of a random walk over references, as in aider.";
            let references = WeighedSignal { name: "references", weight: 1.0, says };
            (vec![references], vec![references])
        }
        Order::Chances(chances) => {
            let (file, definition) = (chances.files.first(), chances.definitions.first());
            (
                file.map_or_else(Vec::new, |first| weighed(chances.file_signals(first))),
                definition.map_or_else(Vec::new, |first| weighed(chances.definition_signals(first))),
            )
        }
    }
}

/// The tags of a file from the store; none where it has them no more.
pub(crate) fn stored_tags(index: &Index, store: &TagStore, path: &RepoPath) -> FileTags {
    let identity = index.identity(path.as_str());
    let record = identity.and_then(|identity| store.tags(identity.language?, &identity.content));
    record.and_then(|record| ArchivedTagRecord::access(&record)?.to_tags()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_files_and_definitions_in_them() {
        let check = |text: &str, path: &str, name: Option<&str>| {
            let target = Target::parse(text);
            assert_eq!((target.path.as_str(), target.name.as_deref()), (path, name), "{text}");
        };
        check("src/queue.rs", "src/queue.rs", None);
        check("src/queue.rs:push", "src/queue.rs", Some("push"));
        check("src/queue.rs:Queue::push", "src/queue.rs", Some("push"));
        check("src/queue.rs:", "src/queue.rs:", None);
        check("a:b.rs:push", "a", Some("b.rs:push"));
        check(":push", ":push", None);
        check("C:/src/queue.rs", "C:/src/queue.rs", None);
        check("C:\\src\\queue.rs:push", "C:\\src\\queue.rs", Some("push"));
    }

    #[test]
    fn a_file_with_colons_in_its_name_can_be_asked_for() {
        let known = |path: &str| RepoPath::new(path).ok().filter(|_| matches!(path, "a:b.rs" | "a" | "C:/x"));
        let found = |text: &str| {
            let target = Target::parse(text);
            target.find(known).map(|(path, name)| (path.as_str().to_owned(), name.map(ToOwned::to_owned)))
        };
        let expected = |path: &str, name: Option<&str>| Some((path.to_owned(), name.map(ToOwned::to_owned)));
        assert_eq!(found("a:b.rs"), expected("a:b.rs", None));
        assert_eq!(found("a:c.rs"), expected("a", Some("c.rs")));
        assert_eq!(found("a:A::b"), expected("a", Some("b")));
        assert_eq!(found("b:b.rs"), None);
        assert_eq!(found("C:/x:y"), expected("C:/x", Some("y")));
    }
}
