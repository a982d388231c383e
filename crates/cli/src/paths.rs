//! Paths that a user writes: from where the user stands, as completion gives them, else from the folder that is mapped.

use std::path::{Path, PathBuf};

use repo_map_cache::{Place, escaped_path};

use crate::failure;

/// Names of a list that are told one by one.
const MOST_TOLD: usize = 5;

/// A path as the mapper takes it: absolute where something is there, else as it is, which is from the repository's root.
pub(crate) fn standing(root: &Path, path: PathBuf) -> PathBuf {
    if path.is_absolute() {
        return path;
    }
    let there = [path.clone(), root.join(&path)].into_iter().find(|path| path.symlink_metadata().is_ok());
    there.and_then(|there| std::path::absolute(there).ok()).unwrap_or(path)
}

/// A place (`PATH:LINE`, `PATH:NAME`) whose path is from where the user stands.
pub(crate) fn place(root: &Path, target: &str) -> String {
    let whole = PathBuf::from(target);
    if whole.is_absolute() {
        return target.to_owned();
    }
    let found = standing(root, whole);
    if found.is_absolute() {
        return found.to_string_lossy().into_owned();
    }
    let place = Place::parse(target);
    let path = standing(root, PathBuf::from(&place.path));
    format!("{}{}", path.display(), &target[place.path.len()..])
}

/// Warns of the names of a list that are no files: from here, from the folder, or from the root of its repository.
pub(crate) fn warn_of_missing(root: &Path, list: &Path, names: &[String]) {
    let top = root.canonicalize().ok().and_then(|root| {
        root.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok()).map(Path::to_owned)
    });
    let is_there = |name: &&String| {
        let name = Path::new(name.as_str());
        [Some(PathBuf::new()), Some(root.to_owned()), top.clone()]
            .into_iter()
            .flatten()
            .any(|folder| folder.join(name).symlink_metadata().is_ok())
    };
    let missing: Vec<&String> = names.iter().filter(|name| !is_there(name)).collect();
    if missing.is_empty() {
        return;
    }
    let named: Vec<_> =
        missing.iter().take(MOST_TOLD).map(|name| escaped_path(Path::new(name.as_str()))).collect();
    let more = if missing.len() > named.len() { ", …" } else { "" };
    failure::warn(&format!(
        "{} of {} names in {} are no files: {}{more}",
        missing.len(),
        names.len(),
        escaped_path(list),
        named.join(", ")
    ));
}
