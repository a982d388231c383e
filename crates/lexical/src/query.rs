use ahash::{HashMap, HashSet};

use crate::build::head;
use crate::mention::{PathMention, dotted_name, is_border, is_quoted_name, path_mention};
use crate::scope::scope;
use crate::term::Term;
use crate::text::{Place, Said, cleaned, parted, places, said};
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
    places: Vec<Place>,
    dotted: Vec<String>,
    quoted: Vec<String>,
    identifiers: Vec<Identifier>,
    words: Vec<QueryWord>,
    scope: Vec<Vec<String>>,
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
    /// What its occurrences weigh together; 1 for a word that stands once in the body of the task, less in long output of programs.
    pub weight: f32,
}

/// More different words than that are a document, not a task: the weightiest are kept.
const MAX_WORDS: usize = 1_024;
const MAX_IDENTIFIERS: usize = 1_024;
const MAX_PATHS: usize = 1_024;
/// Of dotted names, and of quoted ones.
const MAX_NAMES: usize = 128;

/// How much a plain word counts as the name of a definition.
const PLAIN: f32 = 0.3;

impl Query {
    /// The most bytes of a task that are read.
    pub const MAX_BYTES: usize = 1_000_000;

    /// Reads a task: prose, a commit message, an issue, a stack trace. Cost: linear in the text.
    ///
    /// The first line counts double: it is the title. A word that occurs often counts with the logarithm. Long output of programs counts
    /// once. The forms of issue trackers (comments, headings with nothing below) count nothing. Links to files of code hosts, frames of traces and hunks
    /// of diffs are [places](Self::places); names and paths end where a script without spaces begins; other links, mail addresses and trailers (`Signed-off-by: …`) say where a change was talked about, not what
    /// it touches: they are left out.
    pub fn parse(task: &str) -> Self {
        Self::parse_with(task, &[])
    }

    /// The same with names and paths that are meant as code, whatever characters they have: what a conversation mentions beside its
    /// task.
    ///
    /// ```
    /// use repo_map_lexical::Query;
    ///
    /// let query = Query::parse_with("fix it", &["open` `close", "Session"]);
    /// let names: Vec<_> = query.identifiers().iter().map(|identifier| identifier.name.as_str()).collect();
    /// assert_eq!(names, ["open", "close", "Session"]);
    /// ```
    pub fn parse_with(task: &str, mentions: &[&str]) -> Self {
        let text = head(task, Self::MAX_BYTES);
        let mut query = Self { truncated: text.len() < task.len(), ..Self::default() };
        let text = cleaned(text);
        let text = &*parted(&text);
        query.places = places(text);
        query.read_paths(text, mentions);
        let mut said = said(text);
        // Without a task they are what it is about.
        let uses = if said.is_empty() { 2.0 } else { 1.0 };
        let mentioned = mentions.iter().flat_map(|mention| tokens(mention));
        said.extend(mentioned.map(|token| Said { token, is_code: true, uses }));
        query.read_identifiers(&said);
        query.read_words(&said);
        query.scope = scope(text.trim_start().lines().next().unwrap_or_default());
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

    /// Places in files: links, paths with lines, frames and hunks. Those of one trace stand together, the innermost first.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Dotted names that are no file names, each once: modules, perhaps, or what is in them.
    pub(crate) fn dotted(&self) -> &[String] {
        &self.dotted
    }

    /// Short names between quotes, each once: values that may be called like a module.
    pub(crate) fn quoted(&self) -> &[String] {
        &self.quoted
    }

    /// Names that may be definitions, each once, code before plain words, else in the order of the task.
    pub fn identifiers(&self) -> &[Identifier] {
        &self.identifiers
    }

    /// The words, each once, heaviest first, else in the order of the task.
    pub fn words(&self) -> &[QueryWord] {
        &self.words
    }

    /// The places that labels before the title name, each with its different words: `tsdb` and `wal` of
    /// `tsdb/wal: keep the last segment`, one of `ssr` and one of `css` of `fix(ssr, css): …`. What such a label says of the
    /// kind of change (`docs`, the types of Conventional Commits) is no place.
    pub fn scope(&self) -> &[Vec<String>] {
        &self.scope
    }

    fn read_paths(&mut self, text: &str, mentions: &[&str]) {
        let mut known = HashSet::default();
        let mut names = HashSet::default();
        let base = text.as_ptr() as usize;
        let chunks = text.split(is_border).filter(|chunk| !chunk.is_empty());
        for chunk in chunks.chain(mentions.iter().copied()) {
            if let Some(mention) = path_mention(chunk) {
                if self.paths.len() < MAX_PATHS && known.insert((mention.path.clone(), mention.line)) {
                    self.paths.push(mention);
                }
                continue;
            }
            if let Some(name) = dotted_name(chunk) {
                if self.dotted.len() < MAX_NAMES && names.insert(name) {
                    self.dotted.push(name.to_owned());
                }
                continue;
            }
            // Mentions are not part of the text.
            let Some(start) = (chunk.as_ptr() as usize).checked_sub(base).filter(|start| *start < text.len())
            else {
                continue;
            };
            let before = text[..start].chars().next_back();
            let after = text[start + chunk.len()..].chars().next();
            let is_quoted = before == after && matches!(after, Some('"' | '\''));
            if is_quoted && is_quoted_name(chunk) && self.quoted.len() < MAX_NAMES && names.insert(chunk) {
                self.quoted.push(chunk.to_owned());
            }
        }
    }

    fn read_identifiers(&mut self, said: &[Said<'_>]) {
        let mut known: HashMap<&str, usize> = HashMap::default();
        for &Said { token, is_code, uses } in said {
            if token.chars().nth(2).is_none() || token.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let weight = match is_code {
                true => 1.0,
                false if crate::stop::is_stop(token) => continue,
                false => PLAIN,
            } * uses.min(1.0);
            let at = *known.entry(token).or_insert_with(|| {
                self.identifiers.push(Identifier { name: token.to_owned(), weight });
                self.identifiers.len() - 1
            });
            self.identifiers[at].weight = self.identifiers[at].weight.max(weight);
        }
        self.identifiers.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        self.identifiers.truncate(MAX_IDENTIFIERS);
    }

    fn read_words(&mut self, said: &[Said<'_>]) {
        let mut known: HashMap<Term, usize> = HashMap::default();
        let mut splitter = Splitter::default();
        // What people say of a word, and what programs print of it.
        let mut all: Vec<(f32, f32)> = Vec::new();
        for &Said { token, uses, .. } in said {
            splitter.split(token, &mut |word| {
                let at = *known.entry(Term::new(word)).or_insert_with(|| {
                    self.words.push(QueryWord { text: word.to_owned(), weight: 0.0 });
                    all.push((0.0, 0.0));
                    self.words.len() - 1
                });
                let (people, programs) = &mut all[at];
                *(if uses < 1.0 { programs } else { people }) += uses;
            });
        }
        for (word, (people, programs)) in self.words.iter_mut().zip(all) {
            let uses: f32 = people + programs.min(1.0);
            word.weight = if uses < 1.0 { uses } else { 1.0 + uses.ln() };
        }
        self.words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        self.words.truncate(MAX_WORDS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(task: &str) -> Vec<String> {
        Query::parse(task).words.into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn people_and_places_of_talk_are_no_words() {
        let task = "reset the timer\n\nSee https://example.org/tracker/9 or ann@example.org\n\nReviewed-by: Ann Other\n";
        assert_eq!(words(task), ["reset", "timer", "see"]);
        assert!(Query::parse(task).paths().is_empty());
    }

    #[test]
    fn the_title_weighs_more_and_repetition_little() {
        let query = Query::parse("cache\n\nlock lock lock lock lock lock lock lock disk");
        let weights: Vec<_> = query.words().iter().map(|word| (word.text.as_str(), word.weight)).collect();
        assert_eq!(weights, [("lock", 1.0 + 8.0_f32.ln()), ("cach", 1.0 + 2.0_f32.ln()), ("disk", 1.0)]);
    }

    #[test]
    fn code_is_told_from_prose() {
        let query =
            Query::parse("opening `pool` with max_size via Pool::grow, drop() or HttpPool fails for 12345");
        let code: Vec<_> =
            query.identifiers().iter().filter(|id| id.weight == 1.0).map(|id| id.name.as_str()).collect();
        assert_eq!(code, ["pool", "max_size", "Pool", "grow", "drop", "HttpPool"]);
        let plain: Vec<_> = query.identifiers()[6..].iter().map(|id| id.name.as_str()).collect();
        assert_eq!(plain, ["opening", "fails"]);
    }

    #[test]
    fn names_and_paths_between_words_of_another_script_are_read() {
        let query =
            Query::parse("修复Blueprint注册：在src/app.py:12处，调用open_pool()时失败（见`Session`）");
        let names: Vec<_> =
            query.identifiers().iter().filter(|id| id.name.is_ascii()).map(|id| &*id.name).collect();
        assert_eq!(names, ["open_pool", "Session", "Blueprint", "src", "app"]);
        assert_eq!(query.paths()[0].path, "src/app.py");
        assert_eq!(query.places()[0].lines, Some((12, 12)));
        assert!(words("反序列化失败").iter().any(|word| words("支持反序列化的类型").contains(word)));
    }

    #[test]
    fn mentions_are_code_whatever_the_task_leaves_open() {
        let query = Query::parse_with("`open\n```\nfence", &["grow", "src/pool.rs", "a`b"]);
        let weight = |name: &str| query.identifiers().iter().find(|id| id.name == name).map(|id| id.weight);
        assert_eq!([weight("grow"), weight("pool"), weight("fence")], [Some(1.0), Some(1.0), Some(PLAIN)]);
        assert_eq!(query.paths()[0].path, "src/pool.rs");
        let alone = Query::parse_with(" ", &["grow"]);
        assert_eq!(alone.words()[0].weight, Query::parse("grow").words()[0].weight);
    }

    #[test]
    fn stack_traces_name_their_files() {
        let query =
            Query::parse("  File \"/srv/app/views.py\", line 7, in show\n    at run (lib/run.mjs:10:5)\n");
        let paths: Vec<_> =
            query.paths().iter().map(|mention| (mention.path.as_str(), mention.line)).collect();
        assert_eq!(paths, [("srv/app/views.py", None), ("lib/run.mjs", Some(10))]);
    }

    #[test]
    fn a_long_task_is_cut_between_characters() {
        assert!(Query::parse("").is_empty() && Query::parse(" \n").is_empty());
        let query = Query::parse(&"ä".repeat(Query::MAX_BYTES));
        assert!(query.is_truncated());
        assert!(!Query::parse(&"a ".repeat(Query::MAX_BYTES / 2)).is_truncated());
        let many: String = (0..20_000).map(|word| format!("word{word} ")).collect();
        assert!(Query::parse(&many).words().len() <= MAX_WORDS);
    }

    /// Whatever is read at each place of such texts has to be bounded.
    #[test]
    fn texts_of_one_kind_of_thing_are_read_once() {
        const LENGTH: usize = Query::MAX_BYTES / 8;
        for piece in [
            "(",
            "a.c:1",
            "://",
            "#L1",
            "a/",
            "@@ -1 +1 @@\n",
            "\"'",
            "<!--",
            "File \"",
            "a.",
            "](",
            "```\n",
            "at ",
            "# \n",
            "%2",
            "::",
        ] {
            let query = Query::parse(&piece.repeat(LENGTH / piece.len()));
            assert!(query.places().len() <= 3 * MAX_PATHS && query.words().len() <= MAX_WORDS, "{piece}");
        }
        let bytes: Vec<u8> = (0..LENGTH).map(|at| (at * 31 % 251) as u8).collect();
        Query::parse(&String::from_utf8_lossy(&bytes));
    }
}
