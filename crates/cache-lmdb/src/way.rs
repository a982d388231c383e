//! The way to the cache folder: every folder and link on it belongs to this user or to root, and nobody else may write there.
//!
//! Whoever may rename a folder on the way can put another one in its place while its files are mapped. A folder with
//! the sticky bit, such as that for temporary files, is fine: others may add to it, but not move what is not theirs.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::DirectoryProblem;
use crate::directory::problem_from;

/// As many links as the kernel follows.
const MOST_LINKS: u32 = 40;

/// The path of a folder without links. Folders that are missing are made where that is asked for, for this user alone; else there
/// may be none.
pub(crate) fn reach(
    path: &Path,
    makes: bool,
    trusts_owners: bool,
) -> Result<Option<PathBuf>, DirectoryProblem> {
    let mut left: VecDeque<OsString> = VecDeque::new();
    let mut at = PathBuf::new();
    enter(&std::path::absolute(path).map_err(problem_from)?, &mut at, &mut left);
    let mut links = 0;
    while let Some(name) = left.pop_front() {
        if !trusts_owners {
            judge_on_way(&at)?;
        }
        if name == ".." {
            at.pop();
            continue;
        }
        let next = at.join(&name);
        let metadata = match fs::symlink_metadata(&next) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && makes => {
                make(&next)?;
                fs::symlink_metadata(&next).map_err(problem_from)?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            outcome => outcome.map_err(problem_from)?,
        };
        if metadata.is_dir() {
            at = next;
        } else if metadata.is_symlink() {
            links += 1;
            if links > MOST_LINKS {
                return Err(DirectoryProblem::NotADirectory);
            }
            if !trusts_owners {
                judge_link(&next, &metadata)?;
            }
            let target = fs::read_link(&next).map_err(problem_from)?;
            let mut target_left = VecDeque::new();
            enter(&target, &mut at, &mut target_left);
            target_left.append(&mut left);
            left = target_left;
        } else {
            return Err(DirectoryProblem::NotADirectory);
        }
    }
    // What other paths of this process look like.
    #[cfg(not(unix))]
    let at = fs::canonicalize(at).map_err(problem_from)?;
    Ok(Some(at))
}

/// Splits a path into names; where it is absolute, `at` begins anew.
fn enter(path: &Path, at: &mut PathBuf, names: &mut VecDeque<OsString>) {
    for part in path.components() {
        match part {
            Component::Prefix(_) => *at = PathBuf::from(part.as_os_str()),
            Component::RootDir => at.push(part),
            Component::CurDir => {}
            Component::ParentDir | Component::Normal(_) => names.push_back(part.as_os_str().to_owned()),
        }
    }
}

fn make(path: &Path) -> Result<(), DirectoryProblem> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        outcome => outcome.map_err(problem_from)?,
    }
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700)).map_err(problem_from)?;
    Ok(())
}

#[cfg(unix)]
fn judge_on_way(path: &Path) -> Result<(), DirectoryProblem> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = fs::symlink_metadata(path).map_err(problem_from)?;
    if !is_trusted(metadata.uid()) {
        return Err(DirectoryProblem::ForeignOwner { path: path.to_owned(), owner: metadata.uid() });
    }
    let writers = foreign_writers(metadata.mode(), metadata.gid());
    writers.map_or(Ok(()), |writers| Err(DirectoryProblem::Writable { path: path.to_owned(), writers }))
}

/// In a folder with the sticky bit anybody may leave a link.
#[cfg(unix)]
fn judge_link(path: &Path, link: &fs::Metadata) -> Result<(), DirectoryProblem> {
    use std::os::unix::fs::MetadataExt as _;

    if is_trusted(link.uid()) {
        return Ok(());
    }
    Err(DirectoryProblem::ForeignOwner { path: path.to_owned(), owner: link.uid() })
}

#[cfg(not(unix))]
fn judge_on_way(_path: &Path) -> Result<(), DirectoryProblem> {
    Ok(())
}

#[cfg(not(unix))]
fn judge_link(_path: &Path, _link: &fs::Metadata) -> Result<(), DirectoryProblem> {
    Ok(())
}

/// Who, beside the owner, may move what is in a folder of this mode and group.
#[cfg(unix)]
pub(crate) fn foreign_writers(mode: u32, group: u32) -> Option<String> {
    const STICKY: u32 = 0o1000;
    // The groups of the user alone and of root.
    let is_own_group = || group == rustix::process::getegid().as_raw() || group == 0;
    if mode & STICKY != 0 {
        None
    } else if mode & 0o002 != 0 {
        Some("everybody".to_owned())
    } else if mode & 0o020 != 0 && !is_own_group() {
        Some(format!("group {group}"))
    } else {
        None
    }
}

/// Whether an owner is this user or root.
#[cfg(unix)]
fn is_trusted(owner: u32) -> bool {
    owner == 0 || owner == rustix::process::geteuid().as_raw() || is_nameless(owner)
}

/// Whether an owner is one of those whom a sandbox has no number for: root outside of it, as a rule.
#[cfg(target_os = "linux")]
fn is_nameless(owner: u32) -> bool {
    let stand_in = fs::read_to_string("/proc/sys/kernel/overflowuid");
    stand_in.is_ok_and(|number| number.trim().parse() == Ok(owner))
        && fs::read_to_string("/proc/self/uid_map").is_ok_and(|map| !is_mapped(&map, owner))
}

/// Whether a user namespace has a user of this number: its lines are the first number within, that without, and how many.
#[cfg(target_os = "linux")]
fn is_mapped(map: &str, user: u32) -> bool {
    map.lines().any(|line| {
        let mut numbers = line.split_whitespace().map(|number| number.parse::<u64>().unwrap_or(0));
        let (first, _, count) = (numbers.next(), numbers.next(), numbers.next());
        first
            .zip(count)
            .is_some_and(|(first, count)| (first..first.saturating_add(count)).contains(&u64::from(user)))
    })
}

#[cfg(all(unix, not(target_os = "linux")))]
const fn is_nameless(_owner: u32) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_nameless_only_where_the_namespace_has_no_such_number() {
        assert!(is_mapped("         0          0 4294967295\n", 65_534));
        assert!(is_mapped("0 100000 65536\n", 65_534));
        assert!(!is_mapped("      1000       1000          1\n", 65_534));
        assert!(!is_mapped("0 1000 1\n1 100000 60000\n", 65_534));
    }

    #[test]
    fn a_group_of_the_user_alone_is_no_other() {
        let own = rustix::process::getegid().as_raw();
        assert_eq!(foreign_writers(0o775, own), None);
        assert_eq!(foreign_writers(0o775, 54_321).as_deref(), Some("group 54321"));
        assert_eq!(foreign_writers(0o777, own).as_deref(), Some("everybody"));
        assert_eq!(foreign_writers(0o1777, 54_321), None);
        assert_eq!(foreign_writers(0o755, 54_321), None);
    }
}
