//! The settings of the table `[cache]`: what each takes, and who may set it.

use std::path::PathBuf;

use figment::value::Value;

use super::CacheConfig;
use super::remote::RemoteConfig;
use super::values::{flag, number};
use crate::request::RefreshMode;

/// The table of the settings.
pub(super) const TABLE: &str = "cache";
/// What their names begin with in the environment.
const PREFIX: &str = "REPO_MAP_CACHE_";
/// What is shifted into bytes must not run over.
pub(super) const MOST_MB: u64 = 1 << 40;

/// One setting.
pub(super) struct Setting {
    pub(super) key: &'static str,
    /// What its value is.
    pub(super) expected: &'static str,
    /// Whether a project's file may set it: it changes when a map is made, and nothing else.
    pub(super) of_project: bool,
    /// The flag that does the same.
    flag: Option<&'static str>,
    /// Takes a value over, if it makes sense.
    pub(super) take: fn(&mut Draft, &Value) -> Option<()>,
}

/// The configuration in the making.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) config: CacheConfig,
    /// The folder as it is written.
    pub(super) dir: Option<PathBuf>,
    pub(super) is_off: bool,
    pub(super) remote: RemoteConfig,
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        key: "dir",
        expected: "a path",
        of_project: false,
        flag: Some("--cache-dir"),
        take: |draft, value| {
            let path = value.as_str().filter(|text| !text.is_empty() && !text.contains('\0'))?;
            draft.dir = Some(path.into());
            Some(())
        },
    },
    Setting {
        key: "size_mb",
        expected: "a whole number of MiB, 1 or more",
        of_project: false,
        flag: None,
        take: |draft, value| {
            draft.config.max_size_mb = number(value).filter(|size| (1..=MOST_MB).contains(size))?;
            Some(())
        },
    },
    Setting {
        key: "l1_size",
        expected: "a whole number of values, 0 or more",
        of_project: false,
        flag: None,
        take: |draft, value| {
            draft.config.l1_max_items = number(value)?;
            Some(())
        },
    },
    Setting {
        key: "l1_mb",
        expected: "a whole number of MiB, 0 or more",
        of_project: false,
        flag: None,
        take: |draft, value| {
            draft.config.l1_max_mb = number(value).filter(|size| *size <= MOST_MB)?;
            Some(())
        },
    },
    Setting {
        key: "refresh_mode",
        expected: "auto, stat, always, files or manual",
        of_project: true,
        flag: Some("--map-refresh"),
        take: |draft, value| {
            draft.config.refresh_mode = RefreshMode::by_name(value.as_str()?)?;
            Some(())
        },
    },
    Setting {
        key: "memory_pressure",
        expected: "true or false",
        of_project: false,
        flag: None,
        take: |draft, value| {
            draft.config.memory_pressure = flag(value)?;
            Some(())
        },
    },
    Setting {
        key: "enabled",
        expected: "true or false",
        of_project: false,
        flag: Some("--no-cache"),
        take: |draft, value| {
            draft.is_off = !flag(value)?;
            Some(())
        },
    },
];

impl Setting {
    /// Its name in the environment.
    pub(super) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.to_uppercase())
    }

    /// Where it may stand, for who set it where it may not.
    pub(super) fn places(&self, user_file: &str) -> String {
        let flag = self.flag.map_or_else(String::new, |flag| format!(", the flag {flag}"));
        format!("it may stand in {user_file}, the environment ({}){flag} or code", self.variable())
    }
}

/// The setting of a key.
pub(super) fn of_key(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// The setting of a variable.
pub(super) fn of_variable(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.variable() == name)
}
