//! The graph of an index beside it in the store: what the next process need not work out.

use std::fmt;
use std::sync::Arc;

use repo_map_cache_core::Key;
use repo_map_ranking::{GraphPart, KeptGraph, Preset, ReferenceGraph};

use crate::cache::KeyHasher;
use crate::store::TagStore;

/// Where the parts of a graph are kept: another place for each state of a tree, preset and build.
#[derive(Clone)]
pub(crate) struct GraphPlace {
    store: TagStore,
    state: Key,
}

impl GraphPlace {
    /// Of the index whose content has this key.
    pub(super) fn new(store: &TagStore, content: &Key, preset: &Preset) -> Self {
        let state = KeyHasher::new("repo-map-cache 1 graph of an index")
            .part(env!("CARGO_PKG_VERSION"))
            .part(env!("REPO_MAP_BUILD"))
            .part(content.as_bytes())
            .part(format!("{preset:?}"))
            .key();
        Self { store: store.clone(), state }
    }

    /// The keys of all parts, whether they are there or not.
    pub(super) fn keys(&self) -> [Key; GraphPart::ALL.len()] {
        GraphPart::ALL.map(|part| self.key(part))
    }

    fn key(&self, part: GraphPart) -> Key {
        KeyHasher::new("repo-map-cache 1 part of a graph")
            .part(self.state.as_bytes())
            .part([part.code()])
            .key()
    }

    /// Keeps what was worked out and is not there yet, as far as there is room.
    pub(super) fn keep(&self, graph: &ReferenceGraph) {
        for (part, bytes) in graph.new_parts() {
            self.store.keep_index(self.key(part), &bytes);
        }
    }

    pub(super) fn lent(&self) -> Arc<dyn KeptGraph> {
        Arc::new(self.clone())
    }
}

impl KeptGraph for GraphPlace {
    fn part(&self, part: GraphPart, read: &mut dyn FnMut(&[u8])) {
        self.store.kept_index(&self.key(part), read);
    }
}

impl fmt::Debug for GraphPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GraphPlace").field(&self.state).finish()
    }
}
