//! A folder with a user's own queries.

use std::path::Path;

use repo_map_bounded_io::{Links, read_text};
use repo_map_render::escaped_path;
use repo_map_tags::LanguageSet;

use crate::error::{Error, ErrorKind};

/// What a query may have, in bytes; the largest of our own has a hundredth.
const MOST_BYTES: u64 = 1 << 20;

/// Reads `<language>.scm` of a folder: `python.scm` adds to our query for Python or, when its first line is `; replaces`,
/// takes its place. Other files are left alone.
pub(crate) fn read(folder: &Path) -> Result<LanguageSet, Error> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::unreadable(folder, error))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Error::unreadable(folder, error))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "scm"));
    paths.sort_unstable();
    let mut set = LanguageSet::default();
    for path in paths {
        let text =
            read_text(&path, Links::Follow, MOST_BYTES).map_err(|error| Error::unreadable(&path, error))?;
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        set.add(id, &text).map_err(|error| {
            let line = format!("{}: {error}", escaped_path(&path));
            Error::new(ErrorKind::Misconfigured, line).at(&path).caused_by(error)
        })?;
    }
    Ok(set)
}
