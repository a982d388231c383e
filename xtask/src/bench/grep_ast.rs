//! `cargo xtask bench grep-ast`: the `tree` style beside grep-ast's.

use std::process::Command;

use anyhow::Result;

use super::python;
use crate::command::{self, cargo};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    command::run(&mut cargo(&["build", "--release", "--locked", "-p", "repo-map-render", "--examples"]))?;
    // Later versions of the language pack fetch their grammars at run time.
    let interpreter = python::with_packages(&["grep-ast==0.9.0", "tree-sitter-language-pack==0.13.0"])?;
    command::run(
        Command::new(interpreter)
            .args(["benches/peers/grep_ast_compare.py", "--example", "target/release/examples/tree_lines"])
            .args(arguments),
    )
}
