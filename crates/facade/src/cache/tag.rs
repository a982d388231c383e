use std::sync::Arc;

use repo_map_cache_core::{Codec, Payload};
use repo_map_model::FileTags;
use rkyv::rancor;
use rkyv::{Archive, Deserialize, Serialize};

/// A definition or a use of a name: what [`TagCache`](crate::TagCache) keeps of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    /// The name.
    pub name: String,
    /// What the file does with it.
    pub kind: TagKind,
    /// The line, from 0; whatever the caller likes where there is none, such as -1.
    pub line: i64,
}

/// What a file does with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagKind {
    /// It says what the name is.
    Definition,
    /// It uses the name.
    Reference,
}

/// The tags of one file. Shared, so a clone costs nothing and nobody can change what is cached.
pub type Tags = Arc<[Tag]>;

impl Tag {
    /// A tag of these three.
    pub fn new(name: impl Into<String>, kind: TagKind, line: i64) -> Self {
        Self { name: name.into(), kind, line }
    }

    /// All definitions, then all references, each in source order.
    pub(super) fn all_of(tags: &FileTags) -> Vec<Self> {
        let definitions = tags.definitions().iter().map(|definition| {
            Self::new(tags.name(definition.name), TagKind::Definition, i64::from(definition.line))
        });
        let references = tags.references().iter().map(|reference| {
            Self::new(tags.name(reference.name), TagKind::Reference, i64::from(reference.line))
        });
        definitions.chain(references).collect()
    }
}

impl TagKind {
    /// The kind in ctags' word: `def` or `ref`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Definition => "def",
            Self::Reference => "ref",
        }
    }

    /// The kind of a word.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Definition, Self::Reference].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A tag as it is stored. The layout is part of [`LAYOUT`](super::keyspaces::LAYOUT).
#[derive(Archive, Serialize, Deserialize)]
struct Row {
    name: String,
    line: i64,
    is_definition: bool,
}

pub(super) struct TagCodec;

impl Codec<Tags> for TagCodec {
    fn encode(&self, tags: &Tags) -> Vec<u8> {
        let rows: Vec<Row> = tags
            .iter()
            .map(|tag| Row {
                name: tag.name.clone(),
                line: tag.line,
                is_definition: tag.kind == TagKind::Definition,
            })
            .collect();
        rkyv::to_bytes::<rancor::Error>(&rows).expect("writing to memory does not fail").into_vec()
    }

    fn decode(&self, payload: &Payload<'_>) -> Option<Tags> {
        payload.archived(|rows: &rkyv::Archived<Vec<Row>>| {
            let tags = rows.iter().map(|row| {
                let kind = if row.is_definition { TagKind::Definition } else { TagKind::Reference };
                Tag::new(row.name.as_str(), kind, row.line.to_native())
            });
            tags.collect()
        })
    }

    fn weigh(&self, tags: &Tags) -> usize {
        tags.iter().map(|tag| size_of::<Tag>() + tag.name.len()).sum()
    }
}
