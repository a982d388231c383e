use std::path::PathBuf;

/// Where the cache lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheConfig {
    /// The folder of the durable tier; `None` keeps everything in memory.
    pub cache_dir: Option<PathBuf>,
}

impl CacheConfig {
    /// A cache in memory only: nothing is written, nothing outlives the mapper.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// A cache in this folder; it is made when it is not there.
    pub fn at(cache_dir: impl Into<PathBuf>) -> Self {
        Self { cache_dir: Some(cache_dir.into()) }
    }

    /// The user's cache folder, as the environment says. The library's one door to the environment; front
    /// ends call it, nothing else does.
    ///
    /// `REPO_MAP_CACHE_DIR` if set; else `repo-map-cache` in `$XDG_CACHE_HOME` or `~/.cache`
    /// (macOS: `~/Library/Caches`, Windows: `%LOCALAPPDATA%`). Without any of them: in memory.
    pub fn from_env() -> Self {
        let named = variable("REPO_MAP_CACHE_DIR");
        Self { cache_dir: named.or_else(|| user_cache().map(|folder| folder.join("repo-map-cache"))) }
    }
}

fn user_cache() -> Option<PathBuf> {
    if cfg!(target_os = "windows") {
        return variable("LOCALAPPDATA");
    }
    // The XDG specification: a relative path is to be ignored.
    if let Some(folder) = variable("XDG_CACHE_HOME").filter(|folder| folder.is_absolute()) {
        return Some(folder);
    }
    let home = variable("HOME")?;
    Some(home.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }))
}

#[expect(clippy::disallowed_methods, reason = "the one door to the environment")]
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
