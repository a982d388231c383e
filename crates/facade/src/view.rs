//! The maps of one request at several budgets, and why each row is there: what a person looks at.

use std::collections::{HashMap, HashSet};

use repo_map_model::{FileTags, RepoPath};
use repo_map_ranking::FileId;
use repo_map_render::{RenderedFile, path_line};

use crate::confidence::Confidence;
use crate::explain::{ExplainedDefinition, Verdict, WeighedSignal};
use crate::index::Index;
use crate::order::{Order, OrderedDefinition};
use crate::skipped_file::SkippedFile;

/// The best definitions, of which a view tells.
pub(crate) const MOST_DEFINITIONS: usize = 40_000;

/// The best files of which a view has the signals, beside those of its pages.
const MOST_FILES: usize = 2_000;

/// The maps of one request at several budgets, with the order of all files that they were taken from.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct View {
    /// As [`Explanation::occasion`](crate::Explanation::occasion).
    pub occasion: &'static str,
    /// The signals of files, in the order of [`ViewedFile::values`].
    pub file_signals: Vec<WeighedSignal>,
    /// The signals of definitions, in the order of [`ExplainedDefinition::values`].
    pub definition_signals: Vec<WeighedSignal>,
    /// Every file of the tree, best first.
    pub files: Vec<ViewedFile>,
    /// The maps, in the order of the budgets that were asked for.
    pub pages: Vec<ViewedPage>,
    /// The files that were passed over, and those of [`files`](Self::files) that have no tags, with the cause.
    pub skipped: Vec<SkippedFile>,
    /// The tokenizer that pages are counted in.
    pub tokenizer: String,
    /// How sure it is that anything here matches the task, where there is one.
    pub confidence: Option<Confidence>,
    /// What the caller should know.
    pub notices: Vec<String>,
}

/// One file in a [`View`]. Its place is its position there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ViewedFile {
    /// Where it is.
    pub path: RepoPath,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its chance, or its share of the walk over references.
    pub chance: f64,
    /// It is a chat file: no page has it.
    pub is_in_chat: bool,
    /// Pages without a task name it first, whatever its chance: a README, a manifest.
    pub is_important: bool,
    /// How many definitions it has.
    pub definition_count: usize,
    /// What each signal says; empty for files that are on no page and not among the best 2,000.
    pub values: Vec<f32>,
    /// Those of its definitions that are among the best 40,000 of the tree, best first. The verdict is [`Verdict::Shown`] for those that a page
    /// shows; the others have no values.
    pub definitions: Vec<ExplainedDefinition>,
}

/// One map of a [`View`]: byte for byte what [`RepoMapper::map`](crate::RepoMapper::map) gives for its budget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ViewedPage {
    /// The ceiling that was asked for.
    pub budget: usize,
    /// The size of the text.
    pub tokens_used: usize,
    /// The map.
    pub text: String,
    /// What each line of the text stands for.
    pub lines: Vec<ViewedLine>,
}

/// What a line of a page stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ViewedLine {
    /// The position of its file in [`View::files`]; `None` for what stands around files.
    pub file: Option<usize>,
    /// The line of the file that it quotes, from 0; `None` for the file's path, and for marks.
    pub line: Option<u32>,
}

/// The files of an order by their path.
pub(crate) struct Places<'a>(HashMap<&'a str, usize>);

impl<'a> Places<'a> {
    pub(crate) fn of(index: &'a Index, order: &Order) -> Self {
        let corpus = index.corpus();
        Self(order.files().zip(0..).map(|((file, _), at)| (corpus.path(file).as_str(), at)).collect())
    }

    /// What the lines of a page stand for. Rows keep their order in every format, and nothing else looks like one; a file's path stands before its
    /// rows.
    pub(crate) fn lines(&self, text: &str, files: &[RenderedFile]) -> Vec<ViewedLine> {
        let mut files = files.iter();
        let mut next = files.next();
        let (mut current, mut rows) = (None, [].iter());
        let line = |text: &str| {
            if let Some(of) = next.filter(|of| names(text, &of.path)) {
                current = self.0.get(of.path.as_str()).copied();
                rows = of.rows.iter();
                next = files.next();
                return ViewedLine { file: current, line: None };
            }
            match rows.as_slice().first() {
                Some(&line) if repo_map_render::is_row(text) => {
                    rows.next();
                    ViewedLine { file: current, line }
                }
                _ => ViewedLine::default(),
            }
        };
        text.lines().map(line).collect()
    }
}

/// Whether a line is the one that names a file, in any format.
fn names(line: &str, path: &RepoPath) -> bool {
    let told = path_line(path.as_str());
    let is = |line: &str| line == told || line.strip_suffix(':').is_some_and(|line| line == told);
    let in_code = || line.strip_prefix('`').and_then(|line| line.strip_suffix('`'));
    let in_list = || line.strip_prefix("- ");
    let in_tag = || {
        let rest = line.strip_prefix("<file path=\"")?;
        rest.strip_suffix("\"/>").or_else(|| rest.strip_suffix("\">"))
    };
    is(line)
        || in_code().is_some_and(|line| line == told)
        || in_list().is_some_and(|line| line == told)
        || in_tag().is_some_and(|line| line == repo_map_render::attribute(&told))
}

/// Every file of an order, and its best definitions.
pub(crate) fn files(
    index: &Index,
    order: &Order,
    chat: &[RepoPath],
    important: &[RepoPath],
    pages: &[Vec<RenderedFile>],
    tags: impl Fn(&RepoPath) -> FileTags,
) -> Vec<ViewedFile> {
    let corpus = index.corpus();
    let mut shown: HashMap<&RepoPath, HashSet<u32>> = HashMap::new();
    for of in pages.iter().flatten() {
        shown.entry(&of.path).or_default().extend(&of.definitions);
    }
    let mut places: HashMap<FileId, usize> = HashMap::new();
    let file = |(at, (file, chance)): (usize, (FileId, f64))| {
        let path = corpus.path(file);
        places.insert(file, at);
        let has_values = at < MOST_FILES || shown.contains_key(path);
        ViewedFile {
            path: path.clone(),
            bytes: index.bytes(path.as_str()),
            chance,
            is_in_chat: chat.binary_search(path).is_ok(),
            is_important: important.contains(path),
            definition_count: index.definitions(path.as_str()),
            values: if has_values { order.file_values(at) } else { Vec::new() },
            definitions: Vec::new(),
        }
    };
    let mut files: Vec<ViewedFile> = order.files().enumerate().map(file).collect();
    let mut read: HashMap<FileId, FileTags> = HashMap::new();
    for (at, of) in order.definitions().enumerate().take(MOST_DEFINITIONS) {
        let OrderedDefinition { file, definition, score, known_for_chat } = of;
        let Some(viewed) = places.get(&file).and_then(|&at| files.get_mut(at)) else { continue };
        let tags = read.entry(file).or_insert_with(|| tags(&viewed.path));
        let Some(of) = tags.definitions().get(definition as usize) else { continue };
        let is_shown = shown.get(&viewed.path).is_some_and(|shown| shown.contains(&definition));
        viewed.definitions.push(ExplainedDefinition {
            name: corpus.definition_name(file, definition).unwrap_or_default().to_owned(),
            kind: of.kind,
            line: of.line,
            rank: at + 1,
            chance: score,
            known_for_chat,
            verdict: if is_shown { Verdict::Shown } else { Verdict::OverBudget },
            values: if is_shown { order.definition_values(at) } else { Vec::new() },
        });
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_alike_in_every_format() {
        let path = RepoPath::new("src/a \"b\".rs").unwrap();
        for line in [
            "src/a \"b\".rs",
            "src/a \"b\".rs:",
            "- src/a \"b\".rs",
            "`src/a \"b\".rs`",
            "<file path=\"src/a &quot;b&quot;.rs\">",
            "<file path=\"src/a &quot;b&quot;.rs\"/>",
        ] {
            assert!(names(line, &path), "{line}");
        }
        for line in ["src/a", "src/a \"b\".rs/: 3 files, Rust", "│src/a \"b\".rs", ""] {
            assert!(!names(line, &path), "{line}");
        }
    }
}
