//! A folder that is open, and what lies in it: reached by name from the open folder, never through a link.
//!
//! Whoever may exchange a part of a path decides what the path leads to. Here only the names of one folder count, and a link, a FIFO,
//! a device or a file of another user in the place of a file is an error that says so.

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::Kind;

const FOLDER: Mode = Mode::RWXU;
const FILE: Mode = Mode::RUSR.union(Mode::WUSR);

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    file: File,
    path: PathBuf,
    /// Whether files of other users are taken as one's own.
    trusts_owners: bool,
}

impl Folder {
    /// Opens a folder whose path has no links; `path` itself must be none.
    pub(crate) fn open(path: &Path, trusts_owners: bool) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
        Ok(Self { file, path: path.to_owned(), trusts_owners })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn trusts_owners(&self) -> bool {
        self.trusts_owners
    }

    pub(crate) fn metadata(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn file_system(&self) -> io::Result<u32> {
        // Wider or narrower by architecture; the magic numbers are 32 bits.
        Ok(rustix::fs::fstatfs(&self.file)?.f_type as u32)
    }

    /// Whether its file system is mounted read-only.
    pub(crate) fn is_read_only(&self) -> io::Result<bool> {
        Ok(rustix::fs::fstatvfs(&self.file)?.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY))
    }

    /// What is at a name; `None` where nothing is.
    pub(crate) fn kind(&self, name: &str) -> io::Result<Option<Kind>> {
        match rustix::fs::statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(kind(&stat))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a name stands for this very file.
    pub(crate) fn is_at(&self, name: &str, file: &File) -> io::Result<bool> {
        let open = rustix::fs::fstat(file)?;
        match rustix::fs::statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok((stat.st_dev, stat.st_ino) == (open.st_dev, open.st_ino)),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The names in it, in any order.
    pub(crate) fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.file)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        Ok(names)
    }

    /// The folder at a name.
    pub(crate) fn folder(&self, name: &str) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.file, name, flags, Mode::empty()) {
            Ok(file) => Ok(Self {
                file: File::from(file),
                path: self.path.join(name),
                trusts_owners: self.trusts_owners,
            }),
            Err(Errno::LOOP | Errno::MLINK | Errno::NOTDIR) => Err(self.odd(name, "no folder")),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the folder at a name, for this user alone whatever the process's mask is.
    pub(crate) fn make_folder(&self, name: &str) -> io::Result<Self> {
        rustix::fs::mkdirat(&self.file, name, FOLDER)?;
        rustix::fs::chmodat(&self.file, name, FOLDER, AtFlags::empty())?;
        self.folder(name)
    }

    /// The regular file at a name, for reading.
    pub(crate) fn file(&self, name: &str) -> io::Result<File> {
        self.open_file(name, OFlags::RDONLY)
    }

    /// The regular file at a name, for reading and writing.
    pub(super) fn writable_file(&self, name: &str) -> io::Result<File> {
        self.open_file(name, OFlags::RDWR)
    }

    /// Makes a file that is not there, for this user alone.
    pub(crate) fn make_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(&self.file, name, flags, FILE)?);
        rustix::fs::fchmod(&file, FILE)?;
        Ok(file)
    }

    /// Looks first: opening a FIFO or a device may wait or do something.
    fn open_file(&self, name: &str, access: OFlags) -> io::Result<File> {
        let before = rustix::fs::statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW)?;
        if kind(&before) != Kind::File {
            return Err(self.odd(name, "no regular file"));
        }
        let flags = access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = match rustix::fs::openat(&self.file, name, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::LOOP | Errno::MLINK | Errno::NXIO) => return Err(self.odd(name, "no regular file")),
            Err(error) => return Err(error.into()),
        };
        let stat = rustix::fs::fstat(&file)?;
        if kind(&stat) != Kind::File {
            return Err(self.odd(name, "no regular file"));
        }
        let is_own = stat.st_uid == rustix::process::geteuid().as_raw();
        if !is_own && !self.trusts_owners {
            return Err(self.odd(name, &format!("of user {}", stat.st_uid)));
        }
        Ok(file)
    }

    /// Closes a file of ours to others: earlier builds left some to the mask of the process. Best effort.
    pub(crate) fn make_private(&self, name: &str) {
        let Ok(file) = self.file(name) else { return };
        let is_open = rustix::fs::fstat(&file)
            .is_ok_and(|stat| Mode::from_raw_mode(stat.st_mode).intersects(Mode::RWXG | Mode::RWXO));
        if is_open && let Err(error) = rustix::fs::fchmod(&file, FILE) {
            tracing::debug!(target: "repo_map_cache", "{name} stays open to others: {error}");
        }
    }

    pub(crate) fn remove_file(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.file, name, AtFlags::empty())?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.file, name, AtFlags::REMOVEDIR)?)
    }

    /// Gives a file or a folder another name in this folder, which must be free.
    pub(crate) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        if self.kind(to)?.is_some() {
            return Err(Errno::EXIST.into());
        }
        Ok(rustix::fs::renameat(&self.file, from, &self.file, to)?)
    }

    /// Gives a file a second name, in another folder.
    pub(crate) fn link(&self, name: &str, other: &Self) -> io::Result<()> {
        Ok(rustix::fs::linkat(&self.file, name, &other.file, name, AtFlags::empty())?)
    }
}

fn kind(stat: &Stat) -> Kind {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        _ => Kind::Other,
    }
}
