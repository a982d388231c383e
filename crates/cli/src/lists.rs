//! Lists of paths and names: one entry a line, from a file or from standard input.

use std::io;
use std::path::Path;

use repo_map_bounded_io::{read_named, read_stream};
use repo_map_cache::escaped_path;

use crate::failure::Failure;

/// What a list or a text may have, in bytes: the names of a million files. A device such as `/dev/zero` ends here.
const MOST_BYTES: u64 = 128 << 20;

/// The entries of a list, if one is given; blank lines do not count.
pub(crate) fn read(list: Option<&Path>) -> Result<Vec<String>, Failure> {
    let Some(list) = list else { return Ok(Vec::new()) };
    Ok(text(list)?
        .lines()
        .map(|line| line.trim_end_matches('\r'))
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect())
}

/// The text of a file, a pipe or a terminal that a flag names. `-` is standard input.
pub(crate) fn text(list: &Path) -> Result<String, Failure> {
    let read = match list == Path::new("-") {
        true => read_stream(io::stdin().lock(), MOST_BYTES),
        false => read_named(list, MOST_BYTES),
    };
    let bytes =
        read.map_err(|error| Failure::Unreadable(format!("cannot read {}: {error}", escaped_path(list))))?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Standard input can be read once only.
pub(crate) fn at_most_one_stdin<'a>(
    lists: impl IntoIterator<Item = Option<&'a Path>>,
) -> Result<(), Failure> {
    let from_stdin = lists.into_iter().flatten().filter(|list| *list == Path::new("-")).count();
    if from_stdin > 1 {
        return Err(Failure::Usage(
            "standard input can hold one list only; give the other lists as files".to_owned(),
        ));
    }
    Ok(())
}
