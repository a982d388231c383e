//! What comes first: the thing itself before its prototypes, source before tests, much used before little.

use std::cmp::Reverse;

use repo_map_model::{DefinitionKind, FileTags, RepoPath};
use repo_map_ranking::{Corpus, DefinedAt, PathClass, UsedIn};

use crate::name::Meant;

/// Definitions in the order in which somebody wants them who asked for their name.
pub(crate) fn definitions(corpus: &Corpus, meant: &Meant) -> Vec<DefinedAt> {
    let mut all = meant.found.definitions.clone();
    all.sort_by_cached_key(|of| {
        let path = corpus.path(of.file);
        let name = corpus.definition_name(of.file, of.definition).unwrap_or_default();
        let of_kind = match of.kind {
            kind if kind.is_type() => 0,
            kind if kind.is_callable() => 1,
            DefinitionKind::Module => 3,
            _ => 2,
        };
        let place = (is_private(path), of_kind, depth(path), path.clone(), of.definition);
        (of.standing, class(path), own(name).len(), place)
    });
    all
}

/// Files with uses, those of the source before those of tests, the most uses first.
pub(crate) fn uses(corpus: &Corpus, meant: &Meant) -> Vec<UsedIn> {
    let mut all = meant.found.uses.clone();
    all.sort_by_cached_key(|of| {
        let path = corpus.path(of.file);
        (class(path), Reverse(of.count), path.clone())
    });
    all
}

/// Moves to the front what the qualifiers fit: the names of what a definition stands in, its file or its folders. Where none fits, all stay.
pub(crate) fn qualified(
    definitions: Vec<DefinedAt>,
    qualifiers: &[String],
    mut fits: impl FnMut(&DefinedAt, &[String]) -> bool,
) -> Vec<DefinedAt> {
    if qualifiers.is_empty() {
        return definitions;
    }
    let fitting: Vec<DefinedAt> = definitions.iter().filter(|of| fits(of, qualifiers)).copied().collect();
    if fitting.is_empty() { definitions } else { fitting }
}

/// Whether what stands around a definition has these names, from the inside out: types first, then file and folders.
pub(crate) fn stands_in(tags: &FileTags, definition: u32, path: &RepoPath, qualifiers: &[String]) -> bool {
    let Some(of) = tags.definitions().get(definition as usize).filter(|_| !qualifiers.is_empty()) else {
        return qualifiers.is_empty();
    };
    let mut around: Vec<&str> = Vec::new();
    for (_, scope) in tags.ancestors(of.scope) {
        let holder = tags.definitions().iter().filter(|other| other.line == scope.line);
        around.extend(holder.map(|holder| tags.name(holder.name)));
    }
    let file = path.file_name().split('.').next().unwrap_or_default();
    around.push(file);
    around.extend(path.parent().rsplit('/').filter(|folder| !folder.is_empty()));
    let mut around = around.into_iter();
    qualifiers.iter().all(|wanted| around.any(|name| name.eq_ignore_ascii_case(wanted)))
}

/// What a definition is called by itself, where its name says what it belongs to: `resolve` of `View.prototype.resolve`.
fn own(name: &str) -> &str {
    name.rsplit(['.', ':', '#']).find(|part| !part.is_empty()).unwrap_or(name)
}

/// Whether a file says that it is nobody else's: `_impl.py`, not `__init__.py`.
fn is_private(path: &RepoPath) -> bool {
    let name = path.file_name();
    name.starts_with('_') && !name.starts_with("__")
}

fn class(path: &RepoPath) -> u8 {
    match PathClass::of(path) {
        PathClass::Source => 0,
        PathClass::Example => 1,
        PathClass::Test => 2,
        PathClass::Docs => 3,
        PathClass::Config => 4,
        PathClass::Generated => 5,
        PathClass::Vendored => 6,
        _ => 7,
    }
}

fn depth(path: &RepoPath) -> usize {
    path.as_str().bytes().filter(|byte| *byte == b'/').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_by_itself_has_no_holder() {
        for (name, expected) in
            [("View.prototype.resolve", "resolve"), ("a::b", "b"), ("plain", "plain"), ("..", "..")]
        {
            assert_eq!(own(name), expected);
        }
    }

    #[test]
    fn files_that_begin_with_one_line_are_private() {
        let is = |path| is_private(&RepoPath::new(path).unwrap());
        assert!(is("src/_impl.py") && !is("src/__init__.py") && !is("_src/impl.py"));
    }
}
