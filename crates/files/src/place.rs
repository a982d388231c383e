//! Where a file lies, reached from the root through folders alone.
//!
//! A folder of the tree may be exchanged for a link at any moment. So the folder that holds the file is opened, once, and all that is
//! asked of the file is asked from there. A path of many folders costs the kernel one walk: asking for each folder by its own path would
//! cost the square of the depth, 8 ms a file at 900 folders.

#[cfg(not(unix))]
pub(crate) use by_path::Place;
#[cfg(unix)]
pub(crate) use opened::Place;

#[cfg(unix)]
mod opened {
    use std::fs::{File, Metadata};
    use std::io;
    use std::path::Path;

    use repo_map_model::RepoPath;
    use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, statat};
    use rustix::io::Errno;

    use crate::SkipReason;

    /// For looking up names, where the platform has that.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const LOOK: OFlags = OFlags::PATH.union(OFlags::CLOEXEC);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const LOOK: OFlags = OFlags::CLOEXEC;

    const FOLDER: OFlags = LOOK.union(OFlags::DIRECTORY);
    const FILE: OFlags =
        OFlags::CLOEXEC.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

    /// A name in a folder that is open.
    pub(crate) struct Place<'p> {
        folder: OwnedFd,
        name: &'p str,
    }

    impl<'p> Place<'p> {
        pub(crate) fn of(root: &Path, path: &'p RepoPath) -> Result<Self, SkipReason> {
            Self::through(root, path, enter)
        }

        pub(super) fn through(
            root: &Path,
            path: &'p RepoPath,
            enter: impl FnOnce(OwnedFd, &str) -> Result<OwnedFd, SkipReason>,
        ) -> Result<Self, SkipReason> {
            // The root itself may be reached through links: it is what the user named.
            let root = openat(CWD, root, FOLDER, Mode::empty()).map_err(reason)?;
            match path.as_str().rsplit_once('/') {
                Some((folders, name)) => Ok(Self { folder: enter(root, folders)?, name }),
                None => Ok(Self { folder: root, name: path.as_str() }),
            }
        }

        /// Whether it is a regular file; of all else, why it is not read.
        pub(crate) fn look(&self) -> Result<(), SkipReason> {
            let now = statat(&self.folder, self.name, AtFlags::SYMLINK_NOFOLLOW).map_err(reason)?;
            match FileType::from_raw_mode(now.st_mode) {
                FileType::RegularFile => Ok(()),
                FileType::Symlink => Err(SkipReason::Symlink),
                _ => Err(SkipReason::NotRegular),
            }
        }

        /// Opens for reading, without following a link or waiting.
        pub(crate) fn open(&self) -> io::Result<File> {
            Ok(File::from(openat(&self.folder, self.name, FILE, Mode::empty())?))
        }

        /// What it says of itself, whatever it is. Nothing is opened for reading.
        pub(crate) fn metadata(&self, root: &Path, path: &RepoPath) -> io::Result<Metadata> {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            {
                let _ = (root, path);
                let seen = openat(&self.folder, self.name, LOOK | OFlags::NOFOLLOW, Mode::empty())?;
                File::from(seen).metadata()
            }
            #[cfg(not(any(target_os = "linux", target_os = "android")))]
            root.join(path.as_str()).symlink_metadata()
        }
    }

    #[cfg(target_os = "linux")]
    fn enter(root: OwnedFd, folders: &str) -> Result<OwnedFd, SkipReason> {
        use rustix::fs::{ResolveFlags, openat2};

        match openat2(&root, folders, FOLDER, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
            Ok(folder) => Ok(folder),
            Err(Errno::LOOP) => Err(SkipReason::Symlink),
            // Linux before 5.6, or a sandbox that does not know the call.
            Err(Errno::NOSYS | Errno::PERM) => enter_each(root, folders),
            Err(error) => Err(reason(error)),
        }
    }

    #[cfg(not(target_os = "linux"))]
    use enter_each as enter;

    /// One folder after the other, each from the one above.
    pub(super) fn enter_each(root: OwnedFd, folders: &str) -> Result<OwnedFd, SkipReason> {
        folders.split('/').try_fold(root, |above, name| {
            match openat(&above, name, FOLDER | OFlags::NOFOLLOW, Mode::empty()) {
                Ok(folder) => Ok(folder),
                // A link among them, by the platform, or anything else that is no folder.
                Err(Errno::NOTDIR | Errno::LOOP | Errno::MLINK) => Err(no_folder(above.as_fd(), name)),
                Err(error) => Err(reason(error)),
            }
        })
    }

    fn no_folder(above: BorrowedFd<'_>, name: &str) -> SkipReason {
        match statat(above, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(now) if FileType::from_raw_mode(now.st_mode) == FileType::Symlink => SkipReason::Symlink,
            _ => SkipReason::Vanished,
        }
    }

    fn reason(error: Errno) -> SkipReason {
        SkipReason::of_io(&error.into())
    }
}

#[cfg(not(unix))]
mod by_path {
    use std::fs::{File, Metadata};
    use std::io;
    use std::path::{Path, PathBuf};

    use repo_map_model::RepoPath;

    use crate::SkipReason;

    /// A path whose folders were looked at: what is exchanged since is not noticed.
    pub(crate) struct Place(PathBuf);

    impl Place {
        pub(crate) fn of(root: &Path, path: &RepoPath) -> Result<Self, SkipReason> {
            let mut full = root.to_owned();
            let mut parts = path.components().peekable();
            while let Some(part) = parts.next() {
                // There such a part would be a drive or more parts than one, and lead out of the root.
                if cfg!(windows) && part.contains(['\\', ':']) {
                    return Err(SkipReason::Vanished);
                }
                full.push(part);
                if parts.peek().is_none() {
                    break;
                }
                let above = full.symlink_metadata().map_err(|error| SkipReason::of_io(&error))?;
                if above.is_symlink() {
                    return Err(SkipReason::Symlink);
                } else if !above.is_dir() {
                    return Err(SkipReason::Vanished);
                }
            }
            Ok(Self(full))
        }

        pub(crate) fn look(&self) -> Result<(), SkipReason> {
            let now = self.0.symlink_metadata().map_err(|error| SkipReason::of_io(&error))?;
            match () {
                () if now.is_symlink() => Err(SkipReason::Symlink),
                () if !now.is_file() => Err(SkipReason::NotRegular),
                () => Ok(()),
            }
        }

        pub(crate) fn open(&self) -> io::Result<File> {
            File::open(&self.0)
        }

        pub(crate) fn metadata(&self, _root: &Path, _path: &RepoPath) -> io::Result<Metadata> {
            self.0.symlink_metadata()
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use repo_map_model::RepoPath;
    use rustix::time::{ClockId, clock_gettime};

    use super::opened::enter_each;
    use super::*;
    use crate::SkipReason;

    #[test]
    fn a_kernel_without_the_one_walk_finds_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/b/file"), "").unwrap();
        fs::create_dir(folder.path().join("outside")).unwrap();
        fs::write(folder.path().join("outside/file"), "").unwrap();
        symlink("../../outside", root.join("a/away")).unwrap();
        symlink("b", root.join("a/beside")).unwrap();
        symlink("file", root.join("a/b/link")).unwrap();
        let cases = [
            ("a/b/file", Ok(())),
            ("a/b/link", Err(SkipReason::Symlink)),
            ("a/b", Err(SkipReason::NotRegular)),
            ("a/away/file", Err(SkipReason::Symlink)),
            ("a/beside/file", Err(SkipReason::Symlink)),
            ("a/b/file/below", Err(SkipReason::Vanished)),
            ("a/none/file", Err(SkipReason::Vanished)),
            ("none", Err(SkipReason::Vanished)),
        ];
        for (path, expected) in cases {
            let path = RepoPath::new(path).unwrap();
            let one = Place::of(&root, &path).and_then(|place| place.look());
            let each = Place::through(&root, &path, enter_each).and_then(|place| place.look());
            assert_eq!((one, each), (expected, expected), "{path}");
        }
    }

    #[test]
    fn a_folder_that_is_exchanged_for_a_link_after_it_was_reached_leads_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("root/a")).unwrap();
        fs::write(folder.path().join("root/a/file"), "inside").unwrap();
        fs::create_dir(folder.path().join("outside")).unwrap();
        fs::write(folder.path().join("outside/file"), "outside").unwrap();
        let path = RepoPath::new("a/file").unwrap();
        let place = Place::of(&folder.path().join("root"), &path).unwrap();
        fs::rename(folder.path().join("root/a"), folder.path().join("root/was")).unwrap();
        symlink("../outside", folder.path().join("root/a")).unwrap();
        let text = std::io::read_to_string(place.open().unwrap()).unwrap();
        assert_eq!(text, "inside");
    }

    /// Measured in time that this thread has the processor: 900 folders cost a look at each some 400 times as much.
    #[test]
    fn a_file_costs_a_few_walks_to_its_folder_however_deep_that_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = RepoPath::new(&("d/".repeat(900) + "file")).unwrap();
        let full = folder.path().join(path.as_str());
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(&full, "").unwrap();
        let spent = |work: &dyn Fn()| {
            let now = || {
                let now = clock_gettime(ClockId::ThreadCPUTime);
                now.tv_sec * 1_000_000_000 + now.tv_nsec
            };
            let start = now();
            (0..200).for_each(|_| work());
            (now() - start) as f64
        };
        let plain = spent(&|| drop(fs::File::open(&full).unwrap()));
        let ours = spent(&|| drop(Place::of(folder.path(), &path).unwrap().open().unwrap()));
        assert!(ours < 60.0 * plain, "{:.1} walks a file", ours / plain);
    }
}
