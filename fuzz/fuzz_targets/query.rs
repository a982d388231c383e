//! A user's query of any text is refused with a sentence, or finds tags within the usual limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use repo_map_tags::{LanguageSet, extract};

const SOURCE: &[u8] =
    b"import os\n\n@route('/')\ndef one(a, b=1):\n    return two(a.c)\n\n\nclass Three(Four):\n    x = 1\n";

fuzz_target!(|input: &str| {
    let mut languages = LanguageSet::default();
    match languages.add("python", input) {
        Ok(()) => {
            let python = languages.by_id("python").expect("it is built in");
            std::hint::black_box(extract(python, SOURCE));
        }
        Err(error) => drop(std::hint::black_box(error.to_string())),
    }
});
