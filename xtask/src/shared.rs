//! `cargo xtask shared`: the shared cache on real servers, which are installed first.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::command::{self, cargo, target};
use crate::python::Environment;

const SERVERS: &str = "crates/cache-remote/tests/requirements.txt";

pub(crate) fn run(all: bool) -> Result<()> {
    redis()?;
    let mut suites = vec!["redis"];
    let mut test = cargo(&["test", "--locked", "--workspace", "--no-fail-fast", "--test", "engines"]);
    test.args(["--test", "faults_of_servers", "--test", "shared_cache"]);
    if all {
        let servers = Environment::of(&target()?.join("python"), "servers", SERVERS)?;
        test.env("REPO_MAP_TEST_PYTHON", servers.path("python"));
        suites.extend(["s3", "webdav"]);
    }
    command::run(test.args(["--", "--ignored"]).args(suites))?;
    if all { trials() } else { Ok(()) }
}

/// Two hundred runs on servers that are ill, and a thousand forged records of each kind: their figures are printed.
fn trials() -> Result<()> {
    let servers = Environment::of(&target()?.join("python"), "servers", SERVERS)?;
    let mut test = cargo(&["test", "--locked", "--workspace", "--test", "shared_faults"]);
    test.env("REPO_MAP_TEST_PYTHON", servers.path("python"));
    command::run(test.args(["--", "--ignored", "--nocapture"]))?;
    let forged = ["test", "--locked", "--workspace", "--lib", "--", "--ignored", "--nocapture", "forged"];
    command::run(&mut cargo(&forged))
}

/// Redis is of the system.
fn redis() -> Result<()> {
    let is_there = || {
        let asked = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    if is_there() {
        return Ok(());
    }
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        let status = apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status();
        status.is_ok_and(|status| status.success())
    };
    let install = || apt(&["install", "-y", "--no-install-recommends", "redis-server"]);
    // A new machine may know no packages yet. Whoever is not root gets the cure.
    let installed = install() || (apt(&["update"]) && install());
    if !installed || !is_there() {
        bail!("the tests of the shared cache need redis-server: apt-get install redis-server");
    }
    Ok(())
}
