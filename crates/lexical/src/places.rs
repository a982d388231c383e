//! Which files the paths of a task mean.

use ahash::HashSet;

use crate::index::Index;
use crate::pointed::Found;
use crate::query::Query;
use crate::term::Term;
use crate::text::{Origin, Place, told};

/// A plain word that is also the stem of a file may mean it.
const STEM: f32 = 0.5;
/// Shorter words are too often the stem of some file by chance.
const MIN_STEM: usize = 5;

/// Files that stand for their folder as a module.
const OF_FOLDER: [&str; 3] = ["__init__", "index", "mod"];
/// More files of one stem cannot be told apart.
const MAX_FILES: usize = 4;

/// Slots with the share of the task's mentions that falls on each; `pointed` are the places of the task that lie in the tree.
pub(crate) fn mentioned(index: &Index, query: &Query, pointed: &[Found<'_>]) -> Vec<(u32, f32)> {
    let mut shares: Vec<(u32, f32)> = pointed.iter().map(|found| (found.slot, 1.0)).collect();
    let mut each = |found: &[u32], all: f32| {
        shares.extend(found.iter().map(|&slot| (slot, all / found.len() as f32)));
    };
    let is_frame = |place: &&Place| matches!(place.origin, Origin::Frame(_));
    let frames: HashSet<&str> =
        query.places().iter().filter(is_frame).map(|place| place.path.as_str()).collect();
    for mention in query.paths() {
        // Whether a frame lies in the tree is known better.
        if !frames.is_empty() && told(&mention.path).is_some_and(|(path, _)| frames.contains(path.as_str())) {
            continue;
        }
        each(&by_suffix(index, &mention.path, false), 1.0);
        if !mention.path.contains('/') {
            each(&by_module(index, &mention.path), 1.0);
        }
    }
    for name in query.dotted() {
        each(&by_module(index, name), 1.0);
    }
    for name in query.quoted() {
        let found = by_suffix(index, name, false);
        each(if found.len() <= MAX_FILES { &found } else { &[] }, STEM);
    }
    for identifier in query.identifiers().iter().filter(|identifier| identifier.name.len() >= MIN_STEM) {
        each(&by_suffix(index, &identifier.name, false), STEM);
    }
    shares
}

/// The files of a dotted name: a module, or something in a module.
fn by_module(index: &Index, name: &str) -> Vec<u32> {
    let module = name.replace('.', "/");
    let whole = |module: &str| {
        let found = by_suffix(index, module, true);
        if !found.is_empty() {
            return found;
        }
        let of_folder = OF_FOLDER.iter().map(|stem| by_suffix(index, &format!("{module}/{stem}"), true));
        of_folder.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    };
    let found = whole(&module);
    let Some((outer, name)) = module.rsplit_once('/').filter(|_| found.is_empty()) else { return found };
    if outer.contains('/') {
        return whole(outer);
    }
    // `views.show`: one part is little, but the file of that name defines the other.
    let mut found = by_suffix(index, outer, true);
    let mut definers: Vec<u32> =
        index.present(index.contents.of(Term::exact(name))).map(|(slot, _)| slot).collect();
    definers.sort_unstable();
    found.retain(|slot| definers.binary_search(slot).is_ok());
    found
}

/// The files whose path shares the most parts with the end of `path`; the last one may lack its extension.
/// With `whole`, all parts of `path` must be shared.
fn by_suffix(index: &Index, path: &str, whole: bool) -> Vec<u32> {
    let Some(last) = path.rsplit('/').next() else { return Vec::new() };
    let mut best = 0;
    let mut found = Vec::new();
    let holders = index.paths.of(Term::exact(&last.to_lowercase()));
    for (slot, _) in index.present(holders) {
        let Some(file) = &index.files[slot as usize] else { continue };
        let above = file.path.parent().rsplit('/').zip(path.rsplit('/').skip(1));
        let shared = 1 + above.take_while(|(own, asked)| own.eq_ignore_ascii_case(asked)).count();
        if whole && shared < path.split('/').count() {
            continue;
        }
        if shared > best {
            best = shared;
            found.clear();
        }
        if shared == best {
            found.push(slot);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use repo_map_model::{FileTags, RepoPath};

    use super::*;
    use crate::pointed::pointed;
    use crate::record::FileWords;

    fn check(task: &str, expected: &[&str]) {
        let mut index = Index::new();
        let empty = FileWords::of("", &FileTags::default());
        for path in [
            "app/cli.py",
            "app/core/views.py",
            "app/admin/views.py",
            "app/admin/__init__.py",
            "docs/Engine.md",
            "docs/core.views.md",
            "engine/start.rs",
            "io/rst.py",
        ] {
            index.set_file(&RepoPath::new(path).unwrap(), &empty);
        }
        let mut shares = vec![0.0; index.files.len()];
        let query = Query::parse(task);
        mentioned(&index, &query, &pointed(&index, &query))
            .iter()
            .for_each(|&(slot, share)| shares[slot as usize] += share);
        let best = shares.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let files = index.files.iter().flatten().zip(shares);
        let found: Vec<_> =
            files.filter(|&(_, share)| share == best).map(|(file, _)| file.path.as_str()).collect();
        assert_eq!(found, expected, "{task}");
    }

    #[test]
    fn the_longest_shared_end_tells_files_of_one_name_apart() {
        check("see views.py", &["app/core/views.py", "app/admin/views.py"]);
        check("see admin/views.py", &["app/admin/views.py"]);
        check("/home/u/code/app/core/views.py:3", &["app/core/views.py"]);
    }

    #[test]
    fn modules_and_stems_mean_their_files() {
        check("app.core.views.show fails", &["app/core/views.py"]);
        check("app.cli is slow", &["app/cli.py"]);
        check("the engine", &["docs/Engine.md"]);
        check("nothing.here", &[]);
        check("`app.admin` is slow", &["app/admin/__init__.py"]);
        check("call app.core.views.as_some_view", &["app/core/views.py"]);
    }

    #[test]
    fn quoted_values_mean_their_modules() {
        check("format=\"io.rst\" fails", &["io/rst.py"]);
        check("read(x, 'rst')", &["io/rst.py"]);
        check("the rst reader", &[]);
    }
}
