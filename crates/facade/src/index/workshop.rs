use repo_map_files::Root;
use repo_map_model::Interrupt;

use crate::extraction::Extractor;
use crate::progress::Progress;
use crate::store::TagStore;

/// What an update works with.
pub(crate) struct Workshop<'a> {
    pub(crate) root: &'a Root,
    pub(crate) store: &'a TagStore,
    pub(crate) extractor: &'a Extractor,
    pub(crate) threads: &'a rayon::ThreadPool,
    pub(crate) progress: Option<&'a dyn Progress>,
    /// Whether an equal `stat` stands for equal content.
    pub(crate) trust_stat: bool,
    /// The largest file that is read.
    pub(crate) max_file_bytes: u64,
    pub(crate) interrupt: Interrupt<'a>,
}
