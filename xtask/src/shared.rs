//! `cargo xtask shared`: the shared cache on real servers, which are installed first.

use anyhow::{Result, bail};

use crate::apt;
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
    if !apt::has("redis-server") {
        bail!("the tests of the shared cache need redis-server: apt-get install redis-server");
    }
    Ok(())
}
