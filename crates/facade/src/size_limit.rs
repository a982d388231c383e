//! How large a file may be to be read.

use repo_map_tags::ExtractOptions;

/// What a limit may be at most, and what a file may have, in bytes, that was named by itself.
pub(crate) const MOST_BYTES: u64 = 64 << 20;

/// The limit where nobody sets one.
pub(crate) fn default_bytes() -> u64 {
    ExtractOptions::default().max_bytes as u64
}
