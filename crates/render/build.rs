//! Lays the vocabularies of the tokenizers, and the automata that cut a text into pieces for them, out as tables that
//! are read where they lie in the program: counting tokens loads nothing. Writes the table of hidden characters.

#![expect(clippy::disallowed_methods, reason = "cargo speaks to a build script by its environment")]

#[path = "src/tokens/slots.rs"]
mod slots;

use std::env;
use std::fs;
use std::path::PathBuf;

use bpe_openai::byte_pair_encoding::BytePairEncoding;
use regex_automata::dfa::{StartKind, dense};
use regex_syntax::hir::{Class, HirKind};

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

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/tokens/slots.rs");
    write("cl100k.pieces", &automaton(&CL100K));
    write("o200k.pieces", &automaton(&O200K));
    write("cl100k.vocabulary", &vocabulary(&bpe_openai::cl100k_base().bpe));
    write("o200k.vocabulary", &vocabulary(&bpe_openai::o200k_base().bpe));
    write("hidden.rs", hidden().as_bytes());
}

fn write(name: &str, bytes: &[u8]) {
    let folder = env::var_os("OUT_DIR").expect("cargo names the folder of what is built");
    fs::write(PathBuf::from(folder).join(name), bytes).expect("the folder of what is built takes a file");
}

/// The ranges of characters that `src/hidden.rs` speaks of, as a Rust table. The last four are blank by design and in none of
/// the classes: the pattern of Braille without dots, the filler of Khitan, the blank hieroglyph, the note without a head.
fn hidden() -> String {
    const CLASS: &str =
        r"[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\x{2800}\x{16FE4}\x{13441}-\x{13442}\x{1D159}]";
    let class = regex_syntax::parse(CLASS).expect("the classes are known");
    let HirKind::Class(Class::Unicode(class)) = class.kind() else { unreachable!("it is a class") };
    let mut table = String::from("static HIDDEN: &[(char, char)] = &[\n");
    for range in class.ranges() {
        table += &format!("    ({:?}, {:?}),\n", range.start(), range.end());
    }
    table + "];\n"
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
