//! What the kernel says of changes in directories, on Linux.
//!
//! Events are queued before the call that changes something returns, so whoever asks after a change hears of it. They are read when it
//! is asked: no thread runs.

use std::path::Path;

/// What happened since it was last asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Nothing.
    Nothing,
    /// Something in a directory, or to a file in it.
    Something,
    /// It is not known, and will not be: a directory was moved or is gone, or too much has happened.
    Lost,
}

#[cfg(target_os = "linux")]
pub(crate) use linux::Watch;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::Watch;

#[cfg(target_os = "linux")]
mod linux {
    use std::mem::MaybeUninit;

    use rustix::fd::OwnedFd;
    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};
    use rustix::io::Errno;

    use super::{Heard, Path};

    /// Directories that the kernel watches.
    #[derive(Debug)]
    pub(crate) struct Watch(OwnedFd);

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

    impl Watch {
        /// Watches directories; `None` where not all of them can be: the kernel allows each user so many.
        pub(crate) fn of<'a>(mut directories: impl Iterator<Item = &'a Path>) -> Option<Self> {
            let inotify = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
            let all = directories.try_for_each(|path| add_watch(&inotify, path, CHANGES).map(drop));
            all.ok().map(|()| Self(inotify))
        }

        /// What happened since it was last asked.
        pub(crate) fn heard(&self) -> Heard {
            let mut buffer = [MaybeUninit::uninit(); 1 << 14];
            let mut events = Reader::new(&self.0, &mut buffer);
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
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use super::{Heard, Path};

    /// There is none here.
    #[derive(Debug)]
    pub(crate) struct Watch(std::convert::Infallible);

    impl Watch {
        pub(crate) fn of<'a>(_: impl Iterator<Item = &'a Path>) -> Option<Self> {
            None
        }

        pub(crate) fn heard(&self) -> Heard {
            match self.0 {}
        }
    }
}
