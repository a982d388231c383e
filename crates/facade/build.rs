//! Tells the build apart from others: kept maps of another build may have been ranked by other rules. And says whether the documents of
//! the repository are there, whose examples are tests.

use std::fs;
use std::path::{Path, PathBuf};

/// The crates that decide on a map, as far as their sources are beside this one. In a published crate they are not: then
/// the version says it, since the crates of a release come out together.
const STAGES: &[&str] = &["model", "files", "tags", "lexical", "history", "ranking", "render", "facade"];

fn main() {
    // Cargo runs a build script in its package's folder.
    let crates = PathBuf::from("..");
    let mut files = Vec::new();
    for stage in STAGES {
        for part in ["src", "queries"] {
            let folder = crates.join(stage).join(part);
            if folder.is_dir() {
                println!("cargo:rerun-if-changed={}", folder.display());
                collect(&folder, &mut files);
            }
        }
    }
    files.sort();
    let mut state = Fnv::default();
    for file in files {
        state.add(file.file_name().map_or(&[][..], |name| name.as_encoded_bytes()));
        state.add(&fs::read(&file).unwrap_or_default());
    }
    println!("cargo:rustc-env=REPO_MAP_BUILD={:016x}", state.0);
    println!("cargo:rustc-check-cfg=cfg(in_workspace)");
    if crates.join("../docs/architecture.md").is_file() {
        println!("cargo:rustc-cfg=in_workspace");
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// FNV-1a: builds are told apart, not defended.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes.iter().chain(&(bytes.len() as u64).to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
