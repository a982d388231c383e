use std::sync::Arc;

use crate::history::History;
use crate::index::{Index, TreeWords};

/// A tree as one look found it. Clones share everything.
#[derive(Clone, Default)]
pub(crate) struct Tree {
    pub(crate) index: Arc<Index>,
    /// Where a request has wanted them.
    pub(crate) words: Arc<TreeWords>,
    pub(crate) history: Arc<History>,
    /// It was looked at, to the end.
    pub(crate) is_scanned: bool,
    /// The last look took an equal `stat` for equal content.
    pub(crate) trusts_stat: bool,
}
