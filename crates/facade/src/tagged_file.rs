use std::path::{Path, PathBuf};

use repo_map_bounded_io::read_named;
use repo_map_files::{ScanOptions, locate, scan};
use repo_map_model::{Definition, FileTags, RepoPath, ScopeKind};
use repo_map_render::escaped_path;
use repo_map_tags::{Language, LanguageSet, Outcome, page};

use crate::error::{Error, ErrorKind};
use crate::size_limit::MOST_BYTES;

/// The tags of one file, read on its own: no repository, no cache.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("engine.py");
/// std::fs::write(&path, "class Engine:\n    def start(self): pass\n")?;
/// let file = repo_map_cache::TaggedFile::read(&path)?;
/// let names: Vec<_> = file.tags.definitions().iter().map(|d| file.tags.name(d.name)).collect();
/// assert_eq!(names, ["Engine", "start"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TaggedFile {
    /// The language that path and content told.
    pub language: Language,
    /// The definitions, references and scopes.
    pub tags: FileTags,
    /// How far the extraction came; it says why there are no tags.
    pub outcome: Outcome,
    /// How many bytes do not fit the grammar.
    pub misfit_bytes: u32,
    /// How many bytes the file has.
    pub bytes: u64,
    text: String,
}

impl TaggedFile {
    pub(crate) fn new(
        language: Language,
        tags: FileTags,
        outcome: Outcome,
        misfit_bytes: u32,
        source: &[u8],
    ) -> Self {
        let text = String::from_utf8_lossy(&page(language, source)).into_owned();
        Self { language, tags, outcome, misfit_bytes, bytes: source.len() as u64, text }
    }

    /// The lines that the tags' line numbers count.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        repo_map_model::lines(&self.text)
    }

    /// The name and kind of the definition that holds this one, where its scope is one.
    pub fn scope_of(&self, definition: &Definition) -> Option<(&str, ScopeKind)> {
        let scope = &self.tags.scopes()[definition.scope?.0 as usize];
        let holder = self
            .tags
            .definitions()
            .iter()
            .find(|other| other.line == scope.line && other.end_line == scope.end_line)?;
        Some((self.tags.name(holder.name), scope.kind))
    }
}

/// The files below a folder by the same rules as a map's, in the order of their paths, each from where the folder's path is from.
///
/// # Errors
/// When the folder cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let root = locate(folder).map_err(Error::of_files)?;
    let options = ScanOptions::default().subtree(root.subtree().cloned());
    let scan = scan(&root, &options).map_err(Error::of_files)?;
    let above = root.subtree().map_or(0, |subtree| subtree.as_str().len() + 1);
    Ok(scan.files.iter().map(|file| folder.join(&file.path.as_str()[above..])).collect())
}

/// The bytes of a file and the language that they and its name tell.
pub(crate) fn load(path: &Path, languages: &LanguageSet) -> Result<(Vec<u8>, Language), Error> {
    let bytes = read_named(path, MOST_BYTES).map_err(|error| Error::unreadable(path, error))?;
    let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| RepoPath::new(name).ok());
    let language = name.and_then(|name| languages.detect(&name, &bytes)).ok_or_else(|| {
        let cure = "`repo-map languages` lists what is understood";
        Error::new(ErrorKind::UnknownLanguage, format!("{}: unknown language; {cure}", escaped_path(path)))
            .at(path)
    })?;
    Ok((bytes, language))
}
