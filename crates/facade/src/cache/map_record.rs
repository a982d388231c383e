//! A map as it is kept: its text and, where a mapper made it, the account of what it shows.

use std::sync::Arc;

use repo_map_cache_core::{Codec, Payload};
use rkyv::rancor;
use rkyv::{Archive, Deserialize, Serialize};

/// The layout is part of [`LAYOUT`](super::keyspaces::LAYOUT).
#[derive(Archive, Serialize, Deserialize, Clone, Debug, PartialEq)]
pub(crate) struct MapRecord {
    pub(crate) text: Arc<str>,
    /// `None` for a map that a caller has set.
    pub(crate) drawn: Option<DrawnMap>,
}

/// What a mapper tells of its map beside the text.
#[derive(Archive, Serialize, Deserialize, Clone, Debug, PartialEq)]
pub(crate) struct DrawnMap {
    pub(crate) tokens_used: u64,
    pub(crate) files: Vec<DrawnFile>,
    pub(crate) omitted_files: u64,
    pub(crate) omitted_definitions: u64,
    pub(crate) confidence: Option<f64>,
    pub(crate) reading: DrawnReading,
    /// Files of the tree that are in the map by their paths alone, for a reason.
    pub(crate) passed_over: u64,
}

/// How much of the tree was read, in files and bytes: all, what does not fit its grammar, and what was left out, by the word of the reason.
#[derive(Archive, Serialize, Deserialize, Clone, Debug, PartialEq)]
pub(crate) struct DrawnReading {
    pub(crate) all: (u64, u64),
    pub(crate) misfits: (u64, u64),
    pub(crate) left_out: Vec<(String, u64, u64)>,
}

#[derive(Archive, Serialize, Deserialize, Clone, Debug, PartialEq)]
pub(crate) struct DrawnFile {
    pub(crate) path: String,
    pub(crate) rank: u64,
    pub(crate) score: f64,
    /// Name, code of the kind, line.
    pub(crate) definitions: Vec<(String, u8, u32)>,
}

pub(super) struct MapCodec;

impl Codec<Arc<MapRecord>> for MapCodec {
    fn encode(&self, map: &Arc<MapRecord>) -> Vec<u8> {
        rkyv::to_bytes::<rancor::Error>(&**map).expect("writing to memory does not fail").into_vec()
    }

    fn decode(&self, payload: &Payload<'_>) -> Option<Arc<MapRecord>> {
        payload
            .archived(|map: &ArchivedMapRecord| rkyv::deserialize::<MapRecord, rancor::Error>(map).ok())
            .flatten()
            .map(Arc::new)
    }

    fn weigh(&self, map: &Arc<MapRecord>) -> usize {
        let files = map.drawn.iter().flat_map(|drawn| &drawn.files);
        let files = files.map(|file| {
            let names: usize = file.definitions.iter().map(|(name, ..)| name.len()).sum();
            size_of::<DrawnFile>()
                + file.path.len()
                + names
                + file.definitions.len() * size_of::<(String, u8, u32)>()
        });
        size_of::<MapRecord>() + map.text.len() + files.sum::<usize>()
    }
}
