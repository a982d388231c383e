use std::sync::Arc;

use repo_map_cache_core::{Codec, Payload};

/// The text of a rendered tree.
pub(super) struct TreeCodec;

impl Codec<Arc<str>> for TreeCodec {
    fn encode(&self, tree: &Arc<str>) -> Vec<u8> {
        tree.as_bytes().to_vec()
    }

    fn decode(&self, payload: &Payload<'_>) -> Option<Arc<str>> {
        std::str::from_utf8(payload).ok().map(Arc::from)
    }

    fn weigh(&self, tree: &Arc<str>) -> usize {
        tree.len()
    }
}
