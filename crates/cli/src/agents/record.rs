//! What was put where, so that it can be taken out to the byte. It holds what is ours alone: nothing of what stands around it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::edit::Put;
use super::files::missing_folders;

/// Larger than what eight agents in a thousand projects need.
const MOST_BYTES: u64 = 16 << 20;

/// One file that something was put into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    /// For whom.
    pub(crate) agents: Vec<String>,
    pub(crate) puts: Vec<Put>,
    /// There was no such file.
    pub(crate) is_created: bool,
    /// Folders that were made for it, the outermost first.
    pub(crate) folders: Vec<PathBuf>,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) entries: Vec<Entry>,
    /// Folders that were made for the record itself, the outermost first.
    pub(crate) folders: Vec<PathBuf>,
}

impl Record {
    /// What a file of ours says; nothing where there is none, or another program's.
    pub(crate) fn read(path: &Path) -> Self {
        let read = repo_map_bounded_io::read_named(path, MOST_BYTES).ok();
        let text = read.and_then(|bytes| String::from_utf8(bytes).ok());
        let new = || Self { folders: missing_folders(path), ..Self::default() };
        text.map_or_else(new, |text| Self::read_text(&text))
    }

    pub(super) fn read_text(text: &str) -> Self {
        let value: Option<Value> = serde_json::from_str(text).ok();
        let files = value.as_ref().and_then(|value| value["files"].as_array());
        let folders = value.as_ref().and_then(|value| paths(&value["folders"])).unwrap_or_default();
        Self { entries: files.into_iter().flatten().filter_map(entry).collect(), folders }
    }

    pub(crate) fn to_text(&self) -> String {
        let paths = |paths: &[PathBuf]| -> Vec<String> {
            paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
        };
        let files = self.entries.iter().map(|entry| {
            let puts = entry.puts.iter().map(|put| json!({ "at": put.at, "text": put.text }));
            json!({
                "path": entry.path.to_string_lossy(),
                "agents": entry.agents,
                "puts": puts.collect::<Vec<_>>(),
                "created": entry.is_created,
                "folders": paths(&entry.folders),
            })
        });
        let files: Vec<Value> = files.collect();
        format!("{}\n", json!({ "version": 1, "files": files, "folders": paths(&self.folders) }))
    }

    pub(crate) fn of(&self, path: &Path) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path == path)
    }

    pub(crate) fn keep(&mut self, entry: Entry) {
        self.entries.retain(|known| known.path != entry.path);
        self.entries.push(entry);
        self.entries.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// What is left of the folders that were made for it is another's who is in them.
    pub(crate) fn forget(&mut self, path: &Path) {
        let Some(at) = self.entries.iter().position(|entry| entry.path == path) else { return };
        for folder in self.entries.remove(at).folders {
            let heir = self.entries.iter_mut().find(|entry| entry.path.starts_with(&folder));
            if let Some(heir) = heir.filter(|heir| !heir.folders.contains(&folder)) {
                heir.folders.push(folder);
                // A folder before what is in it.
                heir.folders.sort();
            }
        }
    }
}

fn entry(value: &Value) -> Option<Entry> {
    let puts = value["puts"].as_array()?.iter().map(|put| {
        Some(Put { at: usize::try_from(put["at"].as_u64()?).ok()?, text: put["text"].as_str()?.to_owned() })
    });
    Some(Entry {
        path: value["path"].as_str()?.into(),
        agents: texts(&value["agents"])?,
        puts: puts.collect::<Option<_>>()?,
        is_created: value["created"].as_bool()?,
        folders: paths(&value["folders"])?,
    })
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|text| Some(text.as_str()?.to_owned())).collect()
}

fn paths(value: &Value) -> Option<Vec<PathBuf>> {
    Some(texts(value)?.into_iter().map(PathBuf::from).collect())
}
