//! The stored record of a git log, from any bytes: refused or read, and asked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use repo_map_history::{HistoryQuery, Log};

fuzz_target!(|input: &[u8]| {
    let Ok(log) = Log::from_bytes(input) else { return };
    let query = HistoryQuery::default().words(&[("change", 1.0)]).chat_files(&["a.py"]);
    std::hint::black_box(log.signals(&query, ["a.py", "src/b.py"]).len());
    std::hint::black_box(log.to_bytes().len());
});
