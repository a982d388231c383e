//! What the shared tier knows of its own settings.

pub(super) use repo_map_cache_remote::VARIABLES;

/// Whether a text is the URL of an engine.
pub(super) fn is_address(url: &str) -> bool {
    repo_map_cache_remote::Address::parse(url).is_ok()
}
