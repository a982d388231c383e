//! The tables of a cache and the version of what the typed caches store in theirs.

use repo_map_cache_core::{Fingerprint, Key, Keyspace};

/// The version of the layouts that the typed caches store. Raise it with every change of a field.
pub(crate) const LAYOUT: Fingerprint = Fingerprint::new(3);

/// Tags under BLAKE3(extractor fingerprint ‖ content hash): worktrees, branches and forks share them.
pub(crate) const TAGS: Keyspace = Keyspace::new("tags");
/// What a path was when it was last looked at, under BLAKE3(root ‖ path).
pub(crate) const FILES: Keyspace = Keyspace::new("files");

/// The words of a content, under BLAKE3(extractor fingerprint ‖ content hash): bodies follow the tags.
pub(crate) const WORDS: Keyspace = Keyspace::new("words");
/// The git log of a root, under BLAKE3(root).
pub(crate) const HISTORY: Keyspace = Keyspace::new("history");
/// Tags that were set for a path.
pub(super) const TAG_LISTS: Keyspace = Keyspace::new("tag-lists");
/// Maps, under their request.
pub(super) const MAPS: Keyspace = Keyspace::new("maps");
/// The maps that name a file.
pub(super) const MAPS_OF_FILES: Keyspace = Keyspace::new("maps-of-files");
/// Rendered trees, under their file and lines.
pub(super) const TREES: Keyspace = Keyspace::new("trees");
/// The trees of a file.
pub(super) const TREES_OF_FILES: Keyspace = Keyspace::new("trees-of-files");
/// What paths were that values were stored for.
pub(super) const FILE_RECORDS: Keyspace = Keyspace::new("sources");

/// What all processes did.
pub(super) const ACTIVITY: Keyspace = Keyspace::new("activity");

/// The index of a tree, under BLAKE3(root, what is scanned), and its parts.
pub(crate) const INDEXES: Keyspace = Keyspace::new("indexes");

/// Every keyspace of a cache, in an order that never changes: what a [storage backend](crate::RepoMapperBuilder::backend) is asked
/// for. New ones are added at the end.
pub const KEYSPACES: &[Keyspace] = &[
    TAGS,
    FILES,
    WORDS,
    HISTORY,
    TAG_LISTS,
    MAPS,
    MAPS_OF_FILES,
    TREES,
    TREES_OF_FILES,
    FILE_RECORDS,
    ACTIVITY,
    INDEXES,
];

/// Those whose entries are small beside the work that they save, so that they go last.
#[cfg(feature = "lmdb")]
pub(super) const LAST_TO_GO: &[Keyspace] = &[FILES, HISTORY, MAPS, FILE_RECORDS, ACTIVITY];

/// The rows of what all processes did.
pub(super) const ROW: Key = Key::new([0; 32]);
pub(super) const DURATIONS: Key = Key::new([1; 32]);
pub(super) const FAILURES: Key = Key::new([2; 32]);
pub(super) const SHARED: Key = Key::new([3; 32]);
/// All of them: small, and for every tree.
pub(super) const ROWS: [Key; 4] = [ROW, DURATIONS, FAILURES, SHARED];
