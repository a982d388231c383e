//! Which files of a tree the places of a task lie in.

use ahash::HashMap;

use crate::index::Index;
use crate::query::Query;
use crate::term::Term;
use crate::text::{Origin, Place, Reach};

/// More files of one name cannot be told apart.
const MAX_FILES: usize = 4;

/// A place that lies in a file of the tree.
#[derive(Clone, Copy)]
pub(crate) struct Found<'q> {
    pub(crate) place: &'q Place,
    pub(crate) slot: u32,
    /// What it counts for the file: 1 for the innermost frame of a trace in the tree, half for the next file, and so on; of other places
    /// the less the more files they name.
    pub(crate) share: f32,
    /// The same for what is defined around the place: each frame is one further out.
    pub(crate) around: f32,
}

/// The places of a task that lie in the tree, in the order of the task.
pub(crate) fn pointed<'q>(index: &Index, query: &'q Query) -> Vec<Found<'q>> {
    let mut known: HashMap<(&str, Reach), Vec<u32>> = HashMap::default();
    let mut found: Vec<Found<'q>> = Vec::new();
    let (mut trace, mut files, mut frames) = (None, Vec::new(), Vec::new());
    for place in query.places() {
        let key = (place.path.as_str(), place.reach);
        let slots = known.entry(key).or_insert_with(|| files_of(index, place));
        if slots.is_empty() {
            continue;
        }
        let (mut depth, mut height) = (0, 0);
        if let Origin::Frame(number) = place.origin {
            if trace != Some(number) {
                (trace, files, frames) = (Some(number), Vec::new(), Vec::new());
            }
            depth = place_of(&mut files, slots[0]);
            height = place_of(&mut frames, (slots[0], &place.names, place.lines));
        }
        let many = slots.len() as f32;
        found.extend(slots.iter().map(|&slot| Found {
            place,
            slot,
            share: 1.0 / (1.0 + depth as f32) / many,
            around: 1.0 / (1.0 + height as f32) / many,
        }));
    }
    let is_frame = |found: &Found<'_>| matches!(found.place.origin, Origin::Frame(_));
    let mut others: Vec<u32> =
        found.iter().filter(|found| !is_frame(found)).map(|found| found.slot).collect();
    others.sort_unstable();
    others.dedup();
    let shared = (others.len().max(1) as f32).sqrt();
    found.iter_mut().filter(|found| !is_frame(found)).for_each(|found| found.share /= shared);
    found
}

/// How many others came before one that is put behind them if it is new.
fn place_of<T: PartialEq>(known: &mut Vec<T>, one: T) -> usize {
    // A trace that goes around in circles has few different frames.
    const FAR: usize = 64;
    let at = known.iter().position(|other| *other == one).unwrap_or(known.len());
    if at == known.len() && at < FAR {
        known.push(one);
    }
    at
}

/// Names that packages of all kinds have.
const COMMON: [&str; 9] = ["index", "lib", "mod", "main", "__init__", "init", "util", "utils", "types"];

/// The files that a path means: those that share the longest end with it, if that is enough to mean them.
fn files_of(index: &Index, place: &Place) -> Vec<u32> {
    let asked: Vec<&str> = place.path.split('/').collect();
    let Some(last) = asked.last() else { return Vec::new() };
    let (mut best, mut found, mut namesakes) = (0, Vec::new(), Vec::new());
    for (slot, _) in index.present(index.paths.of(Term::exact(&last.to_lowercase()))) {
        let Some(file) = &index.files[slot as usize] else { continue };
        // A module has no extension.
        if last.contains('.') && !file.path.file_name().eq_ignore_ascii_case(last) {
            continue;
        }
        namesakes.push(slot);
        let own = || file.path.parent().rsplit('/').filter(|part| !part.is_empty());
        let above = own().zip(asked.iter().rev().skip(1));
        let shared = 1 + above.take_while(|(own, asked)| own.eq_ignore_ascii_case(asked)).count();
        let is_all_of_own = shared == own().count() + 1;
        let is_common = || COMMON.contains(&file.path.stem()) && shared < 3;
        let is_all = shared == asked.len();
        let is_meant = match place.reach {
            Reach::Tree => is_all || is_all_of_own || shared > 1,
            Reach::Package => is_all || (shared > 1 && !is_common()),
            // Below `Lib` and the like, where the tree is the library's own.
            Reach::Standard => is_all && own().count() <= asked.len(),
        };
        if is_meant && shared > best {
            best = shared;
            found.clear();
        }
        if is_meant && shared == best {
            found.push(slot);
        }
    }
    let is_at_root = |slot: &u32| {
        index.files[*slot as usize]
            .as_ref()
            .is_some_and(|file| file.path.parent().is_empty() && !COMMON.contains(&file.path.stem()))
    };
    // The folder of the package may be the tree itself.
    if let ([only], true, Reach::Package) = (&namesakes[..], found.is_empty(), place.reach)
        && is_at_root(only)
    {
        found.push(*only);
    }
    if found.len() > MAX_FILES {
        found.clear();
    }
    found
}

#[cfg(test)]
mod tests {
    use repo_map_model::{FileTags, RepoPath};

    use super::*;
    use crate::record::FileWords;

    /// Files with what they count, by path.
    fn check(task: &str, expected: &[(&str, f32)]) {
        let mut index = Index::new();
        let empty = FileWords::of("", &FileTags::default());
        for path in [
            "src/flask/app.py",
            "src/flask/json/decoder.py",
            "tests/app.py",
            "core/src/main/java/org/example/Pool.java",
            "core/src/test/java/org/other/Pool.java",
            "src/lib.rs",
            "src/runtime/mod.rs",
            "command.go",
            "lib/index.js",
        ] {
            index.set_file(&RepoPath::new(path).unwrap(), &empty);
        }
        let query = Query::parse(task);
        let mut best: Vec<(String, f32)> = Vec::new();
        for found in pointed(&index, &query) {
            let path = index.files[found.slot as usize].as_ref().unwrap().path.as_str().to_owned();
            match best.iter_mut().find(|(known, _)| *known == path) {
                Some((_, share)) => *share = share.max(found.share),
                None => best.push((path, found.share)),
            }
        }
        let best: Vec<(&str, f32)> = best.iter().map(|(path, share)| (path.as_str(), *share)).collect();
        assert_eq!(best, expected, "{task}");
    }

    #[test]
    fn the_innermost_frame_in_the_tree_counts_most() {
        let trace = "Traceback (most recent call last):\n  File \"/u/tests/app.py\", line 3, in test\n    x()\n  \
                     File \"/v/lib/python3.9/site-packages/flask/app.py\", line 9, in run\n    y()\n  \
                     File \"/usr/lib/python3.9/json/decoder.py\", line 5, in decode\n    z()\nValueError";
        check(trace, &[("src/flask/app.py", 1.0), ("tests/app.py", 0.5)]);
        let java = "java.lang.Error\n\tat java.base/java.util.List.get(List.java:1)\n\tat org.example.Pool.grow(Pool.java:12)\n\
                    \tat org.other.Pool.test(Pool.java:2)";
        check(
            java,
            &[
                ("core/src/main/java/org/example/Pool.java", 1.0),
                ("core/src/test/java/org/other/Pool.java", 0.5),
            ],
        );
    }

    #[test]
    fn files_of_other_projects_are_not_of_the_tree() {
        check("at run (/app/node_modules/other/lib/index.js:1:2)", &[]);
        check("  at /rustc/0123/library/std/src/lib.rs:1:2", &[]);
        check("  at /u/.cargo/registry/src/i-1/other-1.0.0/src/lib.rs:1:2", &[]);
        check(
            "  at /u/.cargo/registry/src/i-1/tokio-1.0.0/src/runtime/mod.rs:1:2",
            &[("src/runtime/mod.rs", 1.0)],
        );
        check("  at /home/u/proj/src/lib.rs:1:2", &[("src/lib.rs", 1.0)]);
        check("\t/go/pkg/mod/example.org/cobra@v1.2.3/command.go:1 +0x1d", &[("command.go", 1.0)]);
        check("https://github.com/o/n/blob/main/other/app.py", &[]);
    }

    #[test]
    fn many_places_count_less_each() {
        let half = std::f32::consts::FRAC_1_SQRT_2;
        check("see src/lib.rs:1 and command.go:2", &[("src/lib.rs", half), ("command.go", half)]);
        check("https://github.com/o/n/blob/main/src/flask/app.py#L3", &[("src/flask/app.py", 1.0)]);
    }
}
