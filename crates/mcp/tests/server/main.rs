//! The server, asked by clients that speak the protocol by hand.

mod budgets;
mod many;
mod protocol;
mod support;
