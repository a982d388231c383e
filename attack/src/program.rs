//! The program that is attacked, and what it says of itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// A build of the command line.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    /// Id, and the name of a file of each language.
    pub(crate) languages: Vec<(String, String)>,
    /// One source of each language, by the name of the file.
    pub(crate) fixtures: Vec<(String, Vec<u8>)>,
    /// Whether the suite may act as several users.
    pub(crate) is_root: bool,
}

impl Program {
    /// Asks a build for its languages, and reads the fixtures of the workspace.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let path = path.canonicalize().with_context(|| format!("there is no program {}", path.display()))?;
        let output = Command::new(&path).args(["languages", "--json"]).output()?;
        let rows: Value = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{} does not list its languages", path.display()))?;
        let first = |row: &Value, list: &str| row[list][0].as_str().map(str::to_owned);
        let language = |row: &Value| {
            let id = row["id"].as_str()?.to_owned();
            let name =
                first(row, "extensions").map(|extension| format!("x.{}", extension.trim_start_matches('.')));
            Some((id, name.or_else(|| first(row, "file_names"))?))
        };
        let languages: Vec<_> = rows.as_array().into_iter().flatten().filter_map(language).collect();
        if languages.is_empty() {
            bail!("{} has no languages", path.display());
        }
        Ok(Self { path, languages, fixtures: fixtures()?, is_root: nix::unistd::geteuid().is_root() })
    }
}

fn fixtures() -> Result<Vec<(String, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/languages");
    let mut fixtures = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        fixtures.push((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path())?));
    }
    // The order of a folder is not that of another machine's.
    fixtures.sort();
    Ok(fixtures)
}
