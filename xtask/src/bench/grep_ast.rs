//! `cargo xtask bench grep-ast`: the `tree` style beside grep-ast's.

use std::process::Command;

use anyhow::Result;

use super::python;
use crate::command::{self, cargo};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    command::run(&mut cargo(&["build", "--release", "--locked", "-p", "repo-map-render", "--examples"]))?;
    let interpreter = python::with_package("grep-ast==0.9.0")?;
    command::run(Command::new(interpreter).arg("benches/peers/grep_ast_compare.py").args(arguments))
}
