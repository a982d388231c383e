//! What must hold for every repository and request, on random small ones.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod degenerate;
mod determinism;
mod exactness;
mod oracle;
mod sample;
