//! Where the files of a user and of a project are.

use std::fs;
use std::path::{Component, Path, PathBuf};

use repo_map_render::escaped_path;

use super::owner::Owners;
use super::variables::Variables;

/// Our folder among those for what may be deleted at any time.
pub(super) fn user_cache(variable: Variables<'_>) -> Option<PathBuf> {
    Some(user_caches(variable)?.join("repo-map-cache"))
}

/// The user's folder for what may be deleted at any time.
pub(super) fn user_caches(variable: Variables<'_>) -> Option<PathBuf> {
    let below_home = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    base(variable, "XDG_CACHE_HOME", "LOCALAPPDATA", below_home)
}

/// The user's configuration file, whether it is there or not.
pub(super) fn user_config(variable: Variables<'_>) -> Option<PathBuf> {
    base(variable, "XDG_CONFIG_HOME", "APPDATA", ".config")
        .map(|folder| folder.join("repo-map-cache/config.toml"))
}

fn base(variable: Variables<'_>, xdg: &str, windows: &str, below_home: &str) -> Option<PathBuf> {
    if cfg!(target_os = "windows") {
        return variable(windows).map(PathBuf::from);
    }
    // The XDG specification: a relative path is to be ignored.
    let named = variable(xdg).map(PathBuf::from).filter(|folder| folder.is_absolute());
    named.or_else(|| Some(home(variable)?.join(below_home)))
}

fn home(variable: Variables<'_>) -> Option<PathBuf> {
    variable("HOME").map(PathBuf::from)
}

/// A path that begins with `~/`, from the home.
pub(super) fn of_home(path: &Path, variable: Variables<'_>) -> Option<PathBuf> {
    Some(home(variable)?.join(path.strip_prefix("~").ok()?))
}

/// The file of the project's settings that speaks for a folder.
pub(super) enum ProjectFile {
    /// There is none.
    None,
    /// It is here; whether it can be read is another question.
    At(PathBuf),
    /// It is above the folder, in a repository of somebody else.
    Foreign(String),
}

/// The folder's own `repo-map.toml`, or inside a git repository the nearest above it.
pub(super) fn of_project(folder: &Path, owners: &Owners) -> ProjectFile {
    let Ok(folder) = folder.canonicalize() else { return ProjectFile::None };
    let marker = |folder: &Path| fs::symlink_metadata(folder.join(".git")).ok();
    let root = folder.ancestors().find_map(|above| Some((above, marker(above)?)));
    let (root, marker) = root.map_or((&*folder, None), |(root, marker)| (root, Some(marker)));
    let settings = |folder: &Path| {
        let path = folder.join("repo-map.toml");
        fs::symlink_metadata(&path).is_ok().then_some(path)
    };
    let found = folder.ancestors().take_while(|above| above.starts_with(root)).find_map(settings);
    let Some(path) = found else { return ProjectFile::None };
    // Whoever may make a folder above, such as in one for temporary files, may make a `.git` and settings there.
    let is_above = path.parent() != Some(folder.as_path());
    match marker.filter(|_| is_above).and_then(|marker| owners.fault(&marker)) {
        Some(fault) => ProjectFile::Foreign(format!(
            "{} is not read, because of {}: {fault}",
            escaped_path(&path),
            escaped_path(&root.join(".git"))
        )),
        None => ProjectFile::At(path),
    }
}

/// A folder that a file names which is trusted no further than with what lies below it: resolved, links and all, if it lies
/// below one of these.
pub(super) fn below(path: &Path, allowed: &[PathBuf]) -> Option<PathBuf> {
    if path.components().any(|part| part == Component::ParentDir) {
        return None;
    }
    // What is there decides where the rest will be. A link that leads nowhere yet can lead anywhere later.
    let there = path.ancestors().find(|above| fs::symlink_metadata(above).is_ok())?;
    let resolved = there.canonicalize().ok()?.join(path.strip_prefix(there).ok()?);
    let is_below = |folder: &PathBuf| {
        folder.canonicalize().is_ok_and(|folder| resolved != folder && resolved.starts_with(folder))
    };
    allowed.iter().any(is_below).then_some(resolved)
}

/// Whether a folder lies in a tree, or will when it is made.
pub(super) fn is_inside(folder: &Path, tree: &Path) -> bool {
    let Ok(folder) = std::path::absolute(folder) else { return false };
    let there = folder.ancestors().find_map(|above| above.canonicalize().ok());
    there.is_some_and(|there| there.starts_with(tree)) || folder.starts_with(tree)
}
