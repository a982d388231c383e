use rustc_hash::FxHashMap;

use crate::build::head;
use crate::mention::{PathMention, path_mention};
use crate::term::Term;
use crate::words::{Splitter, tokens};

/// What a task says, in the forms that the index can look up.
///
/// ```
/// use repo_map_lexical::Query;
///
/// let query = Query::parse("Fix `Session::open` (see src/session.py:42)");
/// assert_eq!(query.paths()[0].path, "src/session.py");
/// assert_eq!(query.paths()[0].line, Some(42));
/// assert_eq!(query.identifiers()[0].name, "Session");
/// assert!(query.words().iter().any(|word| word.text == "session"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Query {
    paths: Vec<PathMention>,
    identifiers: Vec<Identifier>,
    words: Vec<QueryWord>,
    truncated: bool,
}

/// A name that the task may mean as it is written.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Identifier {
    /// The name, without what qualifies it.
    pub name: String,
    /// 1 when it is written as code (`snake_case`, `camelCase`, `call()`, `a::b`, backticks), less for plain words.
    pub weight: f32,
}

/// A word of the task, as [`words`](crate::words) gives it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueryWord {
    /// The word.
    pub text: String,
    /// What its occurrences weigh together; 1 for a word that stands once in the body of the task.
    pub weight: f32,
}

/// More different words than that are a document, not a task: the weightiest are kept.
const MAX_WORDS: usize = 1_024;
const MAX_IDENTIFIERS: usize = 1_024;
const MAX_PATHS: usize = 1_024;

/// How much a plain word counts as the name of a definition.
const PLAIN: f32 = 0.3;

impl Query {
    /// The most bytes of a task that are read.
    pub const MAX_BYTES: usize = 1_000_000;

    /// Reads a task: prose, a commit message, an issue, a stack trace. Cost: linear in the text.
    ///
    /// The first line counts double: it is the title. A word that occurs often counts with the logarithm.
    pub fn parse(task: &str) -> Self {
        let text = head(task, Self::MAX_BYTES);
        let mut query = Self { truncated: text.len() < task.len(), ..Self::default() };
        query.read_paths(text);
        query.read_identifiers(text);
        query.read_words(text);
        query
    }

    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.identifiers.is_empty() && self.words.is_empty()
    }

    /// The task was longer than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// Paths and file names, each once, in the order of the task.
    pub fn paths(&self) -> &[PathMention] {
        &self.paths
    }

    /// Names that may be definitions, each once, code before plain words, else in the order of the task.
    pub fn identifiers(&self) -> &[Identifier] {
        &self.identifiers
    }

    /// The words, each once, heaviest first, else in the order of the task.
    pub fn words(&self) -> &[QueryWord] {
        &self.words
    }

    fn read_paths(&mut self, text: &str) {
        let mut known = FxHashMap::default();
        for chunk in text.split(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '"' | '\'' | '`' | '(' | ')' | '<' | '>' | '[' | ']' | '{' | '}' | ',' | ';' | '|' | '='
                )
        }) {
            let Some(mention) = path_mention(chunk) else { continue };
            if self.paths.len() < MAX_PATHS
                && known.insert((mention.path.clone(), mention.line), ()).is_none()
            {
                self.paths.push(mention);
            }
        }
    }

    fn read_identifiers(&mut self, text: &str) {
        let mut known: FxHashMap<&str, usize> = FxHashMap::default();
        let base = text.as_ptr() as usize;
        for token in tokens(text) {
            if token.chars().nth(2).is_none() || token.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let start = token.as_ptr() as usize - base;
            let weight = match is_code(&text[..start], token, &text[start + token.len()..]) {
                true => 1.0,
                false if crate::stop::is_stop(token) => continue,
                false => PLAIN,
            };
            let at = *known.entry(token).or_insert_with(|| {
                self.identifiers.push(Identifier { name: token.to_owned(), weight });
                self.identifiers.len() - 1
            });
            self.identifiers[at].weight = self.identifiers[at].weight.max(weight);
        }
        self.identifiers.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        self.identifiers.truncate(MAX_IDENTIFIERS);
    }

    fn read_words(&mut self, text: &str) {
        let mut known: FxHashMap<Term, usize> = FxHashMap::default();
        let mut splitter = Splitter::default();
        let title =
            text.trim_start().find('\n').map_or(text.len(), |end| end + text.len() - text.trim_start().len());
        let base = text.as_ptr() as usize;
        for token in tokens(text) {
            let uses = if (token.as_ptr() as usize - base) < title { 2.0 } else { 1.0 };
            splitter.split(token, &mut |word| {
                let at = *known.entry(Term::new(word)).or_insert_with(|| {
                    self.words.push(QueryWord { text: word.to_owned(), weight: 0.0 });
                    self.words.len() - 1
                });
                self.words[at].weight += uses;
            });
        }
        for word in &mut self.words {
            word.weight = 1.0 + word.weight.ln();
        }
        self.words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        self.words.truncate(MAX_WORDS);
    }
}

/// Whether a token is written as code: by its own shape or by what stands around it.
fn is_code(before: &str, token: &str, after: &str) -> bool {
    let inner = token.trim_matches('_');
    let snake = inner.contains('_') || (inner.len() < token.len() && !inner.is_empty());
    let camel = inner.chars().skip(1).any(char::is_uppercase) && inner.chars().any(char::is_lowercase);
    let quoted = before.ends_with('`') || after.starts_with('`');
    let called = after.starts_with("()")
        || after.starts_with("::")
        || before.ends_with("::")
        || before.ends_with("->");
    snake || camel || quoted || called
}
