use std::io;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is a directory, a FIFO, a socket, a device, a refused link, or a file that the kernel makes up.
    #[error("it is no regular file")]
    NotRegular,
    /// It has more bytes than the caller allows.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// The bound, in bytes.
        limit: u64,
    },
    /// It is not UTF-8 text.
    #[error("it is not UTF-8")]
    NotText,
    /// The file system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl ReadError {
    /// Whether nothing is at the path.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
    }
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => error,
            ReadError::TooLarge { .. } => Self::new(io::ErrorKind::FileTooLarge, error),
            ReadError::NotRegular | ReadError::NotText => Self::new(io::ErrorKind::InvalidData, error),
        }
    }
}
