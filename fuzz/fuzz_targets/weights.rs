//! A file of weights of any text is taken or refused with a sentence; what is taken is written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use repo_map_cache::Weights;

fuzz_target!(|input: &str| {
    let mut weights = Weights::default();
    match weights.replace(input) {
        Ok(()) => weights.replace(&weights.clone().to_text()).expect("weights that were written can be read"),
        Err(error) => drop(std::hint::black_box(error.to_string())),
    }
});
