//! `cargo xtask npm`: packs the npm packages around a program that is built, installs them where nothing else is, and runs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::command::{self, say, target, workspace};

#[derive(Debug, clap::Args)]
pub(crate) struct Chores {
    /// The program; that of the development build unless another is named.
    #[arg(long)]
    program: Option<PathBuf>,
    /// The system it is for, as Node names it.
    #[arg(long, default_value = "linux-x64")]
    system: String,
}

pub(crate) fn run(chores: &Chores) -> Result<()> {
    let folder = target()?.join("npm");
    if folder.is_dir() {
        fs::remove_dir_all(&folder).context("cannot remove the packages of before")?;
    }
    let program = match &chores.program {
        Some(program) => program.clone(),
        None => target()?.join("debug/repo-map"),
    };
    let Some((os, cpu)) = chores.system.split_once('-') else { bail!("a system is such as linux-x64") };
    let manifest = fs::read_to_string(workspace().join("npm/package.json"))?;
    let version = field(&manifest, "version").context("npm/package.json has no version")?;
    if !manifest.contains(&format!("\"@repo-map-cache/{}\": \"{version}\"", chores.system)) {
        bail!("npm/package.json does not name @repo-map-cache/{} {version}", chores.system);
    }

    let main = folder.join("main");
    fs::create_dir_all(main.join("bin"))?;
    for file in ["package.json", "README.md", "bin/repo-map.js"] {
        fs::copy(workspace().join("npm").join(file), main.join(file))?;
    }
    let own = folder.join("own");
    fs::create_dir_all(own.join("bin"))?;
    let name = if os == "win32" { "repo-map.exe" } else { "repo-map" };
    fs::copy(&program, own.join("bin").join(name))
        .with_context(|| format!("no program at {}: cargo build -p repo-map-cli", program.display()))?;
    let of_system = format!(
        "{{\n  \"name\": \"@repo-map-cache/{0}\",\n  \"version\": \"{version}\",\n  \"description\": \"repo-map for {0}\",\n  \"license\": \"MIT OR \
         Apache-2.0\",\n  \"repository\": \"github:repo-map-cache/repo-map-cache\",\n  \"os\": [\"{os}\"],\n  \"cpu\": [\"{cpu}\"],\n  \"files\": \
         [\"bin\"]\n}}\n",
        chores.system
    );
    fs::write(own.join("package.json"), of_system)?;
    for package in [&main, &own] {
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            fs::copy(workspace().join(licence), package.join(licence))?;
        }
    }
    let (main, own) = (pack(&main, &folder)?, pack(&own, &folder)?);
    tried(&folder, &[&main, &own])
}

/// Makes the archive of a package.
fn pack(package: &Path, folder: &Path) -> Result<PathBuf> {
    let mut npm = Command::new("npm");
    let told = command::output(npm.args(["pack", "--pack-destination"]).arg(folder).arg(package))?;
    let name = told.lines().last().context("npm names no archive")?;
    let archive = folder.join(name);
    say(&format!("{}: {:.1} MB", archive.display(), archive.metadata()?.len() as f64 / 1e6));
    Ok(archive)
}

/// Installs the archives without a registry, and asks the program that npm linked.
fn tried(folder: &Path, archives: &[&Path]) -> Result<()> {
    let place = folder.join("installed");
    fs::create_dir_all(&place)?;
    fs::write(place.join("package.json"), "{ \"private\": true }\n")?;
    let mut install = Command::new("npm");
    install
        .args(["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(&place);
    // The packages of the other systems are nowhere yet; npm passes optional ones over.
    command::run(install.args(archives))?;
    for name in ["repo-map", "repo-map-cache"] {
        command::run(Command::new(place.join("node_modules/.bin").join(name)).arg("--version"))?;
    }
    Ok(())
}

fn field<'t>(json: &'t str, name: &str) -> Option<&'t str> {
    json.split_once(&format!("\"{name}\": \""))?.1.split('"').next()
}
