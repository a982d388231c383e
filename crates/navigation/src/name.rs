use globset::{GlobBuilder, GlobMatcher};
use repo_map_model::RepoPath;
use repo_map_ranking::{Corpus, Occurrences};

/// What stands between the parts of a qualified name, in any language.
const SEPARATORS: &[&str] = &["::", "->", ".", "#", "/", "\\"];

/// Names like the one that was asked for, that an answer lists.
const MOST_SIMILAR: usize = 8;

/// A name that somebody looks for: `start`, `Engine.start`, `Engine::start`, `*_handler`, `get?`.
///
/// The exact name comes first; where nobody has it, the same in other letters; then names that hold it. A pattern has `*` or `?`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct NameQuery {
    /// The name as written.
    pub name: String,
    /// Only what stands in this folder or file.
    pub within: Option<RepoPath>,
}

/// The names that a query means.
pub(crate) struct Meant {
    /// Where any of them stands.
    pub(crate) found: Occurrences,
    /// The names, sorted: one that is the query's own, or all that are like it.
    pub(crate) names: Vec<String>,
    /// Whether the name is the query's, letter by letter.
    pub(crate) is_exact: bool,
    /// What stands before the name, the last part first: `Engine` of `Engine::start`.
    pub(crate) qualifiers: Vec<String>,
}

impl NameQuery {
    /// A query for a name, a qualified name or a pattern.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), within: None }
    }

    /// The same in a folder or file alone.
    #[must_use]
    pub fn within(mut self, within: Option<RepoPath>) -> Self {
        self.within = within;
        self
    }

    /// Looks the name up.
    pub(crate) fn meant(&self, corpus: &Corpus) -> Meant {
        let name = self.name.trim();
        let of = |names: Vec<String>, qualifiers: &[String], is_exact| Meant {
            found: self.occurrences(corpus, &names),
            names,
            is_exact,
            qualifiers: qualifiers.to_vec(),
        };
        let (marked, around) = marked_parts(name);
        // What is defined under these very letters is meant, also where they are marks elsewhere: `include?`, `save!`, `My.Module`.
        for (exact, qualifiers) in [(name, &[][..]), (marked, &around)] {
            let meant = of(vec![exact.to_owned()], qualifiers, true);
            if !meant.found.definitions.is_empty() {
                return meant;
            }
        }
        let (last, qualifiers) = parts(name);
        let of = |names, is_exact| of(names, &qualifiers, is_exact);
        if let Some(pattern) = pattern(last) {
            return of(sorted(corpus.names(|name| pattern.is_match(name))), false);
        }
        let mut meant = of(vec![last.to_owned()], true);
        if meant.is_nothing() && !last.is_empty() {
            meant = of(sorted(corpus.names(|name| name.eq_ignore_ascii_case(last))), false);
        }
        if meant.is_nothing() && !last.is_empty() {
            meant = of(sorted(corpus.names(|name| has(name, last))), false);
        }
        meant
    }

    /// Names that hold this one and are defined, the shortest first.
    pub(crate) fn similar(&self, corpus: &Corpus) -> Vec<String> {
        let (last, _) = parts(self.name.trim());
        if last.is_empty() || pattern(last).is_some() {
            return Vec::new();
        }
        let mut names = sorted(corpus.names(|name| name != last && has(name, last)));
        names.sort_by_key(|name| name.len());
        let is_defined = |name: &String| {
            !corpus.occurrences([name.as_str()]).definitions.is_empty() && name.len() < 2 * last.len() + 24
        };
        names.into_iter().take(4 * MOST_SIMILAR).filter(is_defined).take(MOST_SIMILAR).collect()
    }

    fn occurrences(&self, corpus: &Corpus, names: &[String]) -> Occurrences {
        let mut found = corpus.occurrences(names.iter().map(String::as_str));
        if let Some(within) = &self.within {
            let is_in = |path: &RepoPath| path == within || path.is_in(within);
            found.definitions.retain(|of| is_in(corpus.path(of.file)));
            found.uses.retain(|of| is_in(corpus.path(of.file)));
        }
        found
    }
}

impl Meant {
    fn is_nothing(&self) -> bool {
        self.found.definitions.is_empty() && self.found.uses.is_empty()
    }

    /// Whether a name of a file is meant.
    pub(crate) fn means(&self, name: &str) -> bool {
        self.names.binary_search_by(|own| own.as_str().cmp(name)).is_ok()
    }
}

/// The last part of a qualified name, and those before it from the last to the first. The marks of a call are no part of it.
pub(crate) fn parts(name: &str) -> (&str, Vec<String>) {
    let (last, before) = marked_parts(name);
    match last.trim_end_matches('!') {
        "" => (last, before),
        bare => (bare, before),
    }
}

/// The same with the mark at its end, which is a part of the name in some languages and that of a macro in others.
fn marked_parts(name: &str) -> (&str, Vec<String>) {
    let mut parts = vec![name.trim_end_matches("()")];
    for separator in SEPARATORS {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    parts.retain(|part| !part.is_empty());
    match parts.pop() {
        Some(last) => (last, parts.into_iter().rev().map(str::to_owned).collect()),
        // An operator: `->`, `/`.
        None => (name, Vec::new()),
    }
}

fn pattern(name: &str) -> Option<GlobMatcher> {
    if !name.contains(['*', '?']) || name.chars().all(|c| !c.is_alphanumeric()) {
        return None;
    }
    Some(GlobBuilder::new(name).build().ok()?.compile_matcher())
}

/// Whether a name holds another one, whatever the case of ASCII letters.
fn has(name: &str, part: &str) -> bool {
    name.len() >= part.len()
        && name.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use repo_map_model::DefinitionKind;

    use super::*;

    fn corpus() -> Corpus {
        let mut corpus = Corpus::new();
        let definitions = ["Engine", "start", "Start", "restart_engine", "EngineStarter", "start_all"];
        let definitions = definitions.map(|name| (name, DefinitionKind::Function, false));
        corpus.set_file(&RepoPath::new("src/a.py").unwrap(), definitions, [("start", 3), ("other", 1)]);
        corpus.set_file(&RepoPath::new("tests/b.py").unwrap(), [], [("start", 1)]);
        corpus
    }

    fn names(name: &str) -> Vec<String> {
        NameQuery::new(name).meant(&corpus()).names
    }

    #[test]
    fn the_exact_name_comes_before_any_case_and_before_parts() {
        assert_eq!(names("start"), ["start"]);
        assert_eq!(names("ENGINE"), ["Engine"]);
        assert_eq!(names("engine_"), Vec::<String>::new());
        assert_eq!(names("starter"), ["EngineStarter"]);
        assert_eq!(names("Engine::start()"), ["start"]);
        assert_eq!(names(""), [""]);
    }

    #[test]
    fn patterns_mean_all_that_fit() {
        assert_eq!(names("start*"), ["start", "start_all"]);
        assert_eq!(names("?tart"), ["Start", "start"]);
        let none: [&str; 0] = [];
        assert_eq!(names("*"), none, "all names are no answer");
        assert_eq!(names("[*"), none, "no pattern at all");
    }

    #[test]
    fn marks_are_a_part_of_the_name_where_it_is_defined_so() {
        let mut corpus = corpus();
        let marked = ["include?", "included", "save!", "save", "My.Module", "value="];
        let marked = marked.map(|name| (name, DefinitionKind::Function, false));
        corpus.set_file(&RepoPath::new("lib/a.rb").unwrap(), marked, []);
        let names = |name: &str| NameQuery::new(name).meant(&corpus).names;
        assert_eq!(names("include?"), ["include?"]);
        assert_eq!(names("includ?d"), ["included"], "a pattern");
        assert_eq!(names("Hash#save!"), ["save!"]);
        assert_eq!(names("start!"), ["start"], "a macro");
        assert_eq!(names("My.Module"), ["My.Module"]);
        assert_eq!(names("value="), ["value="]);
    }

    #[test]
    fn a_folder_bounds_what_is_found() {
        let within = Some(RepoPath::new("tests").unwrap());
        let meant = NameQuery::new("start").within(within).meant(&corpus());
        assert!(meant.found.definitions.is_empty());
        assert_eq!(meant.found.uses.len(), 1);
    }

    #[test]
    fn similar_names_are_defined_and_the_shortest_come_first() {
        let similar = NameQuery::new("start").similar(&corpus());
        assert_eq!(similar, ["Start", "start_all", "EngineStarter", "restart_engine"]);
    }

    #[test]
    fn a_qualified_name_is_taken_apart_in_any_language() {
        let check = |name: &str, last: &str, before: &[&str]| {
            assert_eq!(parts(name), (last, before.iter().map(|part| (*part).to_owned()).collect()), "{name}");
        };
        check("a::b::c", "c", &["b", "a"]);
        check("A.b()", "b", &["A"]);
        check("A#b", "b", &["A"]);
        check("ptr->x", "x", &["ptr"]);
        check("vec!", "vec", &[]);
        check("->", "->", &[]);
        check("start", "start", &[]);
    }
}
