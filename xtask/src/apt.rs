//! Programs of the system that tests ask.

use std::process::{Command, Stdio};

use crate::command::say;

/// Whether a program is there; it is installed where apt-get can do that.
pub(crate) fn has(program: &str) -> bool {
    let is_there = || {
        let asked = Command::new(program).arg("--version").stdout(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        let status = apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status();
        status.is_ok_and(|status| status.success())
    };
    let install = || apt(&["install", "-y", "--no-install-recommends", program]);
    // A new machine may know no packages yet. Whoever is not root gets the cure.
    is_there() || ((install() || (apt(&["update"]) && install())) && is_there())
}

/// The shells whose completions are asked. One that cannot be had is passed over by its test, and told here.
pub(crate) fn shells() {
    for shell in ["bash", "zsh", "fish"] {
        if !has(shell) {
            say(&format!(
                "xtask: {shell} cannot be had, so its completions are not tried: apt-get install {shell}"
            ));
        }
    }
}
