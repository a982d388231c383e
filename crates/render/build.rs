//! Lays the vocabularies of the tokenizers, and the automata that cut a text into pieces for them, out as tables that
//! are read where they lie in the program: counting tokens loads nothing. Writes the table of hidden characters.

#![expect(clippy::disallowed_methods, reason = "cargo speaks to a build script by its environment")]

#[cfg(feature = "vocabularies")]
#[path = "src/tokens/slots.rs"]
mod slots;
#[cfg(feature = "vocabularies")]
#[path = "src/tokens/tables.rs"]
mod tables;

use std::env;
use std::fs;
use std::path::PathBuf;

use regex_syntax::hir::{Class, HirKind};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/tokens");
    #[cfg(feature = "vocabularies")]
    tables::lay_out(write);
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
