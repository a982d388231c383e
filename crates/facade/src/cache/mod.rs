//! Three caches of values over one store: tags of files, maps of requests, rendered trees.
//!
//! All are typed views of what is open of a directory: one environment, one writer, one memory tier each, however many
//! handles of a process look at it.

mod activity;
mod asked;
#[cfg(feature = "lmdb")]
mod directory;
#[cfg(feature = "lmdb")]
mod durable;
#[cfg(not(feature = "lmdb"))]
#[path = "no_durable.rs"]
mod durable;
mod failures;
mod handle;
mod hashing;
#[cfg(feature = "lmdb")]
mod inspection;
mod keyspaces;
mod manager;
mod map_cache;
mod map_key;
mod map_record;
mod name;
mod open;
mod operations;
mod place;
mod pressure;
mod sources;
mod statistics;
mod tag;
mod tag_cache;
mod tree_cache;
mod tree_codec;
mod view;
mod warming;

pub use activity::TierActivity;
#[cfg(feature = "lmdb")]
pub use directory::{
    AGES, CacheDirectory, Clearing, DirectoryStatistics, StoredEntry, TableStatistics, Verification,
};
pub use failures::ParseFailures;
#[cfg(feature = "lmdb")]
pub use inspection::{Inspection, StoredTags};
pub use keyspaces::KEYSPACES;
pub use manager::CacheManager;
pub use map_cache::MapCache;
pub use map_key::MapCacheKey;
pub use operations::OperationDurations;
pub use pressure::{MemoryPressure, Pressure, SystemPressure};
pub use statistics::{CacheStatistics, ManagerStatistics, TierStatistics};
pub use tag::{Tag, TagKind, Tags};
pub use tag_cache::TagCache;
pub use tree_cache::TreeCache;
pub use warming::Warming;

use handle::Handle;
pub(crate) use hashing::KeyHasher;
pub(crate) use keyspaces::{FILES, HISTORY, INDEXES, LAYOUT as MAP_LAYOUT, TAGS, WORDS};
pub(crate) use map_record::{DrawnFile, DrawnMap, DrawnReading, MapRecord};
pub(crate) use open::OpenCache;
