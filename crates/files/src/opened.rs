//! A directory that is open, so that the names below it are looked up from there.

use std::path::Path;

use crate::StatFingerprint;

/// What a `stat` says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) fingerprint: StatFingerprint,
    /// Regular: no directory, no link.
    pub(crate) is_file: bool,
    pub(crate) device: u64,
    /// How many names it has.
    pub(crate) links: u32,
    /// Whether something is mounted there; `None` where the kernel does not say.
    pub(crate) is_mounted: Option<bool>,
}

#[cfg(target_os = "linux")]
pub(crate) use linux::Opened;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::Opened;

#[cfg(target_os = "linux")]
mod linux {
    use rustix::fd::OwnedFd;
    use rustix::fs::{
        AtFlags, CWD, FileType, Mode, OFlags, StatxAttributes, StatxFlags, makedev, openat, statx,
    };

    use super::{Facts, Path, StatFingerprint};

    /// A directory.
    pub(crate) struct Opened(OwnedFd);

    /// For looking up names, not for listing.
    const PLACE: OFlags =
        OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

    impl Opened {
        pub(crate) fn root(path: &Path) -> Option<Self> {
            openat(CWD, path, PLACE, Mode::empty()).ok().map(Self)
        }

        pub(crate) fn below(&self, path: &str) -> Option<Self> {
            openat(&self.0, path, PLACE, Mode::empty()).ok().map(Self)
        }

        /// Of the directory itself.
        pub(crate) fn own(&self) -> Option<Facts> {
            self.ask("", AtFlags::EMPTY_PATH)
        }

        /// Links are not followed.
        pub(crate) fn stat(&self, path: &str) -> Option<Facts> {
            self.ask(path, AtFlags::SYMLINK_NOFOLLOW)
        }

        fn ask(&self, path: &str, flags: AtFlags) -> Option<Facts> {
            let wanted = StatxFlags::BASIC_STATS;
            let now = statx(&self.0, path, flags, wanted).ok()?;
            // A file system that cannot tell something says so.
            if now.stx_mask & wanted.bits() != wanted.bits() {
                return None;
            }
            let fingerprint = StatFingerprint {
                size: now.stx_size,
                mtime_ns: nanoseconds(now.stx_mtime.tv_sec, now.stx_mtime.tv_nsec),
                ctime_ns: nanoseconds(now.stx_ctime.tv_sec, now.stx_ctime.tv_nsec),
                inode: now.stx_ino,
            };
            let is_file = FileType::from_raw_mode(now.stx_mode.into()) == FileType::RegularFile;
            let device = makedev(now.stx_dev_major, now.stx_dev_minor);
            let says = now.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT);
            let is_mounted = says.then(|| now.stx_attributes.contains(StatxAttributes::MOUNT_ROOT));
            Some(Facts { fingerprint, is_file, device, links: now.stx_nlink, is_mounted })
        }
    }

    fn nanoseconds(seconds: i64, ns: u32) -> i64 {
        seconds.saturating_mul(1_000_000_000).saturating_add(i64::from(ns))
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::path::PathBuf;

    use super::{Facts, Path, StatFingerprint};

    /// A directory. Its path: nothing is believed of file systems here, so nothing is asked twice.
    pub(crate) struct Opened(PathBuf);

    impl Opened {
        pub(crate) fn root(path: &Path) -> Option<Self> {
            Some(Self(path.to_owned()))
        }

        pub(crate) fn below(&self, path: &str) -> Option<Self> {
            Some(Self(self.0.join(path)))
        }

        pub(crate) fn own(&self) -> Option<Facts> {
            self.stat("")
        }

        pub(crate) fn stat(&self, path: &str) -> Option<Facts> {
            let now = self.0.join(path).symlink_metadata().ok()?;
            let fingerprint = StatFingerprint::of(&now);
            Some(Facts { fingerprint, is_file: now.is_file(), device: 0, links: 1, is_mounted: None })
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_fingerprint_is_the_same_whoever_asks() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/c"), "text").unwrap();
        std::os::unix::fs::symlink("c", folder.path().join("a/b/link")).unwrap();
        let root = Opened::root(folder.path()).unwrap();
        let inner = root.below("a").unwrap();
        for (path, is_file) in [("b", false), ("b/c", true), ("b/link", false)] {
            let path_of = folder.path().join("a").join(path);
            let facts = inner.stat(path).unwrap();
            assert_eq!(facts.fingerprint, StatFingerprint::of(&path_of.symlink_metadata().unwrap()));
            assert_eq!((facts.is_file, facts.device), (is_file, root.own().unwrap().device));
        }
        let own = StatFingerprint::of(&folder.path().symlink_metadata().unwrap());
        assert_eq!(root.own().unwrap().fingerprint, own);
        assert!(inner.stat("none").is_none());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_link_is_no_directory() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        std::os::unix::fs::symlink("a", folder.path().join("link")).unwrap();
        let root = Opened::root(folder.path()).unwrap();
        assert!(root.below("a").is_some() && root.below("link").is_none());
    }
}
