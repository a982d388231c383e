//! Lists of paths and names: one entry a line, from a file or from standard input.

use std::io::{self, Read as _};
use std::path::Path;

use crate::failure::Failure;

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

/// The text of a file that a flag names. `-` is standard input.
pub(crate) fn text(list: &Path) -> Result<String, Failure> {
    let mut text = Vec::new();
    let done = if list == Path::new("-") {
        io::stdin().lock().read_to_end(&mut text).map(|_| ())
    } else {
        std::fs::read(list).map(|bytes| text = bytes)
    };
    done.map_err(|error| Failure::Unreadable(format!("cannot read {}: {error}", list.display())))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
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
