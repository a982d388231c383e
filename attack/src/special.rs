//! What is no regular file, or is one without an end.

use std::fs;
use std::os::unix::net::UnixListener;

use anyhow::{Context as _, Result};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::attempt::Attempt;

/// Puts something at a path that must be neither waited for nor read without end.
pub(crate) fn put(attempt: &mut Attempt<'_>, name: &str) -> Result<()> {
    let sort = attempt.random.below(7);
    put_sort(attempt, name, sort)
}

/// As [`put`]: 0 to 2 are FIFOs and links to `/dev/zero`, the rest less harmful.
pub(crate) fn put_sort(attempt: &mut Attempt<'_>, name: &str, sort: usize) -> Result<()> {
    let path = attempt.path(name);
    fs::create_dir_all(path.parent().context("a file has a folder")?)?;
    match sort {
        0 | 1 => mkfifo(&path, Mode::from_bits_truncate(0o644))?,
        2 => attempt.link("/dev/zero", name)?,
        3 => attempt.link("/proc/kmsg", name)?,
        4 => fs::create_dir(&path)?,
        5 => match UnixListener::bind(&path) {
            Ok(_) => {}
            // The name is too long for a socket.
            Err(_) => attempt.link("/dev/tty", name)?,
        },
        // A terabyte that takes no room.
        _ => fs::File::create(&path)?.set_len(1 << 40)?,
    }
    Ok(())
}
