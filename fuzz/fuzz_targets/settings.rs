//! A project's `repo-map.toml` of any bytes is obeyed, passed over or refused with a sentence.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use repo_map_cache::{CacheConfig, RankingConfig};
use repo_map_fuzz::Scratch;

static FOLDER: LazyLock<Scratch> = LazyLock::new(|| {
    let scratch = Scratch::new("settings");
    scratch.write(".git/HEAD", b"ref: refs/heads/main\n");
    scratch
});

fuzz_target!(|input: &[u8]| {
    FOLDER.write("repo-map.toml", input);
    if let Err(error) = CacheConfig::load(FOLDER.path("")) {
        std::hint::black_box(error.to_string());
    }
    if let Err(error) = RankingConfig::load(FOLDER.path("")) {
        std::hint::black_box(error.to_string());
    }
});
