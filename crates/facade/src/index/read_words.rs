//! The words of one file, from its source.

use repo_map_files::{hash, read};
use repo_map_lexical::FileWords;
use repo_map_model::{FileTags, RepoPath};
use repo_map_tags::{decode, page};

use super::Workshop;
use crate::store::Identity;

/// The words of a file whose record the store has not kept: it is bounded, and an answer does not depend on what it has.
pub(super) fn words_again(path: &RepoPath, identity: Identity, workshop: &Workshop<'_>) -> Option<Vec<u8>> {
    let (bytes, _) = read(workshop.root, path, workshop.max_file_bytes).ok()?;
    let words = (hash(&bytes) == identity.content).then(|| words_of(identity, &bytes, workshop))??;
    workshop.store.remember_words(identity, words.as_bytes());
    Some(words.as_bytes().to_vec())
}

/// The words of one content; `None` where its tags cannot be had now.
pub(super) fn words_of(identity: Identity, bytes: &[u8], workshop: &Workshop<'_>) -> Option<FileWords> {
    let text = identity.language.map_or_else(|| decode(bytes), |language| page(language, bytes));
    // What holds a NUL byte early is no text.
    if text.iter().take(8_000).any(|byte| *byte == 0) {
        return Some(FileWords::of("", &FileTags::default()));
    }
    let tags = match identity.language {
        // Words lie in bodies: without definitions they would be others.
        Some(language) => workshop.extractor.tags(workshop.store, language, &identity.content, bytes).ok()?,
        None => FileTags::default(),
    };
    Some(FileWords::of(&String::from_utf8_lossy(&text), &tags))
}
