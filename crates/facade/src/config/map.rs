//! What a map is like where nobody says otherwise, and where that comes from.

use std::path::Path;

use figment::value::Value;
use repo_map_render::{Format, Style, Tokenizer};

use super::file::{SettingsFile, quoted, shown};
use super::owner::Owners;
use super::sources::{PassedOver, Sources, bad};
use super::variable;
use super::variables::Variables;
use crate::error::Error;

/// The table of the settings.
const TABLE: &str = "map";

/// The most tokens that a setting asks for.
const MOST_TOKENS: i128 = 1 << 40;

/// How a front end makes maps unless a flag says otherwise. What is `None` nobody has set. [`Default`] sets nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MapConfig {
    /// The budget, in tokens.
    pub tokens: Option<usize>,
    /// The name of the tokenizer.
    pub tokenizer: Option<String>,
    /// How maps are printed.
    pub style: Option<Style>,
    /// Whether rows begin with the number of their line.
    pub line_numbers: Option<bool>,
    /// What stands around the rows.
    pub format: Option<Format>,
    /// What was passed over of the table, a line each that names the cure. What is to be said of the files has
    /// [`CacheConfig::notices`](crate::CacheConfig::notices).
    pub notices: Vec<String>,
}

/// One setting.
struct Setting {
    key: &'static str,
    expected: &'static str,
    /// Its name in the environment, where it has one.
    variable: Option<&'static str>,
    /// Takes a value over, if it makes sense.
    take: fn(&mut MapConfig, &Value) -> Option<()>,
}

const SETTINGS: &[Setting] = &[
    Setting {
        key: "tokens",
        expected: "a whole number of tokens, 0 or more",
        variable: Some("REPO_MAP_TOKENS"),
        take: |config, value| {
            config.tokens = Some(match value.as_str() {
                Some(text) => MapConfig::parse_tokens(text)?,
                None => usize::try_from(value.to_i128().filter(|number| *number <= MOST_TOKENS)?).ok()?,
            });
            Some(())
        },
    },
    Setting {
        key: "tokenizer",
        expected: "the name of a tokenizer: o200k, cl100k, bytes4",
        variable: Some("REPO_MAP_TOKENIZER"),
        take: |config, value| {
            config.tokenizer =
                Some(value.as_str().filter(|name| Tokenizer::by_name(name).is_ok())?.to_owned());
            Some(())
        },
    },
    Setting {
        key: "style",
        expected: "outline or tree",
        variable: Some("REPO_MAP_STYLE"),
        take: |config, value| {
            config.style = Some(Style::by_name(value.as_str()?)?);
            Some(())
        },
    },
    Setting {
        key: "line_numbers",
        expected: "true or false",
        variable: None,
        take: |config, value| {
            config.line_numbers = Some(value.to_bool()?);
            Some(())
        },
    },
    Setting {
        key: "format",
        expected: "text, markdown or xml",
        variable: None,
        take: |config, value| {
            config.format = Some(Format::by_name(value.as_str()?)?);
            Some(())
        },
    },
];

impl MapConfig {
    /// The configuration for a folder: the table `[map]` of the user's `config.toml`, then that of the project's `repo-map.toml`, found as
    /// [`CacheConfig::load`](crate::CacheConfig::load) finds them, then the environment: `REPO_MAP_TOKENS`, `REPO_MAP_TOKENIZER`,
    /// `REPO_MAP_STYLE`. What makes no sense in the project's file is passed over, and [`notices`](Self::notices) says so.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`](crate::ErrorKind::Misconfigured) names the key of the user's file or of the environment, its value
    /// and where it came from.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        load(&Sources::read(folder.as_ref(), Owners::of_process(&variable), &variable)?, &variable)
    }

    /// A number of tokens: `1024`, or in units of 1,024 as aider has them: `4k`, `1.5k`. `None` for what is none.
    pub fn parse_tokens(text: &str) -> Option<usize> {
        let text = text.trim();
        match text.strip_suffix(['k', 'K']) {
            Some(thousands) => {
                let number: f64 = thousands.parse().ok()?;
                (0.0..1e9).contains(&number).then(|| (number * 1024.0).round() as usize)
            }
            None => text.parse().ok(),
        }
    }
}

fn load(sources: &Sources, variable: Variables<'_>) -> Result<MapConfig, Error> {
    // What is to be said of the files themselves comes with the cache's configuration.
    let mut config = MapConfig::default();
    if let Some(file) = &sources.user
        && let Some(fault) = take(file, &mut config).first()
    {
        return Err(bad(fault()));
    }
    if let Some(file) = &sources.project {
        let mut passed_over = PassedOver::default();
        for fault in take(file, &mut config) {
            passed_over.push(|| format!("{}; it is passed over", fault()));
        }
        config.notices.extend(passed_over.into_lines());
    }
    for setting in SETTINGS {
        let Some(name) = setting.variable else { continue };
        let Some(value) = variable(name) else { continue };
        let value = Value::from(value.to_string_lossy().into_owned());
        if (setting.take)(&mut config, &value).is_none() {
            let Setting { key, expected, .. } = setting;
            return Err(bad(format!(
                "{key} = {} in the variable {name}: expected {expected}",
                shown(&value)
            )));
        }
    }
    Ok(config)
}

/// Takes over what a file says; a line for each fault, made when it is called for.
fn take<'f>(file: &'f SettingsFile, config: &mut MapConfig) -> Vec<Box<dyn Fn() -> String + 'f>> {
    let Some(table) = file.table(TABLE) else { return Vec::new() };
    let Some(table) = table.as_dict() else {
        return vec![Box::new(|| format!("`{TABLE}` is a table{}", file.place("", TABLE)))];
    };
    let mut faults: Vec<Box<dyn Fn() -> String + 'f>> = Vec::new();
    for (key, value) in table {
        match SETTINGS.iter().find(|setting| setting.key == key) {
            None => faults.push(Box::new(move || {
                let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
                let (key, place) = (quoted(key), file.place(TABLE, key));
                format!("{TABLE}.{key}{place}: no such setting; there are {}", known.join(", "))
            })),
            Some(setting) if (setting.take)(config, value).is_none() => faults.push(Box::new(move || {
                let (place, expected) = (file.place(TABLE, key), setting.expected);
                format!("{key} = {}{place}: expected {expected}", shown(value))
            })),
            Some(_) => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;

    use super::*;

    /// What a user's file, a project's file and the environment say together.
    fn loaded(user: &str, project: &str, environment: &[(&str, &str)]) -> Result<MapConfig, Error> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("home/.config/repo-map-cache")).unwrap();
        fs::create_dir_all(at("project/.git")).unwrap();
        fs::write(at("home/.config/repo-map-cache/config.toml"), user).unwrap();
        fs::write(at("project/repo-map.toml"), project).unwrap();
        let variable = |name: &str| match name {
            "HOME" => Some(OsString::from(at("home"))),
            name => {
                environment.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
            }
        };
        load(&Sources::read(&at("project"), Owners::of_process(&variable), &variable)?, &variable)
    }

    #[test]
    fn the_project_beats_the_user_and_the_environment_both() {
        let user = "[map]\ntokens = 2048\nstyle = \"tree\"\nline_numbers = true\n";
        let project = "[map]\ntokens = \"4k\"\nformat = \"xml\"\n";
        let config = loaded(user, project, &[("REPO_MAP_TOKENIZER", "bytes4")]).unwrap();
        let expected = MapConfig {
            tokens: Some(4096),
            tokenizer: Some("bytes4".to_owned()),
            style: Some(Style::Tree),
            line_numbers: Some(true),
            format: Some(Format::Xml),
            notices: Vec::new(),
        };
        assert_eq!(config, expected);
        assert_eq!(loaded(user, project, &[("REPO_MAP_TOKENS", "100")]).unwrap().tokens, Some(100));
        assert_eq!(loaded("", "", &[]).unwrap(), MapConfig::default());
    }

    #[test]
    fn a_fault_names_key_value_and_place_and_a_projects_fault_stops_nobody() {
        for (text, says) in [
            ("[map]\ntokens = -1\n", "tokens = -1 in "),
            ("[map]\nstyle = \"nice\"\n", "style = \"nice\" in "),
            ("[map]\nbudget = 1\n", "map.budget in "),
            ("map = 1\n", "`map` is a table in "),
        ] {
            let line = loaded(text, "", &[]).unwrap_err().to_string();
            assert!(line.contains(says) && line.contains("config.toml:"), "{line}");
            let config = loaded("", text, &[]).unwrap();
            let [notice] = &config.notices[..] else { panic!("{:?}", config.notices) };
            assert!(notice.contains(says) && notice.contains("passed over"), "{notice}");
        }
        let line = loaded("", "", &[("REPO_MAP_STYLE", "nice")]).unwrap_err().to_string();
        assert_eq!(line, "style = \"nice\" in the variable REPO_MAP_STYLE: expected outline or tree");
    }

    #[test]
    fn tokens_may_be_given_in_thousands() {
        for (text, tokens) in [
            ("4k", Some(4096)),
            ("1.5K", Some(1536)),
            ("0", Some(0)),
            ("k", None),
            ("-1", None),
            ("1e3", None),
            ("nank", None),
        ] {
            assert_eq!(MapConfig::parse_tokens(text), tokens, "{text}");
        }
    }
}
