//! What is believed of the file system that a tree is on.

#[cfg(target_os = "linux")]
pub(crate) use linux::{device, is_local, is_watchable};
#[cfg(not(target_os = "linux"))]
pub(crate) use other::{device, is_local, is_watchable};

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use rustix::fs::statfs;

    use crate::opened::Opened;

    /// By the magic numbers of `statfs(2)`: bcachefs, btrfs, ext2 to 4, f2fs, overlay, tmpfs, XFS, ZFS.
    const LOCAL: [u32; 8] =
        [0xca45_1a4e, 0x9123_683e, 0xef53, 0xf2f5_2010, 0x794c_7630, 0x0102_1994, 0x5846_5342, 0x2fc1_2fc1];

    /// Whether the path is on a file system that is known to change a directory's times with its entries, at once, and that no other
    /// machine can change.
    pub(crate) fn is_local(path: &Path) -> bool {
        statfs(path).is_ok_and(|facts| LOCAL.contains(&(facts.f_type as u32)))
    }

    /// Whether all that programs of this machine do by name is told to who watches. For an overlay that holds since Linux 4.16, which
    /// finds a watched directory again after it was forgotten and copied up; what says where something is mounted is later.
    pub(crate) fn is_watchable(path: &Path) -> bool {
        let own = || Opened::root(path)?.own();
        is_local(path) && own().is_some_and(|own| own.is_mounted.is_some())
    }

    /// The device that a path is on; file systems may be mounted below a root that keep no times of directories.
    pub(crate) fn device(path: &Path) -> Option<u64> {
        fs::symlink_metadata(path).ok().map(|metadata| metadata.dev())
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::path::Path;

    pub(crate) fn is_local(_: &Path) -> bool {
        false
    }

    pub(crate) fn is_watchable(_: &Path) -> bool {
        false
    }

    pub(crate) fn device(_: &Path) -> Option<u64> {
        None
    }
}
