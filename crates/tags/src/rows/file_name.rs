//! The name of a file, as far as it tells a language.

use repo_map_model::RepoPath;

/// The name of a file, without what says that a build fills it in: `config.h.in` is as good as `config.h`.
pub(super) fn whole(path: &RepoPath) -> &str {
    let name = path.file_name();
    name.strip_suffix(".in").filter(|name| !name.is_empty()).unwrap_or(name)
}

/// The extension of that name.
pub(crate) fn extension(path: &RepoPath) -> Option<&str> {
    let (stem, extension) = whole(path).rsplit_once('.')?;
    (!stem.is_empty()).then_some(extension)
}
