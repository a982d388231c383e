use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::ReadError;
use crate::read::read_on;

/// The bytes of whatever the user of a program names: a file, a pipe of the shell (`<(…)`), a terminal. At most `limit` of them.
///
/// A pipe is waited for as long as somebody may write to it; a FIFO that nobody opens for writing within some seconds is an
/// error. For paths that come from anybody but the user, [`read`](crate::read) is the one to take.
///
/// # Errors
/// [`ReadError::TooLarge`] when there is more; [`ReadError::Io`] when the file system refuses.
pub fn read_named(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if std::fs::metadata(path)?.file_type().is_fifo() {
            return fifo::read(path, limit);
        }
    }
    read_stream(File::open(path)?, limit)
}

/// The bytes of a source that is open already, such as standard input. At most `limit` of them.
///
/// # Errors
/// As [`read_named`].
pub fn read_stream(source: impl Read, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    read_on(source, &mut bytes, limit)?;
    Ok(bytes)
}

#[cfg(unix)]
mod fifo {
    use std::fs::File;
    use std::io::{self, Read as _};
    use std::path::Path;
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::fs::{Mode, OFlags, open};
    use rustix::io::Errno;

    use crate::ReadError;

    /// How long nobody may have come to write.
    const PATIENCE: Duration = Duration::from_secs(5);

    pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut file = File::from(open(path, flags, Mode::empty()).map_err(io::Error::from)?);
        // A shell's own pipe has had its writer, who may be done; without one its end is its end.
        let mut had_writer = path.starts_with("/dev") || path.starts_with("/proc");
        let start = Instant::now();
        let mut bytes = Vec::new();
        let mut buffer = [0; 1 << 16];
        loop {
            match file.read(&mut buffer) {
                Ok(0) if had_writer => return Ok(bytes),
                Ok(0) if start.elapsed() > PATIENCE => {
                    let error = io::Error::new(io::ErrorKind::TimedOut, "nobody writes to this pipe");
                    return Err(ReadError::Io(error));
                }
                Ok(0) => sleep(Duration::from_millis(20)),
                Ok(count) => {
                    had_writer = true;
                    bytes.extend_from_slice(&buffer[..count]);
                    if bytes.len() as u64 > limit {
                        return Err(ReadError::TooLarge { limit });
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    had_writer = true;
                    match poll(&mut [PollFd::new(&file, PollFlags::IN)], None) {
                        Ok(_) | Err(Errno::INTR) => {}
                        Err(error) => return Err(ReadError::Io(error.into())),
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ReadError::Io(error)),
            }
        }
    }
}
