//! The folders of a tree that is too large for a page to name something of each: a line a folder, before the definitions.

use std::collections::{BTreeMap, HashMap, HashSet};

use repo_map_model::RepoPath;
use repo_map_ranking::{Chances, PathClass, ReferenceGraph};
use repo_map_render::{TokenCounter as _, Tokenizer, path_line, visible};

use crate::index::Index;
use crate::order::most_claims;

/// The part of a budget that the lines may take.
const SHARE: usize = 5;

/// What a folder's path, with the row of one definition, takes of a page, in tokens.
const FOLDER_AND_ROW: usize = 22;

/// What a line is taken to cost until it is counted.
const TYPICAL_LINE: usize = 25;

/// So many nouns of a folder are named.
const NOUNS: usize = 3;

/// Longer names say little in a list.
const LONGEST_NOUN: usize = 64;

/// So many characters of what a folder says of itself are printed.
const SUMMARY: usize = 80;

/// What lies in a folder and below it.
#[derive(Default)]
struct Folder<'a> {
    files: usize,
    /// Files of code.
    code: usize,
    /// Files of code that lie in it, not below.
    own: usize,
    languages: BTreeMap<&'static str, usize>,
    children: Vec<&'a str>,
    nouns: Vec<&'a str>,
}

/// A line for each of the folders that hold most of the code, in the order of their paths, each ended with `\n`; empty for a tree of
/// which a page of this budget can name something of each folder.
///
/// The folder with most code is taken apart first, so the lines go deepest where most of the code is.
pub(crate) fn shape(
    index: &Index,
    within: Option<&RepoPath>,
    graph: &ReferenceGraph,
    chances: &Chances,
    budget: usize,
    tokenizer: &Tokenizer,
) -> String {
    let mut folders = folders(index, within, graph);
    let with_code = folders.iter().filter(|(path, folder)| !path.is_empty() && folder.own > 0).count();
    if with_code * FOLDER_AND_ROW <= budget - budget / SHARE {
        return String::new();
    }
    let chosen = chosen(&folders, (budget / SHARE / TYPICAL_LINE).max(1));
    name_nouns(index, graph, chances, budget, &mut folders, &chosen);
    let heads = heads(index);
    // Lines add up. Those of the folders with least code find no room first, and one that is too long stops no other.
    let mut room = budget / SHARE;
    let mut lines: Vec<(&str, String)> = Vec::new();
    for path in chosen {
        let line = line(path, &folders[path], heads.get(path).copied());
        let Some(rest) = room.checked_sub(tokenizer.count(&line)) else { continue };
        room = rest;
        lines.push((path, line));
    }
    lines.sort_unstable();
    lines.into_iter().map(|(_, line)| line).collect()
}

/// All folders: what lies in each is counted where it lies, then handed up once a folder, so that depth costs nothing a file.
fn folders<'a>(
    index: &'a Index,
    within: Option<&RepoPath>,
    graph: &ReferenceGraph,
) -> HashMap<&'a str, Folder<'a>> {
    let mut folders: HashMap<&str, Folder<'_>> = HashMap::from([("", Folder::default())]);
    let mut classes = graph.path_classes().peekable();
    let mut files =
        index.files().filter(|(path, _)| within.is_none_or(|folder| path.is_in(folder))).peekable();
    // Both are sorted by path, and files of a folder stand together but for folders in between: one look-up a run of them.
    while let Some(folder) = files.peek().map(|(path, _)| path.parent()) {
        let of = folders.entry(folder).or_default();
        while let Some((path, file)) = files.next_if(|(path, _)| path.parent() == folder) {
            while classes.next_if(|(other, _)| *other < path).is_some() {}
            let is_source =
                classes.next_if(|(other, _)| *other == path).map(|of| of.1) == Some(PathClass::Source);
            let language = file.language().filter(|language| !language.is_outline() && !language.is_text());
            of.files += 1;
            if let Some(language) = language.filter(|_| is_source) {
                of.own += 1;
                *of.languages.entry(language.name()).or_default() += 1;
            }
        }
    }
    let mut ahead: Vec<&str> = folders.keys().copied().filter(|path| !path.is_empty()).collect();
    while let Some(path) = ahead.pop() {
        let parent = parent(path);
        if !folders.contains_key(parent) {
            ahead.push(parent);
        }
        folders.entry(parent).or_default().children.push(path);
    }
    let mut order: Vec<&str> = folders.keys().copied().collect();
    // Folders below another stand behind it.
    order.sort_unstable();
    for path in order.into_iter().rev() {
        let Some(folder) = folders.get_mut(path) else { continue };
        folder.children.sort_unstable();
        folder.code += folder.own;
        let (files, code, languages) = (folder.files, folder.code, folder.languages.clone());
        if let Some(above) = folders.get_mut(parent(path)).filter(|_| !path.is_empty()) {
            above.files += files;
            above.code += code;
            for (language, count) in languages {
                *above.languages.entry(language).or_default() += count;
            }
        }
    }
    folders
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The folders that have a line, those with most code first: at most so many.
///
/// A folder with more than its part of the code is taken apart; it keeps a line for what lies in it alone where that is such a part too.
fn chosen<'a>(folders: &HashMap<&'a str, Folder<'a>>, most: usize) -> Vec<&'a str> {
    let is_large = |code: usize| code * most > folders[""].code;
    let mut ahead = vec![""];
    let mut chosen: Vec<&str> = Vec::new();
    while let Some(path) = ahead.pop() {
        let folder = &folders[path];
        let parts = || folder.children.iter().copied().filter(|child| folders[*child].code > 0);
        let is_apart = path.is_empty() || (is_large(folder.code) && parts().next().is_some());
        if is_apart {
            ahead.extend(parts());
        }
        if !path.is_empty() && (!is_apart || is_large(folder.own)) {
            chosen.push(path);
        }
    }
    chosen.sort_by(|a, b| folders[*b].code.cmp(&folders[*a].code).then_with(|| a.cmp(b)));
    chosen.truncate(most);
    chosen
}

/// Gives each chosen folder the names of the best definitions that are in no deeper one of them, out of those that a page may show.
fn name_nouns<'a>(
    index: &'a Index,
    graph: &ReferenceGraph,
    chances: &Chances,
    budget: usize,
    folders: &mut HashMap<&'a str, Folder<'a>>,
    chosen: &[&'a str],
) {
    let corpus = index.corpus();
    let chosen: HashSet<&str> = chosen.iter().copied().collect();
    for of in chances.definitions.iter().take(most_claims(budget)) {
        if graph.path_class(of.file) != Some(PathClass::Source) {
            continue;
        }
        let mut path = corpus.path(of.file).parent();
        while !path.is_empty() && !chosen.contains(path) {
            path = parent(path);
        }
        let name = corpus.definition_name(of.file, of.definition);
        let Some(name) = name.filter(|name| name.len() <= LONGEST_NOUN) else { continue };
        if let Some(folder) = folders.get_mut(path)
            && folder.nouns.len() < NOUNS
            && !folder.nouns.contains(&name)
        {
            folder.nouns.push(name);
        }
    }
}

/// What each folder says of itself: its README first, else the first file that speaks for it.
fn heads(index: &Index) -> HashMap<&str, &str> {
    let mut heads: HashMap<&str, &str> = HashMap::new();
    for (path, file) in index.files() {
        let Some(summary) = file.summary() else { continue };
        if is_readme(path) {
            heads.insert(path.parent(), summary);
        } else {
            heads.entry(path.parent()).or_insert(summary);
        }
    }
    heads
}

fn is_readme(path: &RepoPath) -> bool {
    path.file_name().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("readme"))
}

/// `crates/ranking/: 31 files, Rust; ReferenceGraph, Corpus; What it says of itself.`
fn line(path: &str, folder: &Folder<'_>, says: Option<&str>) -> String {
    let mut languages: Vec<(&str, usize)> =
        folder.languages.iter().map(|(name, count)| (*name, *count)).collect();
    languages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let main = languages.iter().take(2).filter(|(_, count)| count * 4 >= folder.code).map(|(name, _)| *name);
    let files = if folder.files == 1 { "file" } else { "files" };
    let mut line = format!("{}/: {} {files}", path_line(path), folder.files);
    for language in main {
        line += ", ";
        line += language;
    }
    if !folder.nouns.is_empty() {
        line += "; ";
        line += &visible(&folder.nouns.join(", "));
    }
    if let Some(says) = says {
        line += "; ";
        line.extend(visible(says).chars().take(SUMMARY));
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folders with how much code lies in them and below, and how much in them alone.
    fn check(of: &[(&'static str, usize, usize)], most: usize, expected: &[&str]) {
        let mut folders: HashMap<&str, Folder<'_>> = HashMap::new();
        for &(path, code, own) in of {
            let folder = folders.entry(path).or_default();
            (folder.code, folder.own) = (code, own);
            if let Some((parent, _)) = path.rsplit_once('/').or((!path.is_empty()).then_some(("", ""))) {
                folders.entry(parent).or_default().children.push(path);
            }
        }
        assert_eq!(chosen(&folders, most), expected);
    }

    #[test]
    fn lines_go_deepest_where_most_of_the_code_is() {
        let tree = [
            ("", 100, 0),
            ("src", 90, 5),
            ("src/net", 50, 50),
            ("src/db", 35, 35),
            ("tools", 8, 8),
            ("docs", 0, 0),
            ("etc", 2, 2),
        ];
        check(&tree, 3, &["src/net", "src/db", "tools"]);
        check(&tree, 30, &["src", "src/net", "src/db", "tools", "etc"]);
        check(&[("", 0, 0)], 5, &[]);
    }

    #[test]
    fn a_parent_is_what_stands_before_the_last_slash() {
        assert_eq!(["a/b/c", "a", ""].map(parent), ["a/b", "", ""]);
    }

    #[test]
    fn a_line_tells_what_a_folder_holds() {
        let folder = Folder {
            files: 12,
            code: 9,
            languages: BTreeMap::from([("C", 1), ("Go", 8)]),
            nouns: vec!["Router", "serve\u{202e}"],
            ..Folder::default()
        };
        let told = line("net/http", &folder, Some("Serves requests."));
        assert_eq!(
            told,
            format!("net/http/: 12 files, Go; {}; Serves requests.\n", visible("Router, serve\u{202e}"))
        );
        assert_eq!(line("a", &Folder { files: 1, ..Folder::default() }, None), "a/: 1 file\n");
    }
}
