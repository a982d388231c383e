//! What the path of a file has to do with those of the chat files, and of what the words of the task find.

mod folders;
mod names;
mod of_tree;

use ahash::HashSet;
use repo_map_model::RepoPath;

use self::folders::Folders;
use self::names::Names;

pub(crate) use self::of_tree::{AllNear, TreePaths};

/// The signals of one path against all chat files: what [`AllNear`] has of all paths, as tests ask for it.
#[cfg(test)]
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

/// The paths of all chat files, taken apart once: what a path has to do with them costs about the same however many they are.
pub(crate) struct ChatPaths<'c> {
    folders: Folders<'c>,
    subjects: HashSet<String>,
    names: Names,
    kinds: HashSet<Option<&'c str>>,
}

impl<'c> ChatPaths<'c> {
    pub(crate) fn new(chat: &'c [RepoPath]) -> Self {
        Self {
            folders: Folders::new(chat.iter().map(RepoPath::parent)),
            subjects: chat.iter().map(|path| subject(path.stem())).collect(),
            names: Names::new(chat.iter().map(RepoPath::stem)),
            kinds: chat.iter().map(RepoPath::extension).collect(),
        }
    }

    #[cfg(test)]
    /// The signals of one path: the best that any chat file gives, each for itself.
    pub(crate) fn nearness(&mut self, path: &RepoPath) -> Nearness {
        let flag = |is: bool| if is { 1.0 } else { 0.0 };
        let (same_folder, near) = self.folders.nearest(path.parent());
        Nearness {
            same_folder: flag(same_folder),
            near,
            same_stem: flag(self.subjects.contains(&subject(path.stem()))),
            shared_words: self.names.likest(path.stem()),
            same_kind: flag(self.kinds.contains(&path.extension())),
        }
    }
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

/// Twice the common ones over those of both; `None` where there are none.
fn dice(common: usize, all: usize) -> Option<f32> {
    (all > 0).then(|| 2.0 * common as f32 / all as f32)
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

    /// Of one pair, by the definitions of the signals.
    fn of_pair(path: &RepoPath, other: &RepoPath) -> [f32; 5] {
        let flag = |is: bool| if is { 1.0 } else { 0.0 };
        let (own, others) = (path.parent(), other.parent());
        let folders = |path: &str| path.split('/').filter(|folder| !folder.is_empty()).count();
        let common =
            own.split('/').zip(others.split('/')).take_while(|(a, b)| a == b && !a.is_empty()).count();
        let (a, b) = (names::words(path.stem()), || names::words(other.stem()));
        let shared = a.filter(|word| b().any(|other| other.eq_ignore_ascii_case(word))).count();
        let all = names::words(path.stem()).count() + b().count();
        [
            flag(own == others),
            dice(common, folders(own) + folders(others)).unwrap_or(1.0),
            flag(subject(path.stem()) == subject(other.stem())),
            dice(shared, all).unwrap_or(0.0),
            flag(path.extension() == other.extension()),
        ]
    }

    proptest! {
        #[test]
        fn all_chat_files_together_give_the_best_of_each_pair(
            path in "([a-c]/){0,4}[abAB_]{1,8}(\\.[xy])?",
            chat in prop::collection::vec("([a-c]/){0,4}[abAB_]{1,8}(\\.[xy])?", 1..120),
        ) {
            let path = RepoPath::new(&path).unwrap();
            let chat: Vec<RepoPath> = chat.iter().map(|path| RepoPath::new(path).unwrap()).collect();
            let mut best = [0.0_f32; 5];
            for other in &chat {
                best.iter_mut().zip(of_pair(&path, other)).for_each(|(best, new)| *best = best.max(new));
            }
            let mut paths = ChatPaths::new(&chat);
            // The second answer may be one that was remembered.
            for _ in 0..2 {
                let found = paths.nearness(&path);
                let found = [found.same_folder, found.near, found.same_stem, found.shared_words, found.same_kind];
                prop_assert_eq!(found.map(f32::to_bits), best.map(f32::to_bits));
            }
        }
    }

    proptest! {
        #[test]
        fn all_paths_together_are_as_near_as_each_alone(
            paths in prop::collection::vec("([a-c]/){0,3}(test_)?[abAB_]{1,6}(\\.[xy])?", 1..60),
            chat in prop::collection::vec("([a-c]/){0,3}[abAB_]{1,6}(_test)?(\\.[xy])?", 1..9),
        ) {
            let all = |paths: &[String]| paths.iter().map(|path| RepoPath::new(path).unwrap()).collect::<Vec<_>>();
            let (paths, chat) = (all(&paths), all(&chat));
            let AllNear { same_folder, near, same_stem, shared_words, same_kind } = TreePaths::of(&paths).near(&paths, &chat);
            let mut alone = ChatPaths::new(&chat);
            for (at, path) in paths.iter().enumerate() {
                let of = alone.nearness(path);
                let found = [same_folder[at], near[at], same_stem[at], shared_words[at], same_kind[at]];
                let expected = [of.same_folder, of.near, of.same_stem, of.shared_words, of.same_kind];
                prop_assert_eq!(found.map(f32::to_bits), expected.map(f32::to_bits), "{}", path);
            }
        }
    }

    fn check(path: &str, chat: &str, [same_folder, near, same_stem, shared_words, same_kind]: [f32; 5]) {
        let [path, chat] = [path, chat].map(|text| RepoPath::new(text).unwrap());
        let expected = Nearness { same_folder, near, same_stem, shared_words, same_kind };
        let found = ChatPaths::new(std::slice::from_ref(&chat)).nearness(&path);
        assert_eq!(found, expected, "{path} {chat}");
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
    }

    #[test]
    fn nearness_counts_common_folders() {
        check("a/b/x.c", "a/c/y.h", [0.0, 0.5, 0.0, 0.0, 0.0]);
        check("a/b/x.c", "x.c", [0.0, 0.0, 1.0, 1.0, 1.0]);
        check("x.c", "y.c", [1.0, 1.0, 0.0, 0.0, 1.0]);
    }
}
