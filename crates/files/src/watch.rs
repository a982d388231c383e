//! What the kernel says of changes in directories, on Linux.
//!
//! Events are queued before the call that changes something returns, so whoever asks after a change hears of it. They are read when it
//! is asked: no thread runs.

use std::path::Path;

/// What happened since it was last asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "nothing is heard elsewhere"))]
pub(crate) enum Heard {
    /// Nothing.
    Nothing,
    /// Something in a directory, or to a file in it.
    Something,
    /// It is not known, and will not be: a directory was moved or is gone, something was mounted, or too much has happened.
    Lost,
}

#[cfg(target_os = "linux")]
pub(crate) use linux::Watch;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::Watch;

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::mem::MaybeUninit;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fd::OwnedFd;
    use rustix::fs::fstatfs;
    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};
    use rustix::io::Errno;

    use super::{Heard, Path};

    /// Directories that the kernel watches.
    #[derive(Debug)]
    pub(crate) struct Watch {
        directories: OwnedFd,
        /// The list of mounted file systems: what is mounted over a directory is told to nobody who watches it.
        mounts: File,
        /// Who asks. A fork would take the answers away from the process that it is a copy of.
        pub(super) process: u32,
    }

    /// Whatever changes a name, a content or a `stat`. Closing a file that was open for writing is the last that is heard of one
    /// that was written through a mapping.
    const CHANGES: WatchFlags = WatchFlags::MODIFY
        .union(WatchFlags::ATTRIB)
        .union(WatchFlags::CLOSE_WRITE)
        .union(WatchFlags::CREATE)
        .union(WatchFlags::DELETE)
        .union(WatchFlags::MOVE)
        .union(WatchFlags::DELETE_SELF)
        .union(WatchFlags::MOVE_SELF)
        .union(WatchFlags::ONLYDIR)
        .union(WatchFlags::DONT_FOLLOW);

    /// After these a watch is not what it was.
    const ENDS: ReadFlags = ReadFlags::QUEUE_OVERFLOW
        .union(ReadFlags::UNMOUNT)
        .union(ReadFlags::IGNORED)
        .union(ReadFlags::DELETE_SELF)
        .union(ReadFlags::MOVE_SELF);

    /// More events than the queue holds by default: who makes them without end is not waited for.
    const MOST_EVENTS: usize = 1 << 16;

    /// Of `proc`, where the kernel's own lists are.
    const PROC: u32 = 0x9fa0;

    impl Watch {
        /// Watches directories; `None` where the kernel would not watch them all, or could not but for what other programs need: it
        /// allows each user so many.
        pub(crate) fn of<'a>(mut directories: impl ExactSizeIterator<Item = &'a Path>) -> Option<Self> {
            let allowed = std::fs::read_to_string("/proc/sys/fs/inotify/max_user_watches").ok()?;
            let allowed: usize = allowed.trim().parse().ok()?;
            if directories.len() > allowed / 2 {
                return None;
            }
            // From here on changes of the list are told.
            let mounts = File::open("/proc/self/mountinfo").ok()?;
            if fstatfs(&mounts).ok()?.f_type as u32 != PROC {
                return None;
            }
            let inotify = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
            let all = directories.try_for_each(|path| add_watch(&inotify, path, CHANGES).map(drop));
            all.ok().map(|()| Self { directories: inotify, mounts, process: std::process::id() })
        }

        /// What happened since it was last asked.
        pub(crate) fn heard(&self) -> Heard {
            if self.process != std::process::id() || self.are_mounts_changed() {
                return Heard::Lost;
            }
            let mut buffer = [MaybeUninit::uninit(); 1 << 14];
            let mut events = Reader::new(&self.directories, &mut buffer);
            let mut heard = Heard::Nothing;
            for _ in 0..MOST_EVENTS {
                match events.next() {
                    Ok(event) if event.events().intersects(ENDS) => return Heard::Lost,
                    Ok(_) => heard = Heard::Something,
                    Err(Errno::AGAIN) => return heard,
                    Err(Errno::INTR) => {}
                    Err(_) => return Heard::Lost,
                }
            }
            Heard::Lost
        }

        fn are_mounts_changed(&self) -> bool {
            let mut list = [PollFd::new(&self.mounts, PollFlags::PRI)];
            let at_once = Timespec::default();
            // What is interrupted has told nothing: better one look too many.
            poll(&mut list, Some(&at_once)).map_or(true, |changed| changed > 0)
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use super::{Heard, Path};

    /// There is none here.
    #[derive(Debug)]
    pub(crate) struct Watch(std::convert::Infallible);

    impl Watch {
        pub(crate) fn of<'a>(_: impl ExactSizeIterator<Item = &'a Path>) -> Option<Self> {
            None
        }

        pub(crate) fn heard(&self) -> Heard {
            match self.0 {}
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn watch(many: usize) -> Option<Watch> {
        let folder = tempfile::tempdir().expect("a folder");
        Watch::of(std::iter::repeat_n(folder.path(), many))
    }

    #[test]
    fn other_programs_keep_watches_to_have() {
        let allowed = std::fs::read_to_string("/proc/sys/fs/inotify/max_user_watches").unwrap();
        let allowed: usize = allowed.trim().parse().unwrap();
        assert!(watch(1).is_some());
        assert!(watch(allowed / 2 + 1).is_none());
    }

    #[test]
    fn what_a_fork_was_told_is_not_taken_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::of(std::iter::once(folder.path())).unwrap();
        // Other tests mount something meanwhile.
        assert!((0..9).any(|_| watch.heard() == Heard::Nothing));
        watch.process += 1;
        assert_eq!(watch.heard(), Heard::Lost);
    }
}
