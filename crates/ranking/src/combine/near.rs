//! What the path of a file has to do with those of the chat files, and of what the words of the task find.

use repo_map_model::RepoPath;

/// The signals of one path against all chat files.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Nearness {
    /// In the folder of a chat file.
    pub(crate) same_folder: f32,
    /// The share of the folders on both ways that are common, of the nearest chat file.
    pub(crate) near: f32,
    /// Named like a chat file but for its extension and what marks a test.
    pub(crate) same_stem: f32,
    /// How many of the words of both names are common: Dice's coefficient, of the likest chat file.
    pub(crate) shared_words: f32,
    /// With the extension of a chat file.
    pub(crate) same_kind: f32,
}

pub(crate) fn nearness(path: &RepoPath, chat: &[RepoPath]) -> Nearness {
    let mut best = Nearness::default();
    let flag = |is: bool| if is { 1.0 } else { 0.0 };
    for other in chat {
        let (own, others) = (path.parent(), other.parent());
        best.same_folder = best.same_folder.max(flag(own == others));
        best.near = best.near.max(shared_folders(own, others));
        best.same_stem = best.same_stem.max(flag(subject(path.stem()) == subject(other.stem())));
        best.shared_words = best.shared_words.max(shared_words(path.stem(), other.stem()));
        best.same_kind = best.same_kind.max(flag(path.extension() == other.extension()));
    }
    best
}

/// The root of the mass of the others in the folder of each node: what changes together often lies together. `folders` has a
/// number for each node, `mass` a node at most once.
pub(crate) fn beside(folders: &[u32], mass: &[(u32, f64)]) -> Vec<f32> {
    let mut all = vec![0.0; folders.iter().max().map_or(0, |&last| last as usize + 1)];
    for &(node, mass) in mass {
        all[folders[node as usize] as usize] += mass;
    }
    let mut others: Vec<f64> = folders.iter().map(|&folder| all[folder as usize]).collect();
    for &(node, mass) in mass {
        others[node as usize] -= mass;
    }
    others.into_iter().map(|others| others.max(0.0).sqrt() as f32).collect()
}

/// How many of the folders of both ways are common; 1 for two files at the root.
fn shared_folders(a: &str, b: &str) -> f32 {
    let folders = |path: &str| path.split('/').filter(|folder| !folder.is_empty()).count();
    let common = a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b && !a.is_empty()).count();
    dice(common, folders(a) + folders(b)).unwrap_or(1.0)
}

/// How many of the words of both names are common; 0 for two without words.
fn shared_words(a: &str, b: &str) -> f32 {
    let common = words(a).filter(|word| words(b).any(|other| other.eq_ignore_ascii_case(word))).count();
    dice(common, words(a).count() + words(b).count()).unwrap_or(0.0)
}

/// Twice the common ones over those of both; `None` where there are none.
fn dice(common: usize, all: usize) -> Option<f32> {
    (all > 0).then(|| 2.0 * common as f32 / all as f32)
}

/// The words of a name in snake, kebab or camel case, as they stand: what a task is asked for is the lexical stage's, which this one does not know.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.flat_map(|mut rest| {
        std::iter::from_fn(move || {
            let mut pairs = rest.char_indices().zip(rest.chars().skip(1));
            let end = pairs.find(|((_, c), next)| !c.is_uppercase() && next.is_uppercase());
            let (word, others) = rest.split_at(end.map_or(rest.len(), |((at, c), _)| at + c.len_utf8()));
            rest = others;
            (!word.is_empty()).then_some(word)
        })
    })
}

/// The stem without what marks a test, in small letters: `engine` of `test_engine`, `EngineTest` and `engine.spec`.
fn subject(stem: &str) -> String {
    let lower = stem.to_ascii_lowercase();
    let mut rest = lower.as_str();
    for mark in ["test_", "test-"] {
        rest = rest.strip_prefix(mark).unwrap_or(rest);
    }
    for mark in ["_test", "-test", ".test", "_tests", "_spec", ".spec", "tests", "test"] {
        rest = rest.strip_suffix(mark).filter(|rest| !rest.is_empty()).unwrap_or(rest);
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_node_gets_what_the_others_of_its_folder_have(
            nodes in prop::collection::vec((0_u32..4, 0.0_f64..1.0), 0..12),
        ) {
            let folders: Vec<u32> = nodes.iter().map(|node| node.0).collect();
            let mass: Vec<(u32, f64)> = (0..).zip(nodes.iter().map(|node| node.1)).collect();
            let found = beside(&folders, &mass);
            for (at, node) in nodes.iter().enumerate() {
                let others = nodes.iter().enumerate().filter(|(other, of)| *other != at && of.0 == node.0);
                let sum: f64 = others.map(|(_, of)| of.1).sum();
                prop_assert!((f64::from(found[at]).powi(2) - sum).abs() < 1e-5, "{} {sum}", found[at]);
            }
        }
    }

    fn check(path: &str, chat: &str, [same_folder, near, same_stem, shared_words, same_kind]: [f32; 5]) {
        let [path, chat] = [path, chat].map(|text| RepoPath::new(text).unwrap());
        let expected = Nearness { same_folder, near, same_stem, shared_words, same_kind };
        assert_eq!(nearness(&path, std::slice::from_ref(&chat)), expected, "{path} {chat}");
    }

    #[test]
    fn tests_are_named_like_what_they_test() {
        check("tests/test_engine.py", "src/engine.py", [0.0, 0.0, 1.0, 2.0 / 3.0, 1.0]);
        check("a/EngineTest.java", "a/Engine.java", [1.0, 1.0, 1.0, 2.0 / 3.0, 1.0]);
        check("a/engine.spec.ts", "a/engine.ts", [1.0, 1.0, 1.0, 2.0 / 3.0, 1.0]);
        check("a/test.py", "a/engine.py", [1.0, 1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn names_share_words_in_any_case() {
        check("a/diff_simple_prompts.py", "a/diff-simple.py", [1.0, 1.0, 0.0, 0.8, 1.0]);
        check("a/HTTPClientÄnderung.java", "b/httpclient_x.java", [0.0, 0.0, 0.0, 0.5, 1.0]);
        check("a/XmlReader.cc", "a/xml_writer.h", [1.0, 1.0, 0.0, 0.5, 0.0]);
        check("a/___.c", "a/_.c", [1.0, 1.0, 0.0, 0.0, 1.0]);
        let of = |name| words(name).collect::<Vec<_>>();
        assert_eq!(of("__HTTPClientÄnderung2-b"), ["HTTPClient", "Änderung2", "b"]);
    }

    #[test]
    fn nearness_counts_common_folders() {
        check("a/b/x.c", "a/c/y.h", [0.0, 0.5, 0.0, 0.0, 0.0]);
        check("a/b/x.c", "x.c", [0.0, 0.0, 1.0, 1.0, 1.0]);
        check("x.c", "y.c", [1.0, 1.0, 0.0, 0.0, 1.0]);
    }
}
