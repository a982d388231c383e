//! A file of settings: read within a bound, parsed, and asked where in it a key stands.

use std::fs;
use std::path::{Path, PathBuf};

use figment::Provider as _;
use figment::providers::{Format as _, Toml};
use figment::value::{Dict, Value};
use repo_map_bounded_io::{Links, ReadError, open, read_opened};
use repo_map_render::escaped_path;

use super::owner::Owners;

/// What a file of settings may have, in bytes. All weights with a comment each are a tenth of it.
const MOST_BYTES: u64 = 256 << 10;
/// What is quoted of a key or a value, in characters.
const MOST_SHOWN: usize = 80;

/// The tables that mean something.
const TABLES: &[&str] = &["map", "files", "cache", "ranking"];

/// A file of settings that was read.
#[derive(Debug)]
pub(super) struct SettingsFile {
    pub(super) path: PathBuf,
    text: String,
    tables: Dict,
}

/// Why a file of settings is not obeyed.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is somebody else's.
    Foreign(String),
    /// It cannot be read, or is no TOML.
    Unusable(String),
}

impl SettingsFile {
    /// Reads a file. `None` where there is none.
    pub(super) fn read(path: PathBuf, links: Links, owners: &Owners) -> Result<Option<Self>, Fault> {
        // Nor is there one for who may not look, such as in the home of the user that a service was started by.
        if fs::symlink_metadata(&path).is_err() {
            return Ok(None);
        }
        let unusable =
            |what: &dyn std::fmt::Display| Fault::Unusable(format!("{}: {what}", escaped_path(&path)));
        let bytes = match bytes(&path, links, owners, MOST_BYTES) {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(fault)) => return Err(Fault::Foreign(format!("{}: {fault}", escaped_path(&path)))),
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(unusable(&error)),
        };
        let text = String::from_utf8(bytes).map_err(|_| unusable(&ReadError::NotText))?;
        let mut profiles = Toml::string(&text).data().map_err(|error| unusable(&one_line(&error)))?;
        let tables = profiles.remove(&figment::Profile::Default).unwrap_or_default();
        Ok(Some(Self { path, text, tables }))
    }

    pub(super) fn table(&self, name: &str) -> Option<&Value> {
        self.tables.get(name)
    }

    /// A line for each table whose name is nearly one of ours. Others belong to other programs.
    pub(super) fn misspelt(&self) -> impl Iterator<Item = String> {
        let near = |name: &str| {
            let is_ours = TABLES.contains(&name) || name.len() > MOST_SHOWN;
            TABLES.iter().copied().find(|table| !is_ours && distance(table, name) <= 1 + table.len() / 5)
        };
        self.tables.keys().filter_map(move |name| {
            let meant = near(name)?;
            let (name, place) = (quoted(name), self.place("", name));
            Some(format!("[{name}]{place} means nothing; did you mean [{meant}]?"))
        })
    }

    /// Where a key of a table stands, as a clause.
    pub(super) fn place(&self, table: &str, key: &str) -> String {
        let line = line_of(&self.text, table, key).map_or_else(String::new, |line| format!(":{line}"));
        format!(" in {}{line}", escaped_path(&self.path))
    }
}

/// The bytes of a file, or why its owner's word is not taken.
pub(super) fn bytes(
    path: &Path,
    links: Links,
    owners: &Owners,
    limit: u64,
) -> Result<Result<Vec<u8>, String>, ReadError> {
    let (file, metadata) = open(path, links)?;
    match owners.fault(&metadata) {
        Some(fault) => Ok(Err(fault)),
        None => Ok(Ok(read_opened(file, &metadata, limit)?)),
    }
}

/// A key as it is quoted: bare where TOML lets it be.
pub(super) fn quoted(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.len() <= MOST_SHOWN && key.chars().all(is_bare) {
        return key.to_owned();
    }
    shortened(key)
}

/// A value as it is quoted.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(_, text) => shortened(text),
        Value::Bool(_, flag) => flag.to_string(),
        Value::Num(_, number) => number.to_i128().map_or_else(
            || number.to_f64().map_or_else(|| "a number".to_owned(), |number| number.to_string()),
            |number| number.to_string(),
        ),
        other => other.to_actual().to_string(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// How many letters are changed, added, left out, or exchanged with their neighbour, between two words (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (rows[i][j] + usize::from(a != b)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
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

/// The sentences of an error, without the picture of the source that a parser draws between them.
fn one_line(error: &figment::Error) -> String {
    let text = error.to_string();
    let sentences = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('|'));
    let line = sentences.collect::<Vec<_>>().join(": ");
    match line.char_indices().nth(4 * MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_table_is_near_to_the_one_that_was_meant() {
        let check = |one, other, expected| assert_eq!(distance(one, other), expected, "{one} {other}");
        check("cache", "cahce", 1);
        check("cache", "cache", 0);
        check("map", "maps", 1);
        check("ranking", "rnking", 1);
        check("files", "tool", 5);
        check("", "map", 3);
    }
}
