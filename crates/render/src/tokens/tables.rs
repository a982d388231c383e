//! What the build script makes of the vocabularies: an automaton and a table each.

use std::env;

use bpe_openai::byte_pair_encoding::BytePairEncoding;
use regex_automata::dfa::{StartKind, dense};

use super::slots;

/// The expressions of OpenAI's `tiktoken` (`openai_public.py`). Its look-ahead `\s+(?!\S)`, which no automaton has, is
/// two patterns here: white space to the end of the text, and white space of which the last character, which more
/// white space follows, is given back. The order of the patterns is the order of preference.
const CL100K: [&str; 3] = [
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+$",
    r"\s+\s",
    r"\s+",
];
const O200K: [&str; 3] = [
    concat!(
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|",
        r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+$",
    ),
    r"\s+\s",
    r"\s+",
];

/// Gives each table with the name of its file.
pub(crate) fn lay_out(write: fn(&str, &[u8])) {
    write("cl100k.pieces", &automaton(&CL100K));
    write("o200k.pieces", &automaton(&O200K));
    write("cl100k.vocabulary", &vocabulary(&bpe_openai::cl100k_base().bpe));
    write("o200k.vocabulary", &vocabulary(&bpe_openai::o200k_base().bpe));
}

fn automaton(patterns: &[&str]) -> Vec<u8> {
    let anchored = dense::Config::new().start_kind(StartKind::Anchored);
    let dense = dense::Builder::new().configure(anchored).build_many(patterns);
    let sparse = dense.expect("the expressions are an automaton").to_sparse();
    let sparse = sparse.expect("the automaton is small");
    match env::var("CARGO_CFG_TARGET_ENDIAN").as_deref() {
        Ok("big") => sparse.to_bytes_big_endian(),
        _ => sparse.to_bytes_little_endian(),
    }
}

fn vocabulary(encoding: &BytePairEncoding) -> Vec<u8> {
    let tokens: Vec<&[u8]> = (0..encoding.num_tokens())
        .map(|rank| {
            encoding.token_bytes(u32::try_from(rank).expect("there are fewer tokens than u32 has values"))
        })
        .collect();
    lay(&tokens)
}

/// The tokens, by rank, in the layout of [`slots`].
fn lay(tokens: &[&[u8]]) -> Vec<u8> {
    assert!(tokens.len() < (1 << slots::RANK_BITS) - 1, "a rank fits into its bits");
    let mut table = vec![0_u32; (tokens.len() * 2).next_power_of_two()];
    let last = table.len() - 1;
    for (rank, token) in (1..).zip(tokens) {
        let hash = slots::hash(token);
        let mut slot = slots::first(hash, table.len());
        while table[slot] != 0 {
            slot = (slot + 1) & last;
        }
        table[slot] = slots::mark(hash) | rank;
    }
    let ends = tokens.iter().scan(0, |end, token| {
        *end += token.len();
        Some(number(*end))
    });
    let head = [number(tokens.len()), number(table.len())];
    let numbers = head.into_iter().chain(table.iter().copied()).chain(ends);
    let mut laid: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
    laid.extend(tokens.iter().copied().flatten());
    laid
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a vocabulary has a few megabytes")
}
