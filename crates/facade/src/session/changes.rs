//! What differs between a commit and the files of the tree.

use repo_map_files::read;
use repo_map_history::{Changes, ChangesError, WorkFile};
use repo_map_model::RepoPath;
use repo_map_navigation::holds_secrets;

use super::Session;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::map::Timings;
use crate::request::MapRequest;

impl Session {
    /// Compares the files that maps take in; those of keys and passwords are named, and nothing of them is quoted.
    pub(crate) fn changes(&self, revision: Option<&str>, limits: &Limits<'_>) -> Result<Changes, Error> {
        let seen = self.look(&MapRequest::new(1), limits, &mut Timings::default())?;
        let files: Vec<WorkFile<'_>> = seen
            .tree
            .index
            .files()
            .map(|(path, file)| WorkFile {
                path: path.as_str(),
                size: file.stat().size,
                modified_ns: file.stat().mtime_ns,
            })
            .collect();
        let read_quotable = |path: &str| {
            let path = RepoPath::new(path).ok().filter(|path| !holds_secrets(path))?;
            limits.check().ok()?;
            Some(read(&self.plan.root, &path, self.settings().max_file_bytes).ok()?.0)
        };
        let changes = Changes::since(self.plan.root.path(), revision, &files, read_quotable);
        limits.check()?;
        changes.map_err(|error| {
            let kind = match error {
                ChangesError::Revision { .. } => ErrorKind::Misconfigured,
                ChangesError::NoRepository | ChangesError::NoCommit => ErrorKind::NotFound,
                _ => ErrorKind::Unreadable,
            };
            Error::new(kind, error.to_string()).at(self.plan.root.path()).caused_by(error)
        })
    }
}
