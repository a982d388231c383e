//! The folders of a tree that is too large for a page to name something of each: a line a folder, before the definitions.

use std::collections::{HashMap, HashSet};

use repo_map_model::RepoPath;
use repo_map_ranking::{Chances, PathClass, ReferenceGraph};
use repo_map_render::{TokenCounter as _, Tokenizer, path_line, visible};

use crate::index::{Folder, Folders, Index, parent};
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
    let of_folder;
    let folders = match within {
        None => index.folders(graph),
        folder => {
            of_folder = index.folders_in(folder, graph);
            &of_folder
        }
    };
    let with_code = folders.iter().filter(|(path, folder)| !path.is_empty() && folder.own > 0).count();
    if with_code * FOLDER_AND_ROW <= budget - budget / SHARE {
        return String::new();
    }
    let chosen = chosen(folders, (budget / SHARE / TYPICAL_LINE).max(1));
    let nouns = nouns(index, graph, chances, budget, &chosen);
    // Lines add up. Those of the folders with least code find no room first, and one that is too long stops no other.
    let mut room = budget / SHARE;
    let mut lines: Vec<(&str, String)> = Vec::new();
    for path in chosen {
        let nouns = nouns.get(path).map_or(&[][..], Vec::as_slice);
        let line = line(path, &folders[path], nouns);
        let Some(rest) = room.checked_sub(tokenizer.count(&line)) else { continue };
        room = rest;
        lines.push((path, line));
    }
    lines.sort_unstable();
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The folders that have a line, those with most code first: at most so many.
///
/// A folder with more than its part of the code is taken apart; it keeps a line for what lies in it alone where that is such a part too.
fn chosen(folders: &Folders, most: usize) -> Vec<&str> {
    let is_large = |code: usize| code * most > folders[""].code;
    let mut ahead = vec![""];
    let mut chosen: Vec<&str> = Vec::new();
    while let Some(path) = ahead.pop() {
        let folder = &folders[path];
        let parts = || folder.children.iter().map(|child| &**child).filter(|child| folders[*child].code > 0);
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
fn nouns<'a>(
    index: &'a Index,
    graph: &ReferenceGraph,
    chances: &Chances,
    budget: usize,
    chosen: &[&'a str],
) -> HashMap<&'a str, Vec<&'a str>> {
    let (corpus, mut nouns) = (index.corpus(), HashMap::<&str, Vec<&str>>::new());
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
        let Some(&folder) = chosen.get(path) else { continue };
        let of_folder = nouns.entry(folder).or_default();
        if of_folder.len() < NOUNS && !of_folder.contains(&name) {
            of_folder.push(name);
        }
    }
    nouns
}

/// `crates/ranking/: 31 files, Rust; ReferenceGraph, Corpus; What it says of itself.`
fn line(path: &str, folder: &Folder, nouns: &[&str]) -> String {
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
    if !nouns.is_empty() {
        line += "; ";
        line += &visible(&nouns.join(", "));
    }
    if let Some(says) = &folder.says {
        line += "; ";
        line.extend(visible(says).chars().take(SUMMARY));
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Folders with how much code lies in them and below, and how much in them alone.
    fn check(of: &[(&'static str, usize, usize)], most: usize, expected: &[&str]) {
        let mut folders = Folders::new();
        for &(path, code, own) in of {
            let folder = folders.entry(path.into()).or_default();
            (folder.code, folder.own) = (code, own);
            if let Some((parent, _)) = path.rsplit_once('/').or((!path.is_empty()).then_some(("", ""))) {
                folders.entry(parent.into()).or_default().children.push(path.into());
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
            says: Some("Serves requests.".into()),
            ..Folder::default()
        };
        let told = line("net/http", &folder, &["Router", "serve\u{202e}"]);
        assert_eq!(
            told,
            format!("net/http/: 12 files, Go; {}; Serves requests.\n", visible("Router, serve\u{202e}"))
        );
        assert_eq!(line("a", &Folder { files: 1, ..Folder::default() }, &[]), "a/: 1 file\n");
    }
}
