//! A build without the shared tier: its settings are read, and a notice says that they do nothing.

pub(super) const VARIABLES: &[&str] = &[];

/// Whether a text looks like a URL.
pub(super) fn is_address(url: &str) -> bool {
    url.contains("://")
}
