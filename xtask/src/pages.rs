//! `cargo xtask pages`: the pages of a build in a real browser, and the pictures of them that documents show.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::command::{self, cargo, say, target, workspace};

const PAGES: &str = "crates/cli/tests/pages";

/// Where systems have Chromium.
const BROWSERS: &[&str] = &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

#[derive(Args)]
pub(crate) struct Chores {
    /// Make the pictures of the documents anew, from the page of this tree.
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
}

impl Chores {
    /// Only the tests.
    pub(crate) const fn tests() -> Self {
        Self { pictures: None }
    }
}

pub(crate) fn run(chores: &Chores) -> Result<()> {
    command::run(&mut cargo(&["build", "--locked", "-p", "repo-map-cli"]))?;
    let target = target()?;
    let program = target.join("debug").join(if cfg!(windows) { "repo-map.exe" } else { "repo-map" });
    let folder = target.join("pages");
    let browser = browser()?;
    let node = folder.join("node");
    install(&node)?;
    let mut script = Command::new("node");
    match &chores.pictures {
        None => script.arg(node.join("pages.mjs")).arg(&program).arg(folder.join("work")).arg(browser),
        Some(tree) => script
            .arg(node.join("pictures.mjs"))
            .arg(&program)
            .arg(folder.join("work"))
            .arg(browser)
            .arg(std::path::absolute(tree)?)
            .arg(workspace().join("docs/images")),
    };
    command::run(&mut script)
}

/// The browser of the system; Debian's is installed where there is none and we may.
fn browser() -> Result<&'static str> {
    let found = || BROWSERS.iter().copied().find(|path| Path::new(path).exists());
    if let Some(found) = found() {
        return Ok(found);
    }
    say("pages: no Chromium here; it is asked of apt-get");
    let apt = |words: &[&str]| {
        command::run(Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "-qq"])
        .and_then(|()| apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium"]))
        .context("no Chromium, and it cannot be installed: install one")?;
    match found() {
        Some(found) => Ok(found),
        None => bail!("apt-get installed no Chromium in {}", BROWSERS.join(", ")),
    }
}

fn install(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(workspace().join(PAGES))? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?;
        fs::copy(&path, folder.join(name)).context("cannot copy the tests of pages")?;
    }
    let quiet = ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"];
    command::run(Command::new("npm").args(quiet).arg(folder))
}
