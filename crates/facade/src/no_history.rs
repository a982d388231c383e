//! A build that does not read the git log: it says nothing.

use std::path::Path;

use repo_map_model::{Interrupt, RepoPath};
use repo_map_ranking::Evidence;

use crate::index::Index;
use crate::limits::Interrupted;
use crate::progress::Progress;
use crate::store::TagStore;

#[derive(Default)]
pub(crate) struct History;

impl History {
    #[expect(clippy::unnecessary_wraps, reason = "the same signature as with the log")]
    pub(crate) fn refreshed(
        &self,
        _: &Path,
        _: &TagStore,
        _: Interrupt<'_>,
        _: Option<&dyn Progress>,
    ) -> Result<Option<Self>, Interrupted> {
        Ok(None)
    }

    pub(crate) fn notice(&self) -> Option<String> {
        None
    }

    pub(crate) fn is_read(&self) -> bool {
        true
    }

    pub(crate) fn state(&self) -> String {
        String::new()
    }

    pub(crate) fn collect(&self, _: &Index, _: &[(&str, f32)], _: &[RepoPath], _: bool, _: &mut Evidence) {}
}
