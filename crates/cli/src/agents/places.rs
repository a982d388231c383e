//! Where agents keep their files, on this system and for this user.

use std::env;
use std::path::{Path, PathBuf};

/// The folders that agents build on.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) home: PathBuf,
    /// `~/.config`, or what stands for it.
    pub(crate) config: PathBuf,
    /// The application data of Windows, where there is one.
    roaming: Option<PathBuf>,
}

impl Places {
    /// Of the user who runs this; `None` without a home.
    pub(crate) fn of_user() -> Option<Self> {
        let home = env::home_dir().filter(|home| home.is_absolute())?;
        let config = absolute("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        Some(Self { config, roaming: absolute("APPDATA").filter(|_| cfg!(windows)), home })
    }

    /// Of a home that has all in its usual place.
    #[cfg(test)]
    pub(crate) fn below(home: &Path) -> Self {
        Self { home: home.to_owned(), config: home.join(".config"), roaming: None }
    }

    /// The user's folder of VS Code.
    pub(crate) fn vscode(&self) -> PathBuf {
        match &self.roaming {
            Some(roaming) => roaming.join("Code/User"),
            None if cfg!(target_os = "macos") => self.home.join("Library/Application Support/Code/User"),
            None => self.config.join("Code/User"),
        }
    }

    pub(crate) fn goose(&self) -> PathBuf {
        match &self.roaming {
            Some(roaming) => roaming.join("Block/goose/config"),
            None => self.config.join("goose"),
        }
    }

    pub(crate) fn zed(&self) -> PathBuf {
        match &self.roaming {
            Some(roaming) => roaming.join("Zed"),
            None => self.config.join("zed"),
        }
    }

    /// Where we keep what was put where.
    pub(crate) fn record(&self) -> PathBuf {
        let state = absolute("XDG_STATE_HOME");
        let folder = match (&self.roaming, state) {
            (Some(roaming), _) => roaming.clone(),
            (None, Some(state)) => state,
            (None, None) if cfg!(target_os = "macos") => self.home.join("Library/Application Support"),
            (None, None) => self.home.join(".local/state"),
        };
        folder.join("repo-map-cache/installed.json")
    }
}

/// The folder that a variable names.
#[expect(clippy::disallowed_methods, reason = "a front end: where agents' files are is the user's to say")]
fn absolute(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// The first of these that is there, else the first.
pub(crate) fn first_there(folder: &Path, names: &[&str]) -> PathBuf {
    let found = names.iter().find(|name| folder.join(name).exists()).or(names.first());
    folder.join(found.unwrap_or(&""))
}
