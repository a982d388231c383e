use std::sync::{OnceLock, PoisonError, RwLock};

use repo_map_model::RepoPath;

use crate::Language;
use crate::query::CompiledQuery;
use crate::rows::{Entry, ROWS};

/// The line with which a user's query begins that takes the place of ours.
const REPLACES: &str = "; replaces";

/// The languages of this build, some of them with queries of a user's own.
///
/// A query is written as those in `crates/tags/queries` are. It adds to the query of its language, unless its
/// first line is `; replaces`. A language with another query is another [`Language`] with the same
/// [`id`](Language::id) and a [`fingerprint`](Language::fingerprint) of its own, so tags that were stored under one are not
/// found under the other.
///
/// ```
/// # #[cfg(feature = "lang-python")] {
/// use repo_map_tags::{LanguageSet, extract};
///
/// let mut set = LanguageSet::default();
/// set.add("python", "; replaces\n(assert_statement (identifier) @reference.call)")?;
/// let python = set.by_id("python").expect("Python is compiled in");
/// let tags = extract(python, b"def ready():\n    assert started\n").tags;
/// assert_eq!((tags.definitions().len(), tags.references().len()), (0, 1));
/// # }
/// # Ok::<(), repo_map_tags::QueryError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LanguageSet {
    queries: Vec<UserQuery>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct UserQuery {
    plain: Language,
    changed: Language,
    text: String,
}

/// A query that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    id: String,
    reason: String,
}

impl LanguageSet {
    /// Gives a language a query, in place of what an earlier call gave it.
    ///
    /// The query and its text are kept as long as the process lives, once however often they are added.
    ///
    /// # Errors
    /// When there is no such language, or the query does not fit its grammar.
    pub fn add(&mut self, id: &str, query: &str) -> Result<(), QueryError> {
        let failed = |reason: String| QueryError { id: id.to_owned(), reason };
        let plain =
            Language::by_id(id).ok_or_else(|| failed("this build has no such language".to_owned()))?;
        let changed = changed(plain, query).map_err(failed)?;
        self.queries.retain(|query| query.plain != plain);
        self.queries.push(UserQuery { plain, changed, text: query.to_owned() });
        self.queries.sort_unstable_by_key(|query| query.plain);
        Ok(())
    }

    /// The language with this id, with the user's query if there is one.
    pub fn by_id(&self, id: &str) -> Option<Language> {
        Language::by_id(id).map(|language| self.of(language))
    }

    /// [`Language::detect`], with the user's query if there is one.
    pub fn detect(&self, path: &RepoPath, bytes: &[u8]) -> Option<Language> {
        Language::detect(path, bytes).map(|language| self.of(language))
    }

    /// Every language, ordered by id.
    pub fn all(&self) -> impl ExactSizeIterator<Item = Language> {
        Language::all().map(|language| self.of(language))
    }

    /// The user's queries with the ids of their languages, ordered by id.
    pub fn queries(&self) -> impl ExactSizeIterator<Item = (&'static str, &str)> {
        self.queries.iter().map(|query| (query.plain.id(), query.text.as_str()))
    }

    fn of(&self, language: Language) -> Language {
        let query = self.queries.iter().find(|query| query.plain == language);
        query.map_or(language, |query| query.changed)
    }
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the query for {}: {}", self.id, self.reason)
    }
}

impl std::error::Error for QueryError {}

/// Rows with other queries, behind those of the table. Only ever grows: a [`Language`] is a place in it.
static CHANGED: RwLock<Vec<&'static Entry>> = RwLock::new(Vec::new());

/// The row of a place behind the table.
pub(crate) fn changed_entry(place: usize) -> &'static Entry {
    CHANGED.read().unwrap_or_else(PoisonError::into_inner)[place]
}

/// The language with this query; the same for the same query.
fn changed(plain: Language, query: &str) -> Result<Language, String> {
    let replaces = query.lines().next().is_some_and(|line| line.trim_end() == REPLACES);
    let ours: &'static [&'static str] = if replaces { &[] } else { plain.row().query };
    let parts: Vec<&str> = ours.iter().copied().chain([query]).collect();
    let grammar = plain.parser_language().ok_or("no grammar reads it, so no query can")?;
    let compiled = CompiledQuery::new(&grammar, &parts)?;

    let mut entries = CHANGED.write().unwrap_or_else(PoisonError::into_inner);
    let known = entries.iter().position(|entry| entry.row.id == plain.id() && entry.row.query == parts);
    let place = known.unwrap_or_else(|| {
        let own: &'static str = Box::leak(query.into());
        let row = Box::leak(Box::new(plain.row().clone()));
        row.query = Box::leak(ours.iter().copied().chain([own]).collect());
        row.beside &= !replaces;
        let entry = Entry { row, compiled: OnceLock::from(compiled), fingerprint: OnceLock::new() };
        entries.push(Box::leak(Box::new(entry)));
        entries.len() - 1
    });
    u16::try_from(ROWS.len() + place).map(Language::at_place).map_err(|_| "too many queries".to_owned())
}

#[cfg(test)]
#[cfg(feature = "lang-python")]
mod tests {
    use super::*;
    use crate::extract;

    const SOURCE: &[u8] = b"def ready():\n    assert started\n";

    fn counts(query: &str) -> (usize, usize) {
        let mut set = LanguageSet::default();
        set.add("python", query).unwrap();
        let tags = extract(set.by_id("python").unwrap(), SOURCE).tags;
        (tags.definitions().len(), tags.references().len())
    }

    #[test]
    fn a_query_adds_or_replaces() {
        assert_eq!(counts("(assert_statement (identifier) @reference.call)"), (1, 1));
        assert_eq!(counts("; replaces\n(assert_statement (identifier) @reference.call)"), (0, 1));
        assert_eq!(counts(""), (1, 0));
        assert_eq!(counts("; replaces"), (0, 0));
    }

    #[test]
    fn tags_of_different_queries_have_different_keys() {
        let set = |query: &str| {
            let mut set = LanguageSet::default();
            set.add("python", query).unwrap();
            set
        };
        let (one, two) = (set("(identifier) @reference.call"), set("(identifier) @reference.type"));
        let plain = Language::by_id("python").unwrap();
        let fingerprints =
            [plain, one.by_id("python").unwrap(), two.by_id("python").unwrap()].map(Language::fingerprint);
        assert!(fingerprints[0] != fingerprints[1] && fingerprints[1] != fingerprints[2]);
        assert_eq!(set("(identifier) @reference.call").by_id("python"), one.by_id("python"));
        assert_eq!(one.queries().collect::<Vec<_>>(), [("python", "(identifier) @reference.call")]);
        let path = RepoPath::new("a.py").unwrap();
        assert_eq!(one.detect(&path, SOURCE), one.by_id("python"));
        assert_eq!(one.by_id("python").unwrap().id(), "python");
        assert_eq!(one.all().len(), Language::all().len());
    }

    #[test]
    fn a_query_that_does_not_fit_is_refused() {
        for query in [
            "(no_such_kind) @reference.call",
            "(identifier) @no.such.role",
            "(identifier",
            ")",
            "\"if\" @name",
            "(identifier (#bad))",
        ] {
            assert!(LanguageSet::default().add("python", query).is_err(), "{query}");
        }
        let error = LanguageSet::default().add("klingon", "").unwrap_err();
        assert_eq!(error.to_string(), "the query for klingon: this build has no such language");
    }
}
