//! The settings of a cache, and where they come from.

mod dotenv;
mod file;
mod files;
mod layers;
mod map;
mod owner;
mod places;
mod ranking;
mod remote;
#[cfg(feature = "remote")]
mod remote_parts;
#[cfg(not(feature = "remote"))]
#[path = "config/no_remote.rs"]
mod remote_parts;
mod settings;
mod sources;
mod values;
mod variables;

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use repo_map_render::escaped_path;

use crate::error::{Error, ErrorKind};
use crate::request::RefreshMode;
use owner::Owners;
use sources::Sources;

pub use files::FilesConfig;
pub use map::MapConfig;
pub use ranking::RankingConfig;
pub use remote::RemoteConfig;

/// Where the cache lives and what it may take. [`Default`] keeps everything in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheConfig {
    /// The folder of the durable tier; `None` keeps everything in memory.
    pub cache_dir: Option<PathBuf>,
    /// What the folder may take, in MiB; the engine needs 8. 0, the default, goes by the free disk: a tenth of it, from 256 to 8,192.
    /// When it is full, what was used for other trees goes first.
    /// Without a folder an eighth of it is what may be kept in memory: 128 MiB by default.
    pub max_size_mb: u64,
    /// The values that each typed cache may have in memory; 100,000. 0 keeps none there.
    pub l1_max_items: u64,
    /// What the typed caches may take in memory together, in MiB; 64.
    pub l1_max_mb: u64,
    /// When a mapper looks at the tree again, where the request does not say.
    pub refresh_mode: RefreshMode,
    /// Whether a [`CacheManager`](crate::CacheManager) gives memory back while it is short.
    pub memory_pressure: bool,
    /// A cache that machines share, which is asked for what this one has not; `None`: none. Needs the feature `remote`.
    pub remote: Option<RemoteConfig>,
    /// What was passed over as the settings were read, a line each that names the cure. [`RepoMap::notices`](crate::RepoMap::notices)
    /// has them too.
    pub notices: Vec<String>,
    /// The folder that nobody named: the default one.
    unnamed_dir: Option<PathBuf>,
    /// Whether a folder of the durable tier is used that other users can change: that belongs to one of them, or that they may write,
    /// or on the way to which there is such a folder. They can then end the process. `false`: it is refused, with a
    /// [notice](crate::RepoMap::notices).
    pub trusts_owners: bool,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            cache_dir: None,
            max_size_mb: 0,
            l1_max_items: 100_000,
            l1_max_mb: 64,
            refresh_mode: RefreshMode::Auto,
            memory_pressure: true,
            remote: None,
            notices: Vec::new(),
            unnamed_dir: None,
            trusts_owners: false,
        }
    }
}

impl CacheConfig {
    /// A cache in memory only: nothing is written, nothing outlives the mapper.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// A cache in this folder; it is made when it is not there.
    pub fn at(cache_dir: impl Into<PathBuf>) -> Self {
        Self { cache_dir: Some(cache_dir.into()), ..Self::default() }
    }

    /// The same with another folder. A folder that is named so is used wherever it lies: a mapper otherwise takes no store that
    /// lies inside of the tree it maps.
    pub fn in_folder(self, cache_dir: impl Into<PathBuf>) -> Self {
        Self { cache_dir: Some(cache_dir.into()), unnamed_dir: None, ..self }
    }

    /// The same with another bound of the folder, in MiB: see the [field](field@Self::max_size_mb).
    #[must_use]
    pub fn max_size_mb(mut self, megabytes: u64) -> Self {
        self.max_size_mb = megabytes;
        self
    }

    /// The same with so many values of each typed cache in memory: see the [field](field@Self::l1_max_items).
    #[must_use]
    pub fn l1_max_items(mut self, items: u64) -> Self {
        self.l1_max_items = items;
        self
    }

    /// The same with another bound of the typed caches in memory, in MiB: see the [field](field@Self::l1_max_mb).
    #[must_use]
    pub fn l1_max_mb(mut self, megabytes: u64) -> Self {
        self.l1_max_mb = megabytes;
        self
    }

    /// The same with another refresh mode: see the [field](field@Self::refresh_mode).
    #[must_use]
    pub fn refresh_mode(mut self, mode: RefreshMode) -> Self {
        self.refresh_mode = mode;
        self
    }

    /// The same, minding the memory of the machine or not: see the [field](field@Self::memory_pressure).
    #[must_use]
    pub fn memory_pressure(mut self, minds: bool) -> Self {
        self.memory_pressure = minds;
        self
    }

    /// The same with a cache that machines share: see the [field](field@Self::remote).
    #[must_use]
    pub fn remote(mut self, remote: RemoteConfig) -> Self {
        self.remote = Some(remote);
        self
    }

    /// The same with other trust in a folder's owners: see the [field](field@Self::trusts_owners).
    #[must_use]
    pub fn trusts_owners(mut self, trusts: bool) -> Self {
        self.trusts_owners = trusts;
        self
    }

    /// The configuration for a tree, and what is to be told of that. A store that came with the tree is not believed: the
    /// user's cache folder may lie in it, such as where a checkout is the home.
    pub(crate) fn for_tree(&self, root: &Path) -> (Cow<'_, Self>, Option<String>) {
        match &self.cache_dir {
            Some(folder) if self.cache_dir == self.unnamed_dir && places::is_inside(folder, root) => {
                let notice = format!(
                    "the cache folder {} lies inside of the mapped tree, so nothing is kept; name it by the flag --cache-dir, \
                     the environment (REPO_MAP_CACHE_DIR), the user's file or code if its store is yours",
                    escaped_path(folder)
                );
                (Cow::Owned(Self { cache_dir: None, ..self.clone() }), Some(notice))
            }
            _ => (Cow::Borrowed(self), None),
        }
    }

    /// Whether the values make sense.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`] names the field and its value.
    pub fn check(&self) -> Result<(), Error> {
        let bad = |field: &str, value: u64, cure: &str| {
            Err(Error::new(ErrorKind::Misconfigured, format!("{field} = {value}: {cure}")))
        };
        match self {
            Self { max_size_mb, .. } if *max_size_mb > settings::MOST_MB => {
                bad("max_size_mb", *max_size_mb, "no disk has so much")
            }
            Self { l1_max_mb, .. } if *l1_max_mb > settings::MOST_MB => {
                bad("l1_max_mb", *l1_max_mb, "no machine has so much")
            }
            _ => Ok(()),
        }
    }

    /// As [`load`](Self::load) for the folder that the process stands in, and between the project's file and the environment the
    /// file `.env` of that folder, for a host that trusts the folder: what it starts in is its own. No front end of this
    /// project calls it.
    ///
    /// In `.env` settings have the names of the environment. A folder that it names must lie below that folder or the user's cache folder, links
    /// resolved; another, a value that makes no sense and a file that cannot be read are passed over, and
    /// [`notices`](Self::notices) says so. What other programs have in the file means nothing here.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn from_env() -> Result<Self, Error> {
        let folder = std::env::current_dir().ok();
        let here = folder.as_deref().unwrap_or(Path::new("."));
        let sources = Sources::read(here, Owners::of_process(&variable), &variable)?;
        layers::load(folder.as_deref(), sources, &variable)
    }

    /// The configuration for a folder: the library's one door to the environment; front ends call it, nothing else does.
    ///
    /// Later ones win: the defaults, with the user's cache folder as [`cache_dir`](Self::cache_dir); `config.toml` in
    /// `$XDG_CONFIG_HOME/repo-map-cache`; `repo-map.toml` of the project; the environment. In
    /// the files settings stand in the table `[cache]`, in the environment after `REPO_MAP_CACHE_`: `dir`, `size_mb`, `l1_size`,
    /// `l1_mb`, `refresh_mode`, `memory_pressure` and `enabled`; and those of [`RemoteConfig`] in `[cache.remote]`, in the environment after
    /// `REPO_MAP_CACHE_REMOTE_`. The project's file is that of the folder or, inside a git
    /// repository, of the nearest folder up to its root that has one.
    ///
    /// The project's file comes with the tree, so of these it may set `refresh_mode` alone. The others, what it misspells and a file that
    /// cannot be read or belongs to another user are passed over, and [`notices`](Self::notices) says so.
    ///
    /// The cache folder is `repo-map-cache` in `$XDG_CACHE_HOME` or `~/.cache` (macOS: `~/Library/Caches`,
    /// Windows: `%LOCALAPPDATA%`). Without any of them: in memory.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`] names the key of the user's file or of the environment, its value and where it came from.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let sources = Sources::read(folder.as_ref(), Owners::of_process(&variable), &variable)?;
        layers::load(None, sources, &variable)
    }

    /// As [`load`](Self::load), without any project: for a host whose trees have no say in what it does.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn of_user() -> Result<Self, Error> {
        let sources = Sources::of_user(Owners::of_process(&variable), &variable)?;
        layers::load(None, sources, &variable)
    }
}

/// The folder `queries` beside the user's `config.toml`, where there is one: a front end gives it to
/// [`queries`](crate::RepoMapperBuilder::queries), unless it was told another. Reads the environment.
pub fn user_queries() -> Option<PathBuf> {
    let folder = places::user_config(&variable)?.with_file_name("queries");
    folder.is_dir().then_some(folder)
}

/// The folder for pages that a front end writes for people, `repo-map-pages` beside the default cache folder; it may not be there. `None`
/// where the user has no cache folder. Reads the environment.
pub fn user_pages() -> Option<PathBuf> {
    Some(places::user_caches(&variable)?.join("repo-map-pages"))
}

#[expect(clippy::disallowed_methods, reason = "the one door to the environment")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
