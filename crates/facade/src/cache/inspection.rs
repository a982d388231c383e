use std::path::{Path, PathBuf};

use repo_map_bounded_io::{Links, read};
use repo_map_files::{hash, locate};
use repo_map_model::RepoPath;
use repo_map_render::escaped_path;
use repo_map_tags::Language;
use serde::Serialize;

use super::directory::CacheDirectory;
use crate::error::{Error, ErrorKind};
use crate::records::ArchivedTagRecord;
use crate::store::TagStore;

/// What a file may have, in bytes, to be read.
const MOST_BYTES: u64 = 64 << 20;

/// What a cache knows of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Inspection {
    /// The file.
    pub path: PathBuf,
    /// The repository that it was looked for in.
    pub root: PathBuf,
    /// Whether a mapper has recorded what the file was.
    pub is_recorded: bool,
    /// Whether the record says that the file is as it is now; `None` without a record.
    pub is_current: Option<bool>,
    /// The language of its content.
    pub language: Option<&'static str>,
    /// The BLAKE3 hash of its content now.
    pub content: String,
    /// The tags that are stored for its content as it is now.
    pub tags: Option<StoredTags>,
}

/// The tags that are stored for a content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoredTags {
    /// Definitions.
    pub definitions: usize,
    /// Distinct names that are used.
    pub names_used: usize,
    /// Bytes of the record.
    pub bytes: usize,
    /// Why there are none, where that has a reason.
    pub reason: Option<String>,
}

impl CacheDirectory {
    /// What is known of a file.
    ///
    /// # Errors
    /// When the file cannot be read, or lies in no folder that can be.
    pub fn inspect(&self, path: &Path) -> Result<Inspection, Error> {
        let path = path.canonicalize().map_err(|error| Error::unreadable(path, error))?;
        let bytes =
            read(&path, Links::Refuse, MOST_BYTES).map_err(|error| Error::unreadable(&path, error))?;
        let folder = path.parent().unwrap_or(&path);
        let located = locate(folder).map_err(Error::of_files)?;
        let name_in = |root: &Path| RepoPath::new(path.strip_prefix(root).ok()?.to_str()?).ok();
        let store = TagStore::speaking(self.cache(), self.languages.clone());
        let content = hash(&bytes);
        // A plain folder above it may have been mapped as well.
        let recorded = folder
            .ancestors()
            .find_map(|root| Some((root.to_owned(), store.known_content(root, &name_in(root)?)?)));
        let (root, recorded) = match recorded {
            Some((root, content)) => (root, Some(content)),
            None => (located.path().to_owned(), None),
        };
        let name = name_in(&root).ok_or_else(|| {
            Error::new(ErrorKind::Unreadable, format!("{}: no path of a repository", escaped_path(&path)))
        })?;
        let language = self.languages.detect(&name, &bytes);
        let tags = language.and_then(|language| {
            let record = store.tags(language, &content)?;
            let archived = ArchivedTagRecord::access(&record)?;
            Some(StoredTags {
                definitions: archived.definitions().count(),
                names_used: archived.reference_counts().count(),
                bytes: record.len(),
                reason: archived.outcome()?.skip_reason().map(|reason| reason.to_string()),
            })
        });
        Ok(Inspection {
            root,
            is_recorded: recorded.is_some(),
            is_current: recorded.map(|recorded| recorded == content),
            language: language.map(Language::id),
            content: content.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect(),
            tags,
            path,
        })
    }
}
