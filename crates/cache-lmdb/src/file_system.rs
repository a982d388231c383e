//! Which file systems carry a memory map that several processes write through locks.

use crate::DirectoryProblem;
#[cfg(target_os = "linux")]
use crate::directory::problem_from;
use crate::folder::Folder;

/// Refuses file systems on which LMDB loses data or blocks: those where the pages of another machine or of a
/// user-space server stand behind the map. Overlay, tmpfs and everything on a local device are fine.
#[cfg(target_os = "linux")]
pub(crate) fn check(directory: &Folder) -> Result<(), DirectoryProblem> {
    match unsuitable(directory.file_system().map_err(problem_from)?) {
        Some(file_system) => Err(DirectoryProblem::FileSystem(file_system)),
        None => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn check(_directory: &Folder) -> Result<(), DirectoryProblem> {
    Ok(())
}

/// The name of an unsuitable file system by the magic number of `statfs(2)`.
#[cfg_attr(
    not(any(test, target_os = "linux")),
    expect(dead_code, reason = "only Linux tells file systems by magic number")
)]
const fn unsuitable(magic: u32) -> Option<&'static str> {
    Some(match magic {
        0x6969 => "nfs",
        0x517b => "smb",
        0xff53_4d42 => "cifs",
        0xfe53_4d42 => "smb2",
        0x0102_1997 => "9p",
        0x6573_5546 => "fuse",
        0x00c3_6400 => "ceph",
        0x5346_414f | 0x6b41_4653 => "afs",
        0x7375_7245 => "coda",
        0x564c => "ncp",
        0x0bd0_0bd0 => "lustre",
        0x0116_1970 => "gfs2",
        0x7461_636f => "ocfs2",
        0x786f_4256 => "vboxsf",
        0x1983_0326 => "beegfs",
        0x4750_4653 => "gpfs",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_refused_and_those_of_containers_are_not() {
        for magic in [0x6969, 0xff53_4d42, 0x0102_1997, 0x6573_5546] {
            assert!(unsuitable(magic).is_some(), "{magic:x}");
        }
        // ext4, xfs, btrfs, tmpfs, overlay, zfs, f2fs.
        for magic in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0x2fc1_2fc1, 0xf2f5_2010] {
            assert_eq!(unsuitable(magic), None, "{magic:x}");
        }
    }
}
