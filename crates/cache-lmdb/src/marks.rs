//! The marks by which a folder is known as ours. What has none of them is never written, moved or removed.

use std::fs::File;
use std::io::{self, Read as _};

use crate::directory::{DirectoryProblem, problem_from, versioned};
use crate::folder::{Folder, Kind};
use crate::generation::{KNOWN, QUARANTINE};
use crate::{FORMAT_VERSION, decision};

/// The mark of a cache folder.
pub(crate) const TAG: &str = "CACHEDIR.TAG";
pub(crate) const GIT_IGNORE: &str = ".gitignore";
pub(crate) const GIT_IGNORE_TEXT: &str = "*\n";

/// The first line is the standard's, the second is what makes it ours.
const TAG_TEXT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This directory is a cache of repo-map: it can be deleted at any time and need not be backed up.\n\
    # See https://bford.info/cachedir/\n";

/// What earlier builds wrote.
const EARLIER_TAG_TEXT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This directory is a cache: it can be deleted at any time and need not be backed up.\n\
    # See https://bford.info/cachedir/\n";

/// What systems leave in any folder.
const OF_THE_SYSTEM: [&str; 2] = ["lost+found", ".DS_Store"];

/// The mark of a generation.
pub(crate) const FORMAT: &str = "format";

/// The longest text that is read as a mark.
const MOST: u64 = 512;

/// Whose a cache folder is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has our mark.
    Ours,
    /// It holds nothing but a store of ours, as one that was copied without the marks.
    Store,
    /// It is empty, or another process is about to mark it or to remove it.
    Empty,
    /// It has no mark and holds something else: its name.
    Foreign(String),
}

/// Whose a cache folder is.
pub(crate) fn standing(folder: &Folder) -> Result<Standing, DirectoryProblem> {
    if is_marked(folder)? {
        return Ok(Standing::Ours);
    }
    let mut has_store = false;
    let mut foreign = None;
    let mut names = folder.names().map_err(problem_from)?;
    names.sort_unstable();
    for name in names {
        let name = name.to_string_lossy().into_owned();
        let is_fine = OF_THE_SYSTEM.contains(&name.as_str())
            || name == TAG && begins(folder, TAG, TAG_TEXT).map_err(problem_from)?
            || name == GIT_IGNORE && has_text(folder, GIT_IGNORE, GIT_IGNORE_TEXT)
            || name == versioned() && {
                has_store = is_store(folder);
                has_store || is_idle(folder)
            };
        if !is_fine {
            foreign.get_or_insert(name);
        }
    }
    match foreign {
        // It may have been marked meanwhile.
        _ if is_marked(folder)? => Ok(Standing::Ours),
        Some(name) => Ok(Standing::Foreign(name)),
        None if has_store => Ok(Standing::Store),
        None => Ok(Standing::Empty),
    }
}

/// Marks a folder that is empty. Processes that do so at the same time write the same.
pub(crate) fn write_marks(folder: &Folder) -> Result<(), DirectoryProblem> {
    let mut tag = folder.file_or_new(TAG).map_err(problem_from)?;
    io::Write::write_all(&mut tag, TAG_TEXT.as_bytes()).map_err(problem_from)?;
    match folder.make_file(GIT_IGNORE) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(problem_from(error)),
        Ok(mut file) => io::Write::write_all(&mut file, GIT_IGNORE_TEXT.as_bytes()).map_err(problem_from),
    }
}

/// Removes the marks of a cache folder, those alone that are ours to the byte.
pub(crate) fn remove_marks(folder: &Folder) -> io::Result<()> {
    if has_text(folder, GIT_IGNORE, GIT_IGNORE_TEXT) {
        folder.remove_file(GIT_IGNORE)?;
    }
    if has_text(folder, TAG, TAG_TEXT) || has_text(folder, TAG, EARLIER_TAG_TEXT) {
        folder.remove_file(TAG)?;
    }
    Ok(())
}

pub(crate) fn is_marked(folder: &Folder) -> Result<bool, DirectoryProblem> {
    match folder.kind(TAG).map_err(problem_from)? {
        Some(Kind::File) => Ok(has_text(folder, TAG, TAG_TEXT) || has_text(folder, TAG, EARLIER_TAG_TEXT)),
        _ => Ok(false),
    }
}

/// Whether the folder of this format version holds what a store of ours is made of, and nothing else.
fn is_store(folder: &Folder) -> bool {
    let is_whole = || -> io::Result<bool> {
        let versioned = folder.folder(&versioned())?;
        let mut generations = 0;
        for name in versioned.names()? {
            let Some(name) = name.to_str().filter(|name| is_known(name)) else { return Ok(false) };
            if name == decision::LOCK {
                continue;
            }
            let generation = versioned.folder(name)?;
            let has_others =
                generation.names()?.iter().any(|name| !KNOWN.iter().any(|known| name.as_os_str() == *known));
            if has_others || stamp_of(&generation).is_none() {
                return Ok(false);
            }
            generations += 1;
        }
        Ok(generations > 0)
    };
    is_whole().unwrap_or(false)
}

/// Whether the folder of this format version is what is left of a store while its last folders are removed.
fn is_idle(folder: &Folder) -> bool {
    let names = folder.folder(&versioned()).and_then(|versioned| versioned.names());
    names.is_ok_and(|names| names.iter().all(|name| name == decision::LOCK))
}

fn is_known(name: &str) -> bool {
    name == decision::LOCK
        || name == decision::NEW
        || number_of(name.strip_prefix(QUARANTINE).unwrap_or(name)).is_some()
}

/// The number that a name is, written as this crate writes it.
pub(crate) fn number_of(name: &str) -> Option<u64> {
    name.parse::<u64>().ok().filter(|number| number.to_string() == name)
}

/// What the mark of a generation says, if it has one: this build's stamp, or another of ours.
pub(crate) fn stamp_of(generation: &Folder) -> Option<String> {
    let text = String::from_utf8(read(generation, FORMAT).ok()?).ok()?;
    let rest = text.strip_prefix("lmdb cache format ")?.strip_suffix("-endian\n")?;
    let is_plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" ,-".contains(&byte));
    is_plain.then_some(text)
}

/// What the mark of a generation says here: LMDB stores numbers as the machine has them.
pub(crate) fn stamp() -> String {
    let order = if cfg!(target_endian = "little") { "little" } else { "big" };
    format!("lmdb cache format {FORMAT_VERSION}, {}-bit, {order}-endian\n", usize::BITS)
}

/// Whether a file is one of ours whose writing was begun.
pub(crate) fn begins(folder: &Folder, name: &str, text: &str) -> io::Result<bool> {
    Ok(folder.kind(name)? == Some(Kind::File)
        && read(folder, name).is_ok_and(|found| text.as_bytes().starts_with(&found)))
}

fn has_text(folder: &Folder, name: &str, text: &str) -> bool {
    read(folder, name).is_ok_and(|found| found == text.as_bytes())
}

/// The bytes of a small file; of a longer one as many as are enough to tell.
pub(crate) fn read(folder: &Folder, name: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::take(folder.file(name)?, MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
