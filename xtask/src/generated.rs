//! Parts of documents that a chore writes, between two marks.

use anyhow::{Context as _, Result, bail};

use crate::command::{say, workspace};

/// Writes the text between the marks of a chore; with `check`, only looks whether it is there.
pub(crate) fn part_of(document: &str, chore: &str, text: &str, check: bool) -> Result<()> {
    let path = workspace().join(document);
    let old = std::fs::read_to_string(&path).with_context(|| format!("cannot read {document}"))?;
    let [begin, end] =
        ["begin", "end"].map(|of| format!("<!-- {of} of what `cargo xtask {chore}` writes -->\n"));
    let (Some(begins), Some(ends)) = (old.find(&begin), old.find(&end)) else {
        bail!("{document} does not mark what `cargo xtask {chore}` writes");
    };
    let new = format!("{}{text}{}", &old[..begins + begin.len()], &old[ends..]);
    if new == old {
        say(&format!("{document} is up to date"));
    } else if check {
        bail!("{document} is out of date: run `cargo xtask {chore}`");
    } else {
        std::fs::write(&path, new).with_context(|| format!("cannot write {document}"))?;
    }
    Ok(())
}
