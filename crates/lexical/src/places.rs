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
