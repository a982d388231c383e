//! Which files the paths of a task mean.

use crate::index::Index;
use crate::query::Query;
use crate::term::Term;

/// A plain word that is also the stem of a file may mean it.
const STEM: f32 = 0.5;
/// Shorter words are too often the stem of some file by chance.
const MIN_STEM: usize = 5;

/// Slots with the share of the task's mentions that falls on each.
pub(crate) fn mentioned(index: &Index, query: &Query) -> Vec<(u32, f32)> {
    let mut shares = Vec::new();
    for mention in query.paths() {
        let mut found = by_suffix(index, &mention.path, false);
        if found.is_empty() && !mention.path.contains('/') {
            // A dotted name may be a module, or something in a module.
            let module = mention.path.replace('.', "/");
            found = by_suffix(index, &module, true);
            if found.is_empty()
                && let Some((outer, _)) = module.rsplit_once('/')
                && outer.contains('/')
            {
                found = by_suffix(index, outer, true);
            }
        }
        shares.extend(found.iter().map(|&slot| (slot, 1.0 / found.len() as f32)));
    }
    for identifier in query.identifiers().iter().filter(|identifier| identifier.name.len() >= MIN_STEM) {
        let found = by_suffix(index, &identifier.name, false);
        shares.extend(found.iter().map(|&slot| (slot, STEM / found.len() as f32)));
    }
    shares
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
    use crate::record::FileWords;

    fn check(task: &str, expected: &[&str]) {
        let mut index = Index::new();
        let empty = FileWords::of("", &FileTags::default());
        for path in
            ["app/cli.py", "app/core/views.py", "app/admin/views.py", "docs/Engine.md", "engine/start.rs"]
        {
            index.set_file(&RepoPath::new(path).unwrap(), &empty);
        }
        let mut shares = vec![0.0; index.files.len()];
        mentioned(&index, &Query::parse(task))
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
    }
}
