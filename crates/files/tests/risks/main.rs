//! What may go wrong with a tree, one module a risk. Real directories, real git.
//! FIFOs, sockets, links and bytes that are no text are made the Unix way.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

mod changing_trees;
mod false_changes;
mod git_layouts;
mod hidden_and_ignored;
mod hostile_git;
mod odd_files;
mod reading;
mod tree;
mod wrong_root;
