//! Who does the cryptography of TLS.

use std::sync::Once;

/// Chooses it for this process, unless the host has.
pub(crate) fn provide_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that the host was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
