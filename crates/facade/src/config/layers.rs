//! The layers of the configuration, put together by figment, which remembers where each value came from.

use std::fs;
use std::path::{Path, PathBuf};

use figment::providers::{Format as _, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider, Source};

use super::places::{self, Variables};
use super::{CacheConfig, dotenv};
use crate::error::{Error, ErrorKind};
use crate::request::RefreshMode;

/// The table of the settings.
const TABLE: &str = "cache";
/// What their names begin with in the environment.
const PREFIX: &str = "REPO_MAP_CACHE_";
const KEYS: &[&str] = &["dir", "size_mb", "l1_size", "l1_mb", "refresh_mode", "memory_pressure", "enabled"];

pub(super) fn load(folder: &Path, variable: Variables<'_>) -> Result<CacheConfig, Error> {
    let mut figment = of_files(folder, variable)?;
    if let Some(file) = places::of_project(folder, ".env") {
        let text = fs::read_to_string(&file).map_err(|error| bad(format!("{}: {error}", file.display())))?;
        let set = dotenv::parse(&text).filter_map(|(name, value, _)| Some((key(name)?, value.to_owned())));
        figment =
            figment.merge(Variant { metadata: Metadata::from("dotenv", file.as_path()), set: set.collect() });
    }
    let mut set = Vec::new();
    for key in KEYS {
        let name = name(key);
        if let Some(value) = variable(&name) {
            let value =
                value.into_string().map_err(|value| bad(format!("{name} = {value:?}: it is not UTF-8")))?;
            set.push((*key, value));
        }
    }
    figment = figment.merge(Variant { metadata: Metadata::named("environment"), set });
    read(&Layers { figment }, variable)
}

/// The user's file and the project's over it.
pub(super) fn of_files(folder: &Path, variable: Variables<'_>) -> Result<Figment, Error> {
    let mut figment = Figment::new();
    let project = places::of_project(folder, "repo-map.toml");
    for file in places::user_config(variable).into_iter().chain(project) {
        if file.is_file() {
            let layer = Toml::file(&file);
            layer.data().map_err(|error| bad(format!("{}: {}", file.display(), one_line(&error))))?;
            figment = figment.merge(layer);
        }
    }
    Ok(figment)
}

fn read(layers: &Layers, variable: Variables<'_>) -> Result<CacheConfig, Error> {
    layers.check_keys()?;
    let mut config = CacheConfig::default();
    if !layers.get("enabled", "true or false", flag)?.unwrap_or(true) {
        config.cache_dir = None;
    } else {
        let named = layers.get("dir", "a path", |value| {
            value.as_str().filter(|text| !text.is_empty()).map(PathBuf::from)
        })?;
        config.cache_dir = match named {
            Some(folder) => Some(layers.resolve("dir", folder, variable)),
            None => places::user_cache(variable),
        };
    }
    let positive = |value: &Value| number(value).filter(|number| *number > 0);
    if let Some(size) = layers.get("size_mb", "a whole number of MiB, 1 or more", positive)? {
        config.max_size_mb = size;
    }
    if let Some(items) = layers.get("l1_size", "a whole number of values, 0 or more", number)? {
        config.l1_max_items = items;
    }
    if let Some(size) = layers.get("l1_mb", "a whole number of MiB, 0 or more", number)? {
        config.l1_max_mb = size;
    }
    let mode = |value: &Value| RefreshMode::by_name(value.as_str()?);
    if let Some(mode) = layers.get("refresh_mode", "auto, stat, always, files or manual", mode)? {
        config.refresh_mode = mode;
    }
    if let Some(wanted) = layers.get("memory_pressure", "true or false", flag)? {
        config.memory_pressure = wanted;
    }
    config.check()?;
    Ok(config)
}

/// What was merged.
struct Layers {
    figment: Figment,
}

impl Layers {
    /// Refuses names that mean nothing: they are misspelt settings.
    fn check_keys(&self) -> Result<(), Error> {
        if !self.figment.contains(TABLE) {
            return Ok(());
        }
        let table = self.figment.find_value(TABLE).map_err(|error| bad(one_line(&error)))?;
        let Some(table) = table.as_dict() else {
            return Err(bad(format!("`{TABLE}` is a table{}", self.origin("", TABLE))));
        };
        match table.keys().find(|key| !KEYS.contains(&key.as_str())) {
            Some(key) => {
                let known = KEYS.join(", ");
                Err(bad(format!(
                    "{TABLE}.{key}{}: no such setting; there are {known}",
                    self.origin(key, &format!("{TABLE}.{key}"))
                )))
            }
            None => Ok(()),
        }
    }

    /// A setting, if any layer has it.
    fn get<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let path = format!("{TABLE}.{key}");
        if !self.figment.contains(&path) {
            return Ok(None);
        }
        let value = self.figment.find_value(&path).map_err(|error| bad(one_line(&error)))?;
        let parsed = parse(&value).ok_or_else(|| {
            bad(format!("{key} = {}{}: expected {expected}", shown(&value), self.origin(key, &path)))
        })?;
        Ok(Some(parsed))
    }

    /// Where the value in force came from, as a clause.
    fn origin(&self, key: &str, path: &str) -> String {
        let Some(metadata) = self.figment.find_metadata(path) else { return String::new() };
        match &metadata.source {
            Some(Source::File(file)) => {
                let line = fs::read_to_string(file).ok().and_then(|text| line_of(&text, key));
                let line = line.map_or_else(String::new, |line| format!(":{line}"));
                format!(" in {}{line}", file.display())
            }
            _ => format!(" in the variable {}", name(key)),
        }
    }

    /// A path as its layer means it: from the folder of a file, from where the process stands in the environment.
    fn resolve(&self, key: &str, path: PathBuf, variable: Variables<'_>) -> PathBuf {
        if let (Ok(below), Some(home)) = (path.strip_prefix("~"), places::home(variable)) {
            return home.join(below);
        }
        let metadata = self.figment.find_metadata(&format!("{TABLE}.{key}"));
        match metadata.and_then(|metadata| metadata.source.as_ref()) {
            Some(Source::File(file)) => file.parent().map_or(path.clone(), |folder| folder.join(&path)),
            _ => std::path::absolute(&path).unwrap_or(path),
        }
    }
}

/// Values by variables, as text.
struct Variant {
    metadata: Metadata,
    set: Vec<(&'static str, String)>,
}

impl Provider for Variant {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let set: Dict =
            self.set.iter().map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str()))).collect();
        let tables =
            if set.is_empty() { Dict::new() } else { Dict::from([(TABLE.to_owned(), Value::from(set))]) };
        Ok(Profile::Default.collect(tables))
    }
}

fn name(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

/// The setting of a variable.
fn key(variable: &str) -> Option<&'static str> {
    KEYS.iter().copied().find(|key| name(key) == variable)
}

fn number(value: &Value) -> Option<u64> {
    match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None => value.to_i128().and_then(|number| u64::try_from(number).ok()),
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value.as_str() {
        Some("1" | "true" | "yes" | "on") => Some(true),
        Some("0" | "false" | "no" | "off") => Some(false),
        Some(_) => None,
        None => value.to_bool(),
    }
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Bool(_, flag) => flag.to_string(),
        Value::Num(_, number) => number.to_i128().map_or_else(
            || number.to_f64().map_or_else(|| "a number".to_owned(), |number| number.to_string()),
            |number| number.to_string(),
        ),
        other => other.to_actual().to_string(),
    }
}

/// The line, from 1, on which a text sets a key, in TOML or as a variable.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let variable = name(key);
    (1..).zip(text.lines()).find_map(|(number, line)| {
        let name = line.split_once('=')?.0.trim().trim_start_matches("export ").trim_matches(['"', '\'']);
        let last = name.rsplit('.').next().unwrap_or(name);
        (last == key || name == variable).then_some(number)
    })
}

/// The sentences of an error, without the picture of the source that a parser draws between them.
fn one_line(error: &figment::Error) -> String {
    let text = error.to_string();
    let sentences = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('|'));
    sentences.collect::<Vec<_>>().join(": ")
}

pub(super) fn bad(line: impl Into<String>) -> Error {
    Error::new(ErrorKind::Misconfigured, line)
}

#[cfg(test)]
mod tests;
