//! Agents' own files: what is put there, so that they use us unasked, and taken out again to the byte.
//!
//! ```text
//! catalogue (which files, what) ──► insertion ──► member, marked (where in a text) ──► apply (files, folders)
//!                                                     jsonc, edit                          record (what is ours)
//! ```

pub(crate) mod apply;
pub(crate) mod catalogue;
mod edit;
pub(crate) mod files;
mod insertion;
mod jsonc;
mod marked;
mod member;
pub(crate) mod places;
pub(crate) mod record;
#[cfg(test)]
mod rounds;
mod texts;
