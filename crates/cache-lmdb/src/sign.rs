//! The sign of a clean close: the file `closed` of a generation says that the data file is whole as it is.
//!
//! The last process that closes the store leaves it, the first that opens it takes it away before it maps the file. It
//! binds the file (device, number, length, times), LMDB's last transaction, and the boot of the machine: commits are not synced, so what
//! a failure of the machine leaves is another file than the kernel had. Any difference means the whole check. Without the
//! sign an open costs as much as the store is large.
//!
//! Elsewhere than on Linux there is none: no number of the boot.

use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::checker::Extent;
use crate::folder::Folder;

pub(crate) const NAME: &str = "closed";

pub(crate) fn remove(folder: &Folder) -> io::Result<()> {
    match folder.remove_file(NAME) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn read(_folder: &Folder, _data: &File) -> Option<Extent> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn leave(_versioned: &Arc<Folder>, _folder: &Folder) -> io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
pub(crate) use linux::{leave, read};

#[cfg(target_os = "linux")]
mod linux {
    use std::fmt::Write as _;
    use std::io::Write as _;
    use std::os::unix::fs::MetadataExt as _;
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    use super::{Arc, Extent, File, Folder, NAME, io, remove};
    use crate::checker::{free_pages, head};
    use crate::decision::Decision;
    use crate::generation::{DATA, USERS};
    use crate::lock::Lock;
    use crate::marks;

    /// A shorter file is checked in less time than this is written.
    const LEAST: u64 = 1 << 20;

    /// How often to wait a millisecond for the clock of the file system.
    const ROUNDS: u32 = 20;

    /// What the sign says of the file, if it is true.
    pub(crate) fn read(folder: &Folder, data: &File) -> Option<Extent> {
        let found = String::from_utf8(marks::read(folder, NAME).ok()?).ok()?;
        let free = found.strip_suffix('\n')?.rsplit(' ').next()?.parse().ok()?;
        let extent = Extent { free, ..head(data).ok()? };
        (found == text(data, extent).ok()? && free <= extent.pages).then_some(extent)
    }

    /// Leaves the sign, if no other process has the store open or is about to open it.
    pub(crate) fn leave(versioned: &Arc<Folder>, folder: &Folder) -> io::Result<()> {
        let data = folder.file(DATA)?;
        if data.metadata()?.len() < LEAST {
            return Ok(());
        }
        for _ in 0..ROUNDS {
            if is_settled(&data)? {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let Some(_decision) = Decision::soon(versioned) else { return Ok(()) };
        // Its own process has given it back.
        let Some(_users) = Lock::alone(folder.file_or_new(USERS)?)? else { return Ok(()) };
        if !is_settled(&data)? {
            return Ok(());
        }
        let extent = free_pages(&data).map_err(|fault| io::Error::other(fault.to_string()))?;
        let text = text(&data, extent)?;
        remove(folder)?;
        folder.make_file(NAME)?.write_all(text.as_bytes()).inspect_err(|_| {
            let _ = remove(folder);
        })
    }

    /// Whether whatever is written to the file from now on changes its times: they are those of the last tick of the
    /// kernel's clock.
    fn is_settled(data: &File) -> io::Result<bool> {
        let metadata = data.metadata()?;
        let now = clock_gettime(ClockId::RealtimeCoarse);
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        // Some file systems count whole seconds.
        Ok(changed.1 != 0 && changed < (now.tv_sec, now.tv_nsec))
    }

    fn text(data: &File, extent: Extent) -> io::Result<String> {
        let metadata = data.metadata()?;
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?;
        let mut text = format!("lmdb cache closed 1\nboot {}\n", boot.trim());
        let (modified, changed) = (metadata.mtime(), metadata.ctime());
        let lines = [
            format!("file {} {} {}", metadata.dev(), metadata.ino(), metadata.len()),
            format!("modified {modified}.{:09}", metadata.mtime_nsec()),
            format!("changed {changed}.{:09}", metadata.ctime_nsec()),
            format!("transaction {}", extent.transaction),
            format!("pages {} of {}, free {}", extent.pages, extent.page_size, extent.free),
        ];
        lines.iter().for_each(|line| writeln!(text, "{line}").expect("a string takes what it is given"));
        Ok(text)
    }
}
