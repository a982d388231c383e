//! Which files are read, and where that comes from.

use std::path::Path;

use super::file::{SettingsFile, quoted, shown};
use super::owner::Owners;
use super::sources::{PassedOver, Sources, bad};
use super::variable;
use crate::error::Error;
use crate::size_limit::MOST_BYTES;

/// The table of the settings.
const TABLE: &str = "files";

/// Which files a front end reads unless a flag says otherwise. What is `None` nobody has set. [`Default`] sets nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilesConfig {
    /// The largest file that is read, in bytes: see [`max_file_bytes`](crate::RepoMapperBuilder::max_file_bytes).
    pub max_bytes: Option<u64>,
    /// What was passed over of the table, a line each that names the cure. What is to be said of the files themselves has
    /// [`CacheConfig::notices`](crate::CacheConfig::notices).
    pub notices: Vec<String>,
}

impl FilesConfig {
    /// The configuration for a folder: `max_bytes` in the table `[files]` of the user's `config.toml`, found as
    /// [`CacheConfig::load`](crate::CacheConfig::load) finds it. Reads the environment to find it.
    ///
    /// The project's file comes with the tree, whose files could take as much memory and time as they like: what it says
    /// is passed over, and [`notices`](Self::notices) says so.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`](crate::ErrorKind::Misconfigured) names the key of the user's file, its value and where it came from.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        load(&Sources::read(folder.as_ref(), Owners::of_process(&variable), &variable)?)
    }
}

fn load(sources: &Sources) -> Result<FilesConfig, Error> {
    let mut config = FilesConfig::default();
    if let Some(file) = &sources.user {
        config.max_bytes = max_bytes(file).map_err(bad)?;
    }
    if let Some(file) = &sources.project
        && file.table(TABLE).is_some()
    {
        let mut passed_over = PassedOver::default();
        let place = file.place("", TABLE);
        passed_over.push(|| {
            format!("{TABLE}{place} is passed over, a project has no say in it; it may stand in the user's config.toml")
        });
        config.notices = passed_over.into_lines();
    }
    Ok(config)
}

/// What a file says, or what is wrong with that.
fn max_bytes(file: &SettingsFile) -> Result<Option<u64>, String> {
    let Some(table) = file.table(TABLE) else { return Ok(None) };
    let table = table.as_dict().ok_or_else(|| format!("`{TABLE}` is a table{}", file.place("", TABLE)))?;
    let mut bytes = None;
    for (key, value) in table {
        let place = file.place(TABLE, key);
        if key != "max_bytes" {
            return Err(format!("{TABLE}.{}{place}: no such setting; there is max_bytes", quoted(key)));
        }
        let number = value.to_i128().and_then(|number| u64::try_from(number).ok());
        bytes = Some(number.filter(|number| (1..=MOST_BYTES).contains(number)).ok_or_else(|| {
            format!("{key} = {}{place}: expected a number of bytes from 1 to {MOST_BYTES}", shown(value))
        })?);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;

    use super::*;

    /// What a user's file and a project's file say together.
    fn loaded(user: &str, project: &str) -> Result<FilesConfig, Error> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("home/.config/repo-map-cache")).unwrap();
        fs::create_dir_all(at("project/.git")).unwrap();
        fs::write(at("home/.config/repo-map-cache/config.toml"), user).unwrap();
        fs::write(at("project/repo-map.toml"), project).unwrap();
        let variable = |name: &str| (name == "HOME").then(|| OsString::from(at("home")));
        load(&Sources::read(&at("project"), Owners::of_process(&variable), &variable)?)
    }

    #[test]
    fn the_user_sets_the_limit_and_a_project_has_no_say() {
        let table = "[files]\nmax_bytes = 4_000_000\n";
        assert_eq!(loaded("", "").unwrap(), FilesConfig::default());
        assert_eq!(loaded(table, "").unwrap().max_bytes, Some(4_000_000));
        let config = loaded("", table).unwrap();
        assert_eq!(config.max_bytes, None);
        let [notice] = &config.notices[..] else { panic!("{:?}", config.notices) };
        assert!(notice.contains("no say"), "{notice}");
    }

    #[test]
    fn a_fault_names_key_value_and_place() {
        for (text, says) in [
            ("[files]\nmax_bytes = 0\n", "max_bytes = 0 in "),
            ("[files]\nmax_bytes = \"all\"\n", "max_bytes = \"all\" in "),
            ("[files]\nmax_byte = 1\n", "files.max_byte in "),
            ("files = 1\n", "`files` is a table in "),
        ] {
            let line = loaded(text, "").unwrap_err().to_string();
            assert!(line.contains(says) && line.contains("config.toml:"), "{line}");
        }
    }
}
