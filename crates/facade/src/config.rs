//! The settings of a cache, and where they come from.

mod dotenv;
mod layers;
mod places;
mod ranking;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::request::RefreshMode;

pub use ranking::RankingConfig;

/// Where the cache lives and what it may take. [`Default`] keeps everything in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheConfig {
    /// The folder of the durable tier; `None` keeps everything in memory.
    pub cache_dir: Option<PathBuf>,
    /// What the folder may take, in MiB; what was used longest ago goes first. 1,024; the engine needs 8. Without a folder an eighth of it
    /// is what may be kept in memory: 128 MiB.
    pub max_size_mb: u64,
    /// The values that each typed cache may have in memory; 100,000. 0 keeps none there.
    pub l1_max_items: u64,
    /// What the typed caches may take in memory together, in MiB; 64.
    pub l1_max_mb: u64,
    /// When a mapper looks at the tree again, where the request does not say.
    pub refresh_mode: RefreshMode,
    /// Whether a [`CacheManager`](crate::CacheManager) gives memory back while it is short.
    pub memory_pressure: bool,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            cache_dir: None,
            max_size_mb: 1024,
            l1_max_items: 100_000,
            l1_max_mb: 64,
            refresh_mode: RefreshMode::Auto,
            memory_pressure: true,
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

    /// Whether the values make sense.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`] names the field and its value.
    pub fn check(&self) -> Result<(), Error> {
        let bad = |field: &str, value: u64, cure: &str| {
            Err(Error::new(ErrorKind::Misconfigured, format!("{field} = {value}: {cure}")))
        };
        // What is shifted into bytes must not run over.
        const MOST: u64 = 1 << 40;
        match self {
            Self { max_size_mb, .. } if !(1..=MOST).contains(max_size_mb) => {
                bad("max_size_mb", *max_size_mb, "a cache on disk needs 1 MiB at least")
            }
            Self { l1_max_mb, .. } if *l1_max_mb > MOST => {
                bad("l1_max_mb", *l1_max_mb, "no machine has so much")
            }
            _ => Ok(()),
        }
    }

    /// The configuration for the folder that the process stands in; see [`load`](Self::load).
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn from_env() -> Result<Self, Error> {
        Self::load(".")
    }

    /// The configuration for a folder: the library's one door to the environment; front ends call it, nothing else does.
    ///
    /// Later ones win: the defaults, with the user's cache folder as [`cache_dir`](Self::cache_dir); `config.toml` in
    /// `$XDG_CONFIG_HOME/repo-map-cache`; `repo-map.toml` of the project; `.env` of the project; the environment. In
    /// the files settings stand in the table `[cache]`, in the environment after `REPO_MAP_CACHE_`: `dir`, `size_mb`, `l1_size`,
    /// `l1_mb`, `refresh_mode`, `memory_pressure` and `enabled`. The project's files are those of the folder or, inside a git
    /// repository, of the nearest folder up to its root that has one.
    ///
    /// The cache folder is `repo-map-cache` in `$XDG_CACHE_HOME` or `~/.cache` (macOS: `~/Library/Caches`,
    /// Windows: `%LOCALAPPDATA%`). Without any of them: in memory.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`] names the key, its value and where it came from.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        layers::load(folder.as_ref(), &variable)
    }
}

/// The folder `queries` beside the user's `config.toml`, where there is one: a front end gives it to
/// [`queries`](crate::RepoMapperBuilder::queries), unless it was told another. Reads the environment.
pub fn user_queries() -> Option<PathBuf> {
    let folder = places::user_config(&variable)?.with_file_name("queries");
    folder.is_dir().then_some(folder)
}

#[expect(clippy::disallowed_methods, reason = "the one door to the environment")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
