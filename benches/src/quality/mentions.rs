//! What a front end like aider takes a message to mention, by the rules of its `base_coder`.

use std::collections::{BTreeMap, BTreeSet};

use repo_map_cache::RepoPath;

/// Every run of word characters.
pub(crate) fn identifiers(message: &str) -> BTreeSet<&str> {
    message.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// Files whose path or unique file name stands in the message, or whose stem is one of its identifiers.
pub(crate) fn files<'p>(
    message: &str,
    paths: impl Iterator<Item = &'p str>,
    chat: Option<&str>,
) -> BTreeSet<&'p str> {
    let words: BTreeSet<&str> = message
        .split_whitespace()
        .map(|word| word.trim_end_matches([',', '.', '!', ';', ':', '?']))
        .map(|word| word.trim_matches(['"', '\'', '`', '*', '_']))
        .collect();
    let stems: BTreeSet<String> = identifiers(message)
        .into_iter()
        .filter(|word| word.chars().count() >= 5)
        .map(str::to_lowercase)
        .collect();
    let chat_name = chat.and_then(|path| path.rsplit('/').next());
    let mut found = BTreeSet::new();
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths {
        let Ok(repo_path) = RepoPath::new(path) else { continue };
        if stems.contains(&repo_path.stem().to_lowercase()) {
            found.insert(path);
        }
        if Some(path) == chat {
            continue;
        }
        if words.contains(path) {
            found.insert(path);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.contains(['.', '_', '-']) {
            by_name.entry(name).or_default().push(path);
        }
    }
    let named = by_name.iter().filter(|(name, _)| words.contains(*name) && Some(**name) != chat_name);
    found.extend(named.filter(|(_, paths)| paths.len() == 1).map(|(_, paths)| paths[0]));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_unique_names_and_stems() {
        let tree = ["src/engine.py", "src/a/util.py", "src/b/util.py", "lib/main.c", "setup.py"];
        let check = |message: &str, expected: &[&str]| {
            assert_eq!(files(message, tree.iter().copied(), None).into_iter().collect::<Vec<_>>(), expected);
        };
        check("Fix `src/a/util.py`, and setup.py.", &["setup.py", "src/a/util.py"]);
        check("util.py is ambiguous", &[]);
        check("the ENGINE stalls, main does not", &["src/engine.py"]);
        assert!(files("in main.c", tree.iter().copied(), Some("lib/main.c")).is_empty());
        assert_eq!(identifiers("a_b(c), d-e").into_iter().collect::<Vec<_>>(), ["a_b", "c", "d", "e"]);
    }
}
