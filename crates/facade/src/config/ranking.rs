//! Preset and weights of the ranking, and where they come from.

use std::path::Path;

use figment::value::{Dict, Value};

use super::file::{SettingsFile, quoted, shown};
use super::owner::Owners;
use super::sources::{PassedOver, Sources, bad};
use super::variable;
use crate::error::Error;
use crate::preset::Preset;
use repo_map_ranking::Weights;

/// The table of the settings.
const TABLE: &str = "ranking";

/// No name of a section or a signal is longer.
const MOST_NAME: usize = 64;

/// How files and definitions are ordered. [`Default`] is the preset of that name with the built-in weights.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RankingConfig {
    /// The set of weights to begin with.
    pub preset: Preset,
    /// What each signal is worth.
    pub weights: Weights,
    /// What was passed over as the settings were read, a line each that names the cure. [`RepoMap::notices`](crate::RepoMap::notices)
    /// has them too.
    pub notices: Vec<String>,
}

impl RankingConfig {
    /// The configuration for a folder: the user's `config.toml`, then the project's `repo-map.toml`, found as
    /// [`CacheConfig::load`](crate::CacheConfig::load) finds them. Reads the environment to find the user's.
    ///
    /// In the table `[ranking]` of either: `preset`, `default` or `aider`, and `weights`, a table for each section of the file of
    /// weights, by the same names: `[ranking.weights."task files"]`. A weight that is set leaves the others of its section.
    /// What makes no sense in the project's file is passed over, and [`notices`](Self::notices) says so.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`](crate::ErrorKind::Misconfigured) names the key of the user's file, its value and where it came from.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        load(Sources::read(folder.as_ref(), Owners::of_process(&variable), &variable)?)
    }
}

fn load(sources: Sources) -> Result<RankingConfig, Error> {
    let mut config = RankingConfig { notices: sources.notices, ..RankingConfig::default() };
    if let Some(file) = &sources.user {
        let mut first = None;
        take(file, &mut config, &mut |line| first = first.take().or_else(|| Some(line())));
        if let Some(line) = first {
            return Err(bad(line));
        }
    }
    if let Some(file) = &sources.project {
        let mut passed_over = PassedOver::default();
        take(file, &mut config, &mut |line| passed_over.push(|| format!("{}; it is passed over", line())));
        config.notices.extend(passed_over.into_lines());
    }
    Ok(config)
}

/// Hears of each fault; the line about it is made when it is called for.
type Faults<'a> = &'a mut dyn FnMut(&dyn Fn() -> String);

/// Takes over what a file says; tells each fault.
fn take(file: &SettingsFile, config: &mut RankingConfig, fault: Faults<'_>) {
    let Some(table) = file.table(TABLE) else { return };
    let Some(table) = dict(file, table, "", TABLE, fault) else { return };
    for (key, value) in table {
        match key.as_str() {
            "preset" => match value.as_str().and_then(Preset::by_name) {
                Some(preset) => config.preset = preset,
                None => fault(&|| {
                    let place = file.place(TABLE, key);
                    format!("preset = {}{place}: expected default or aider", shown(value))
                }),
            },
            "weights" => {
                let sections = dict(file, value, TABLE, key, fault);
                for (section, weights) in sections.into_iter().flatten() {
                    let weights = dict(file, weights, &format!("{TABLE}.{key}"), section, fault);
                    for (signal, weight) in weights.into_iter().flatten() {
                        if let Err(what) = set(&mut config.weights, section, signal, weight) {
                            fault(&|| {
                                let place = file.place(&format!("{TABLE}.weights.{section}"), signal);
                                let (signal, section) = (quoted(signal), quoted_section(section));
                                format!("{signal} = {} of [{section}]{place}: {what}", shown(weight))
                            });
                        }
                    }
                }
            }
            _ => fault(&|| {
                let place = file.place(TABLE, key);
                format!("{TABLE}.{}{place}: no such setting; there are preset, weights", quoted(key))
            }),
        }
    }
}

fn set(weights: &mut Weights, section: &str, signal: &str, value: &Value) -> Result<(), String> {
    match number(value) {
        _ if section.len() > MOST_NAME || signal.len() > MOST_NAME => {
            Err("no weight has so long a name".to_owned())
        }
        Some(weight) => weights.set(section, signal, weight).map_err(|fault| fault.to_string()),
        None => Err("expected a number".to_owned()),
    }
}

/// Sections have names of several words.
fn quoted_section(section: &str) -> String {
    let is_plain =
        section.len() <= 40 && section.chars().all(|c| c.is_ascii_alphabetic() || " +".contains(c));
    if is_plain { section.to_owned() } else { quoted(section) }
}

fn number(value: &Value) -> Option<f64> {
    let number = value.to_num()?;
    number.to_f64().or_else(|| number.to_i128().map(|whole| whole as f64)).filter(|number| number.is_finite())
}

fn dict<'v>(
    file: &SettingsFile,
    value: &'v Value,
    table: &str,
    key: &str,
    fault: Faults<'_>,
) -> Option<&'v Dict> {
    let found = value.as_dict();
    if found.is_none() {
        fault(&|| format!("{} = {}{}: expected a table", quoted(key), shown(value), file.place(table, key)));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;

    use super::*;

    /// What a user's and a project's file say together.
    fn loaded(user: &str, project: &str) -> Result<RankingConfig, Error> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("home/.config/repo-map-cache")).unwrap();
        fs::create_dir_all(at("project/.git")).unwrap();
        fs::write(at("home/.config/repo-map-cache/config.toml"), user).unwrap();
        fs::write(at("project/repo-map.toml"), project).unwrap();
        let variable = |name: &str| (name == "HOME").then(|| OsString::from(at("home")));
        load(Sources::read(&at("project"), Owners::of_process(&variable), &variable)?)
    }

    #[test]
    fn the_project_beats_the_user_weight_by_weight() {
        assert_eq!(loaded("", "[cache]\nsize_mb = 9\n").unwrap(), RankingConfig::default());
        let user =
            "[ranking]\npreset = \"aider\"\n[ranking.weights.\"task files\"]\ncontent = 1\nsize = 2.5\n";
        let project = "ranking.preset = \"default\"\n[ranking.weights.\"task files\"]\ncontent = -3\n\
                       [ranking.weights.packing]\nfiles = 0.5\n";
        let mut expected = Weights::default();
        for (section, signal, weight) in
            [("task files", "content", -3.0), ("task files", "size", 2.5), ("packing", "files", 0.5)]
        {
            expected.set(section, signal, weight).unwrap();
        }
        let config = loaded(user, project).unwrap();
        assert_eq!((config.preset, config.weights), (Preset::Default, expected));
        assert_eq!(loaded(user, "").unwrap().preset, Preset::Aider);
    }

    /// Faults of settings, with what a line about each says.
    const FAULTS: &[(&str, &[&str])] = &[
        ("[ranking]\n\npreset = \"best\"\n", &["preset = \"best\"", ":3", "default or aider"]),
        ("[ranking]\nweight = 1\n", &["ranking.weight", ":2", "preset, weights"]),
        ("[ranking]\n\"\\u001b[31m\" = 1\n", &["ranking.\"\\u{1b}[31m\"", "preset, weights"]),
        ("ranking = 1\n", &["ranking = 1", ":1", "a table"]),
        ("[ranking]\nweights = 1\n", &["weights = 1", ":2", "a table"]),
        (
            "[ranking.weights.\"task files\"]\nsize = 1\n[ranking.weights.\"chat files\"]\nsize = \"much\"\n",
            &["size = \"much\" of [chat files]", ":4", "expected a number"],
        ),
        (
            "[ranking.weights.task]\ncontent = 1\n",
            &["content = 1 of [task]", ":2", "no section is called \"task\"", "task files"],
        ),
        (
            "[ranking.weights.\"task files\"]\ncontnet = 1\n",
            &["contnet = 1", ":2", "no signal is called \"contnet\"", "content"],
        ),
        ("[ranking.weights.packing]\nfiles = -2\n", &["files = -2", ":2", "0 or more"]),
        ("[ranking.weights.packing]\nfiles = nan\n", &["files = NaN", ":2", "number"]),
    ];

    #[test]
    fn a_bad_setting_of_the_user_is_named_with_its_value_and_its_line() {
        for (text, parts) in FAULTS {
            let line = loaded(text, "").unwrap_err().to_string();
            assert!(parts.iter().chain(&["config.toml"]).all(|part| line.contains(part)), "{line}");
            assert!(!line.contains(char::is_control), "{line}");
        }
    }

    #[test]
    fn a_bad_setting_of_a_project_is_a_notice_and_the_others_stand() {
        for (text, parts) in FAULTS {
            let config = loaded("[ranking]\npreset = \"aider\"\n", text).unwrap();
            assert_eq!(config.preset, Preset::Aider, "{text}");
            let [notice] = &config.notices[..] else { panic!("{:?}", config.notices) };
            let parts = parts.iter().chain(&["repo-map.toml", "passed over"]);
            assert!(parts.into_iter().all(|part| notice.contains(part)), "{notice}");
        }
        let long = "x".repeat(50_000);
        let config = loaded(
            "",
            &format!(
                "[ranking]\npreset = \"aider\"\n{long} = 1\n[ranking.weights.{long}]\na = 1\n[ranking.weights.packing]\n{long} = 2\n"
            ),
        );
        let config = config.unwrap();
        assert_eq!((config.preset, config.notices.len()), (Preset::Aider, 3));
        assert!(config.notices.iter().all(|notice| notice.len() < 1_000), "{:?}", config.notices);
    }
}
