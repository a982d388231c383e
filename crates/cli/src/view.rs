//! Pages for people: one HTML file each, with nothing to fetch.
//!
//! ```text
//! View ──► tree (folders, files) ─┐
//!      ──► pages (rows, runs) ────┼──► data ──► html (policy, style, script) ──► place ──► browser
//!      ──► why (signals) ─────────┘
//! ```

mod browser;
mod data;
mod html;
mod pages;
mod place;
mod tree;
mod why;

pub(crate) use data::{About, budgets, page};
pub(crate) use html::{document, text};
pub(crate) use place::deliver;
