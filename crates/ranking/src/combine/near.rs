//! What the path of a file has to do with those of the chat files.

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
    /// With the extension of a chat file.
    pub(crate) same_kind: f32,
}

pub(crate) fn nearness(path: &RepoPath, chat: &[RepoPath]) -> Nearness {
    let mut best = Nearness::default();
    let flag = |is: bool| if is { 1.0 } else { 0.0 };
    for other in chat {
        let (own, others) = (path.parent(), other.parent());
        best.same_folder = best.same_folder.max(flag(own == others));
        best.near = best.near.max(shared(own, others));
        best.same_stem = best.same_stem.max(flag(subject(path.stem()) == subject(other.stem())));
        best.same_kind = best.same_kind.max(flag(path.extension() == other.extension()));
    }
    best
}

/// Twice the common folders over those of both ways; 1 for two files at the root.
fn shared(a: &str, b: &str) -> f32 {
    let folders = |path: &str| path.split('/').filter(|folder| !folder.is_empty()).count();
    let all = folders(a) + folders(b);
    let common = a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b && !a.is_empty()).count();
    if all == 0 { 1.0 } else { 2.0 * common as f32 / all as f32 }
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
    use super::*;

    fn check(path: &str, chat: &str, [same_folder, near, same_stem, same_kind]: [f32; 4]) {
        let [path, chat] = [path, chat].map(|text| RepoPath::new(text).unwrap());
        let expected = Nearness { same_folder, near, same_stem, same_kind };
        assert_eq!(nearness(&path, std::slice::from_ref(&chat)), expected, "{path} {chat}");
    }

    #[test]
    fn tests_are_named_like_what_they_test() {
        check("tests/test_engine.py", "src/engine.py", [0.0, 0.0, 1.0, 1.0]);
        check("a/EngineTest.java", "a/Engine.java", [1.0, 1.0, 1.0, 1.0]);
        check("a/engine.spec.ts", "a/engine.ts", [1.0, 1.0, 1.0, 1.0]);
        check("a/test.py", "a/engine.py", [1.0, 1.0, 0.0, 1.0]);
    }

    #[test]
    fn nearness_counts_common_folders() {
        check("a/b/x.c", "a/c/y.h", [0.0, 0.5, 0.0, 0.0]);
        check("a/b/x.c", "x.c", [0.0, 0.0, 1.0, 1.0]);
        check("x.c", "y.c", [1.0, 1.0, 0.0, 1.0]);
    }
}
