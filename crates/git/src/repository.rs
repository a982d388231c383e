//! Where a repository keeps what.

use std::fs;
use std::path::{Path, PathBuf};

use gix_hash::Kind;
use repo_map_bounded_io::{Links, ReadError, read};

use crate::Error;
use crate::config::{self, Settings};

/// Of files that hold one path.
const MAX_PATH_BYTES: u64 = 64 << 10;

/// A repository. Holds places, no open files: it may live as long as the process.
#[derive(Clone, Debug)]
pub struct Repository {
    git_dir: PathBuf,
    common_dir: PathBuf,
    work_tree: Option<PathBuf>,
    object_hash: Kind,
    pub(crate) has_reftable: bool,
    pub(crate) ignores_replacements: bool,
}

impl Repository {
    /// Opens the repository of a `.git`, which is a folder or a file that names one, or of a bare repository's folder.
    ///
    /// # Errors
    /// When a file that says how to read it is missing, makes no sense or is none that is read.
    pub fn open(dot_git: &Path) -> Result<Self, Error> {
        let is_file =
            fs::metadata(dot_git).map_err(|error| Error::unreadable(dot_git, error.into()))?.is_file();
        let git_dir = if is_file { named_by_file(dot_git)? } else { dot_git.to_owned() };
        let common = read_optional(&git_dir.join("commondir"), MAX_PATH_BYTES)?;
        let is_linked = common.is_some();
        let common_dir = match common {
            Some(text) => git_dir.join(path_of(&git_dir.join("commondir"), &text)?),
            None => git_dir.clone(),
        };
        for (path, is_there) in [
            (&git_dir, git_dir.join("HEAD").symlink_metadata().is_ok()),
            (&common_dir, has_store(&common_dir)),
        ] {
            if !is_there {
                return Err(Error::damaged(path, "it is no git repository"));
            }
        }
        let settings = settings(&git_dir, &common_dir, is_linked)?;
        let object_hash = match settings.object_format.as_deref() {
            Some(b"sha256") if settings.format_version > 0 => Kind::Sha256,
            None | Some(b"sha1") => Kind::Sha1,
            Some(_) if settings.format_version == 0 => Kind::Sha1,
            Some(_) => return Err(Error::damaged(&common_dir, "its object format is unknown")),
        };
        let beside = dot_git.parent().filter(|_| dot_git.file_name().is_some_and(|name| name == ".git"));
        let work_tree = match settings.work_tree {
            Some(path) => Some(git_dir.join(path_of(&git_dir.join("config"), &path)?)),
            None if settings.is_bare == Some(true) => None,
            None => beside.map(Path::to_owned),
        };
        Ok(Self {
            work_tree,
            object_hash,
            has_reftable: settings.reference_storage.is_some_and(|storage| storage != b"files"),
            ignores_replacements: settings.ignores_replacements,
            git_dir,
            common_dir,
        })
    }

    /// The folder of `HEAD` and the index: a linked work tree has one of its own.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The folder of objects and references, which linked work trees share.
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// The work tree, if it has one; not made canonical.
    pub fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// The hash that names objects.
    pub fn object_hash(&self) -> Kind {
        self.object_hash
    }

    /// Where the list of tracked files is.
    pub fn index_path(&self) -> PathBuf {
        self.git_dir.join("index")
    }
}

/// Whether a folder is what `.git` is: a bare repository, or a `.git` by its own or another name.
pub fn is_git_directory(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && has_store(folder)
}

fn has_store(folder: &Path) -> bool {
    folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// The folder that a file `.git` names.
fn named_by_file(dot_git: &Path) -> Result<PathBuf, Error> {
    let text =
        read(dot_git, Links::Follow, MAX_PATH_BYTES).map_err(|source| Error::unreadable(dot_git, source))?;
    let text = text.strip_prefix(b"gitdir: ").ok_or_else(|| Error::damaged(dot_git, "it names no folder"))?;
    let path = path_of(dot_git, text)?;
    Ok(dot_git.parent().unwrap_or(Path::new("")).join(path))
}

fn settings(git_dir: &Path, common_dir: &Path, is_linked: bool) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    let take = |settings: &mut Settings, path: &Path| {
        let Some(text) = read_optional(path, config::MAX_BYTES)? else { return Ok(()) };
        settings.take(&text).map_err(|_| Error::damaged(path, "it is no configuration"))
    };
    take(&mut settings, &common_dir.join("config"))?;
    if is_linked {
        // These speak of the main work tree.
        settings.is_bare = None;
        settings.work_tree = None;
    }
    if settings.has_worktree_config {
        take(&mut settings, &git_dir.join("config.worktree"))?;
    }
    Ok(settings)
}

/// The bytes of a file that need not be there.
pub(crate) fn read_optional(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Error> {
    match read(path, Links::Follow, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::unreadable(path, source)),
    }
}

/// A path that a file holds: all but the line break at its end.
pub(crate) fn path_of(file: &Path, text: &[u8]) -> Result<PathBuf, Error> {
    let end = text.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |last| last + 1);
    if end == 0 || text[..end].contains(&0) {
        return Err(Error::damaged(file, "it names no path"));
    }
    os_path(&text[..end]).ok_or_else(|| Error::damaged(file, "its path is no text"))
}

#[cfg(unix)]
pub(crate) fn os_path(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(std::ffi::OsStr::from_bytes(bytes).into())
}

#[cfg(not(unix))]
pub(crate) fn os_path(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}
