//! One file of a `.git` is any bytes: the log and the list of files are read or given up.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use repo_map_files::{ScanOptions, locate, scan};
use repo_map_fuzz::{Repository, Scratch, patched};
use repo_map_history::{Log, LogOptions};

static FOLDER: LazyLock<(Scratch, Repository)> = LazyLock::new(|| {
    let scratch = Scratch::new("git-folder");
    let repository = Repository::new();
    for (name, bytes) in &repository.files {
        scratch.write(name, &Repository::stored(name, bytes));
    }
    (scratch, repository)
});

fuzz_target!(|input: &[u8]| {
    let (scratch, repository) = &*FOLDER;
    let Some((first, rest)) = input.split_first() else { return };
    let (name, original) = &repository.files[usize::from(*first) % repository.files.len()];
    scratch.write(name, &Repository::stored(name, &patched(original, rest)));
    let root = scratch.path("");
    let words = |message: &str, each: &mut dyn FnMut(&str)| message.split_whitespace().for_each(each);
    std::hint::black_box(Log::read(&root, &LogOptions::default(), None, words).to_bytes().len());
    if let Ok(root) = locate(&root) {
        let _ = std::hint::black_box(scan(&root, &ScanOptions::default()));
    }
    scratch.write(name, &Repository::stored(name, original));
});
