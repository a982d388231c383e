//! Where the files of a user and of a project are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A variable of the environment that is set and not empty.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The folder for what may be deleted at any time.
pub(super) fn user_cache(variable: Variables<'_>) -> Option<PathBuf> {
    base(
        variable,
        "XDG_CACHE_HOME",
        "LOCALAPPDATA",
        if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" },
    )
    .map(|folder| folder.join("repo-map-cache"))
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

pub(super) fn home(variable: Variables<'_>) -> Option<PathBuf> {
    variable("HOME").map(PathBuf::from)
}

/// The file of that name that speaks for a folder: its own, or inside a git repository the nearest above it.
pub(super) fn of_project(folder: &Path, name: &str) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let is_file = |folder: &Path| Some(folder.join(name)).filter(|file| file.is_file());
    let root = folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&folder);
    folder.ancestors().take_while(|above| above.starts_with(root)).find_map(is_file)
}
