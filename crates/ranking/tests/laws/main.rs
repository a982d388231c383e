//! What must hold for every repository and request, on random small ones.

mod default_order;
mod degenerate;
mod determinism;
mod exactness;
mod oracle;
mod sample;
