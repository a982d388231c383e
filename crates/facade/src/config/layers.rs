//! The layers of the cache's configuration, one over the other, each trusted with its own share of it.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};
use repo_map_bounded_io::Links;
use repo_map_render::escaped_path;

use super::file::{SettingsFile, bytes, quoted, shown};
use super::places;
use super::remote;
use super::settings::{Draft, SETTINGS, Setting, TABLE, of_key, of_variable};
use super::sources::{PassedOver, Sources, bad};
use super::variables::Variables;
use super::{CacheConfig, dotenv};
use crate::error::Error;

/// What a `.env` file may have, in bytes. Other programs write it too.
const MOST_BYTES: u64 = 1 << 20;

/// Where there is no home.
const NO_FOLDER: &str = "no folder for the cache is known, since HOME is not set, so nothing is kept for the next run; name one by the flag \
                         --cache-dir or the environment (REPO_MAP_CACHE_DIR)";

/// The configuration. The `.env` of a folder that is trusted is a layer below the environment.
pub(super) fn load(
    dotenv: Option<&Path>,
    sources: Sources,
    variable: Variables<'_>,
) -> Result<CacheConfig, Error> {
    let Sources { user, project, owners, mut notices } = sources;
    let mut draft = Draft::default();
    if let Some(file) = &user {
        of_user(file, &mut draft, variable)?;
    }
    if let Some(file) = &project {
        notices.extend(of_project(file, &mut draft, variable));
    }
    if let Some(folder) = dotenv {
        let read = bytes(&folder.join(".env"), Links::Follow, &owners, MOST_BYTES);
        notices.extend(match read {
            Ok(Ok(bytes)) => of_dotenv(&bytes, folder, &mut draft, variable),
            Ok(Err(fault)) => vec![format!("{} is not read: {fault}", escaped_path(&folder.join(".env")))],
            Err(error) if error.is_missing() => Vec::new(),
            Err(error) => vec![format!("{} is not read: {error}", escaped_path(&folder.join(".env")))],
        });
    }
    of_environment(&mut draft, variable)?;
    remote::of_environment(&mut draft.remote, variable)?;
    let Draft { mut config, dir, is_off, remote } = draft;
    let remote = if is_off { remote.keys_alone() } else { remote };
    config.remote = Some(remote).filter(remote::RemoteConfig::is_any);
    if config.remote.is_some() && cfg!(not(feature = "remote")) {
        notices.push(
            "this build has no shared cache (the feature remote), so the settings of cache.remote do nothing"
                .to_owned(),
        );
    }
    config.cache_dir = match dir {
        _ if is_off => None,
        Some(dir) => Some(dir),
        None => {
            config.unnamed_dir = places::user_cache(variable);
            if config.unnamed_dir.is_none() {
                notices.push(NO_FOLDER.to_owned());
            }
            config.unnamed_dir.clone()
        }
    };
    config.notices = notices;
    config.check()?;
    Ok(config)
}

/// The user's own file: a fault in it is an error, for nobody else can mend it.
fn of_user(file: &SettingsFile, draft: &mut Draft, variable: Variables<'_>) -> Result<(), Error> {
    for (key, value) in table(file).map_err(bad)? {
        if key == remote::KEY {
            remote::of_user(file, value, &mut draft.remote).map_err(bad)?;
            continue;
        }
        let Some(setting) = of_key(key) else { return Err(bad(unknown(file, key))) };
        take(file, setting, value, draft, variable).map_err(bad)?;
    }
    Ok(())
}

/// The project's file: it came with the tree, so it may say what changes a map, and a fault in it stops nobody.
fn of_project(file: &SettingsFile, draft: &mut Draft, variable: Variables<'_>) -> Vec<String> {
    let mut passed_over = PassedOver::default();
    let user_file = places::user_config(variable)
        .map_or_else(|| "the user's config.toml".to_owned(), |path| escaped_path(&path).into_owned());
    match table(file) {
        Err(line) => passed_over.push(|| format!("{line}; it is passed over")),
        Ok(table) => {
            for (key, value) in table {
                match of_key(key) {
                    None if key == remote::KEY => {
                        passed_over.push(|| remote::no_say(&file.place(TABLE, key), &user_file));
                    }
                    None => passed_over.push(|| format!("{}; it is passed over", unknown(file, key))),
                    Some(setting) if !setting.of_project => passed_over.push(|| {
                        let (place, places) = (file.place(TABLE, key), setting.places(&user_file));
                        format!("{TABLE}.{key}{place} is passed over, a project has no say in it; {places}")
                    }),
                    Some(setting) => {
                        if let Err(line) = take(file, setting, value, draft, variable) {
                            passed_over.push(|| format!("{line}; it is passed over"));
                        }
                    }
                }
            }
        }
    }
    passed_over.into_lines()
}

/// A `.env` file that the host trusts: other programs' lines and encodings are none of our business.
fn of_dotenv(bytes: &[u8], folder: &Path, draft: &mut Draft, variable: Variables<'_>) -> Vec<String> {
    let mut passed_over = PassedOver::default();
    let path = escaped_path(&folder.join(".env")).into_owned();
    let text = String::from_utf8_lossy(bytes);
    for (name, value, line) in dotenv::parse(&text) {
        let Some(setting) = of_variable(name).filter(|_| !value.is_empty()) else { continue };
        let before = draft.dir.clone();
        let fault = |expected: &str| {
            format!(
                "{} = {} in {path}:{line} is passed over: expected {expected}",
                setting.key,
                shown(&value.into())
            )
        };
        let is_text = !value.contains(char::REPLACEMENT_CHARACTER);
        if !is_text || (setting.take)(draft, &value.into()).is_none() {
            passed_over.push(|| fault(setting.expected));
        } else if let Some(named) = draft.dir.take_if(|_| setting.key == "dir") {
            let allowed: Vec<PathBuf> =
                [Some(folder.to_owned()), places::user_caches(variable)].into_iter().flatten().collect();
            let named = places::of_home(&named, variable).unwrap_or_else(|| folder.join(named));
            let below = places::below(&named, &allowed);
            if below.is_none() {
                passed_over.push(|| fault("a folder below the file's own or the user's cache folder"));
            }
            draft.dir = below.or(before);
        }
    }
    passed_over.into_lines()
}

fn of_environment(draft: &mut Draft, variable: Variables<'_>) -> Result<(), Error> {
    for setting in SETTINGS {
        let name = setting.variable();
        let Some(value) = variable(&name) else { continue };
        if setting.key == "dir" {
            let path = PathBuf::from(value);
            let from_here = || std::path::absolute(&path).unwrap_or_else(|_| path.clone());
            draft.dir = Some(places::of_home(&path, variable).unwrap_or_else(from_here));
            continue;
        }
        let value =
            value.into_string().map_err(|value| bad(format!("{name} = {value:?}: it is not UTF-8")))?;
        let value = Value::from(value);
        (setting.take)(draft, &value).ok_or_else(|| {
            let (key, expected) = (setting.key, setting.expected);
            bad(format!("{key} = {} in the variable {name}: expected {expected}", shown(&value)))
        })?;
    }
    Ok(())
}

/// The table of the settings in a file.
fn table(file: &SettingsFile) -> Result<&Dict, String> {
    static EMPTY: Dict = Dict::new();
    match file.table(TABLE) {
        None => Ok(&EMPTY),
        Some(value) => {
            value.as_dict().ok_or_else(|| format!("`{TABLE}` is a table{}", file.place("", TABLE)))
        }
    }
}

/// Takes a setting of a file over, or says what is wrong with it.
fn take(
    file: &SettingsFile,
    setting: &Setting,
    value: &Value,
    draft: &mut Draft,
    variable: Variables<'_>,
) -> Result<(), String> {
    (setting.take)(draft, value).ok_or_else(|| {
        let (key, place, expected) = (setting.key, file.place(TABLE, setting.key), setting.expected);
        format!("{key} = {}{place}: expected {expected}", shown(value))
    })?;
    if let Some(named) = draft.dir.take_if(|_| setting.key == "dir") {
        let folder = file.path.parent().unwrap_or(&file.path);
        draft.dir = Some(places::of_home(&named, variable).unwrap_or_else(|| folder.join(named)));
    }
    Ok(())
}

/// A name that means nothing is a misspelt setting.
fn unknown(file: &SettingsFile, key: &str) -> String {
    let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).chain([remote::KEY]).collect();
    format!(
        "{TABLE}.{}{}: no such setting; there are {}",
        quoted(key),
        file.place(TABLE, key),
        known.join(", ")
    )
}

#[cfg(test)]
mod tests;
