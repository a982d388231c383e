//! Preset and weights of the ranking, and where they come from.

use std::fs;
use std::path::Path;

use figment::Figment;
use figment::value::{Dict, Value};

use super::layers::{bad, of_files, shown};
use super::places::Variables;
use super::variable;
use crate::error::Error;
use crate::mapper::Preset;
use repo_map_ranking::Weights;

/// The table of the settings.
const TABLE: &str = "ranking";

/// How files and definitions are ordered. [`Default`] is the preset of that name with the built-in weights.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RankingConfig {
    /// The set of weights to begin with.
    pub preset: Preset,
    /// What each signal is worth.
    pub weights: Weights,
}

impl RankingConfig {
    /// The configuration for a folder: the user's `config.toml`, then the project's `repo-map.toml`, found as
    /// [`CacheConfig::load`](crate::CacheConfig::load) finds them. Reads the environment to find the user's.
    ///
    /// In the table `[ranking]` of either: `preset`, `default` or `aider`, and `weights`, a table for each section of the file of
    /// weights, by the same names: `[ranking.weights."task files"]`. A weight that is set leaves the others of its section.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`](crate::ErrorKind::Misconfigured) names the key, its value and where it came from.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        load(folder.as_ref(), &variable)
    }
}

fn load(folder: &Path, variable: Variables<'_>) -> Result<RankingConfig, Error> {
    let figment = of_files(folder, variable)?;
    let mut config = RankingConfig::default();
    let Ok(table) = figment.find_value(TABLE) else { return Ok(config) };
    for (key, value) in dict(&figment, &table, "", TABLE)? {
        let place = || place(&figment, value, TABLE, key);
        match key.as_str() {
            "preset" => {
                config.preset = value.as_str().and_then(Preset::by_name).ok_or_else(|| {
                    bad(format!("preset = {}{}: expected default or aider", shown(value), place()))
                })?;
            }
            "weights" => {
                for (section, weights) in dict(&figment, value, TABLE, key)? {
                    let path = format!("{TABLE}.{key}");
                    for (signal, weight) in dict(&figment, weights, &path, section)? {
                        set(&mut config.weights, &figment, section, (signal, weight))?;
                    }
                }
            }
            _ => {
                let place = place();
                return Err(bad(format!("{TABLE}.{key}{place}: no such setting; there are preset, weights")));
            }
        }
    }
    Ok(config)
}

fn set(
    weights: &mut Weights,
    figment: &Figment,
    section: &str,
    (signal, value): (&str, &Value),
) -> Result<(), Error> {
    let set = match number(value) {
        Some(weight) => weights.set(section, signal, weight).map_err(|fault| fault.to_string()),
        None => Err("expected a number".to_owned()),
    };
    set.map_err(|fault| {
        let place = place(figment, value, &format!("{TABLE}.weights.{section}"), signal);
        bad(format!("{signal} = {} of [{section}]{place}: {fault}", shown(value)))
    })
}

fn number(value: &Value) -> Option<f64> {
    let number = value.to_num()?;
    number.to_f64().or_else(|| number.to_i128().map(|whole| whole as f64)).filter(|number| number.is_finite())
}

fn dict<'v>(figment: &Figment, value: &'v Value, table: &str, key: &str) -> Result<&'v Dict, Error> {
    value.as_dict().ok_or_else(|| {
        bad(format!("{key} = {}{}: expected a table", shown(value), place(figment, value, table, key)))
    })
}

/// Where a value came from, as a clause.
fn place(figment: &Figment, value: &Value, table: &str, key: &str) -> String {
    let source = figment.get_metadata(value.tag()).and_then(|metadata| metadata.source.as_ref());
    let Some(figment::Source::File(file)) = source else { return String::new() };
    let line = fs::read_to_string(file).ok().and_then(|text| line_of(&text, table, key));
    format!(" in {}{}", file.display(), line.map_or_else(String::new, |line| format!(":{line}")))
}

/// The line, from 1, on which a text of TOML sets a key of a table.
fn line_of(text: &str, table: &str, key: &str) -> Option<usize> {
    let plain = |name: &str| -> String {
        name.chars().filter(|c| !matches!(c, '"' | '\'' | '[' | ']')).collect::<String>().trim().to_owned()
    };
    let whole = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
    let mut current = String::new();
    (1..).zip(text.lines()).find_map(|(number, line)| {
        let line = line.trim();
        if line.starts_with('[') {
            current = plain(line.split('#').next().unwrap_or_default());
            return (current == whole).then_some(number);
        }
        let name = plain(line.split_once('=')?.0);
        let named = if current.is_empty() { name } else { format!("{current}.{name}") };
        (named == whole).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

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
        load(&at("project"), &variable)
    }

    #[test]
    fn the_project_beats_the_user_weight_by_weight() {
        assert_eq!(loaded("", "[cache]\nsize_mb = 9\n").unwrap(), RankingConfig::default());
        let user =
            "[ranking]\npreset = \"aider\"\n[ranking.weights.\"task files\"]\ncontent = 1\nsize = 2.5\n";
        let project = "ranking.preset = \"default\"\n[ranking.weights.\"task files\"]\ncontent = -3\n\
                       [ranking.weights.graph]\ndamping = 0.5\n";
        let mut expected = Weights::default();
        for (section, signal, weight) in
            [("task files", "content", -3.0), ("task files", "size", 2.5), ("graph", "damping", 0.5)]
        {
            expected.set(section, signal, weight).unwrap();
        }
        let config = loaded(user, project).unwrap();
        assert_eq!((config.preset, config.weights), (Preset::Default, expected));
        assert_eq!(loaded(user, "").unwrap().preset, Preset::Aider);
    }

    #[test]
    fn a_bad_setting_is_named_with_its_value_and_its_line() {
        let check = |project: &str, parts: &[&str]| {
            let error = loaded("", project).unwrap_err().to_string();
            for part in parts {
                assert!(error.contains(part), "{error} has no {part}");
            }
        };
        check(
            "[ranking]\n\npreset = \"best\"\n",
            &["preset = \"best\"", "repo-map.toml:3", "default or aider"],
        );
        check("[ranking]\nweight = 1\n", &["ranking.weight", "repo-map.toml:2", "preset, weights"]);
        check("ranking = 1\n", &["ranking = 1", "repo-map.toml:1", "a table"]);
        check("[ranking]\nweights = 1\n", &["weights = 1", "repo-map.toml:2", "a table"]);
        check(
            "[ranking.weights.\"task files\"]\nsize = 1\n[ranking.weights.\"chat files\"]\nsize = \"much\"\n",
            &["size = \"much\" of [chat files]", "repo-map.toml:4", "expected a number"],
        );
        check(
            "[ranking.weights.task]\ncontent = 1\n",
            &["content = 1 of [task]", "repo-map.toml:2", "no section is called \"task\"", "task+log files"],
        );
        check(
            "[ranking.weights.\"task files\"]\ncontnet = 1\n",
            &["contnet = 1", "repo-map.toml:2", "no signal is called \"contnet\"", "content"],
        );
        check("[ranking.weights.graph]\ndamping = 2\n", &["damping = 2", "repo-map.toml:2", "below 1"]);
        check("[ranking.weights.graph]\ndamping = nan\n", &["damping = NaN", "repo-map.toml:2", "number"]);
    }
}
