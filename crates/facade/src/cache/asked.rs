use std::path::Path;

/// Names the file that is asked for to whatever is logged until the guard goes: the layers below know keys alone.
pub(super) fn asked(path: &Path) -> tracing::span::EnteredSpan {
    tracing::debug_span!(target: "repo_map_cache", "asked", path = %path.display()).entered()
}
