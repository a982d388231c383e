//! `cargo xtask dist`: the archives of a release. Each holds the program for one platform, licences, completions and the manual.
//!
//! The bytes of an archive follow from the commit and the compilers: docs/releases.md.

mod archive;
mod notices;
mod platform;
mod trial;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum as _;

use crate::command::{self, say, target, workspace};
use crate::cross::compilers;
use platform::Platform;

/// The shells whose completions are packed, each with the name of its file.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "repo-map.bash"),
    ("elvish", "repo-map.elv"),
    ("fish", "repo-map.fish"),
    ("powershell", "_repo-map.ps1"),
    ("zsh", "_repo-map"),
];

/// What is made for a release.
#[derive(Debug, clap::Args)]
pub(crate) struct Chores {
    /// Only these; all where none is named.
    #[arg(long = "target", value_name = "NAME")]
    platforms: Vec<Platform>,
}

/// A program that passed its trial.
struct Built {
    platform: Platform,
    program: PathBuf,
    start: Option<Duration>,
}

/// Builds, tries and packs. What a platform lacks is told before anything is built, and the others go on.
pub(crate) fn run(chores: &Chores) -> Result<()> {
    let named = &chores.platforms[..];
    let platforms = if named.is_empty() { Platform::value_variants() } else { named };
    refuse(&archive::missing())?;
    let mut ready = Vec::new();
    let mut lacking = Vec::new();
    for &platform in platforms {
        match refuse(&platform.missing()?) {
            Ok(()) => ready.push(platform),
            Err(error) => {
                say(&format!("{}: left out, {error}", platform.triple()));
                lacking.push(platform.triple());
            }
        }
    }
    let mut built = Vec::new();
    for &platform in &ready {
        built.push(tried(platform).with_context(|| format!("the program for {}", platform.triple()))?);
    }
    if !built.is_empty() {
        pack(&built)?;
    }
    ensure!(lacking.is_empty(), "no archive for {}", lacking.join(", "));
    Ok(())
}

fn refuse(missing: &[(String, String)]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let each: Vec<_> = missing.iter().map(|(what, cure)| format!("{what} (`{cure}`)")).collect();
    bail!("missing: {}", each.join(", "))
}

fn tried(platform: Platform) -> Result<Built> {
    let program = platform.build()?;
    let start = if platform.is_startable() { trial::run(platform, &program)? } else { None };
    if !platform.is_startable() {
        say(&format!("{}: built, but nothing here starts it", platform.triple()));
    }
    Ok(Built { platform, program, start })
}

fn pack(built: &[Built]) -> Result<()> {
    let folder = target()?.join("archives");
    let seconds = time_of_commit()?;
    let version = version()?;
    let pages = pages(built)?;
    let mut rows = Vec::new();
    let mut too_long = Vec::new();
    for Built { platform, program, start } in built {
        let name = format!("repo-map-{version}-{}", platform.triple());
        let content = folder.join(&name);
        fill(&content, *platform, program, &pages)?;
        let (archive, length) = archive::pack(&folder, &name, seconds, platform.filter())?;
        fs::remove_dir_all(&content)?;
        let start =
            start.map_or_else(|| "-".to_owned(), |start| format!("{:.1} ms", start.as_secs_f64() * 1e3));
        let installed = fs::metadata(program)?.len();
        rows.push(format!(
            "{:28}{:>9}{:>9}  {start}",
            platform.triple(),
            megabytes(installed),
            megabytes(length)
        ));
        if length > archive::MOST {
            too_long.push(archive.display().to_string());
        }
    }
    say(&format!("\n{:28}{:>9}{:>9}  start", "platform", "program", "archive"));
    for row in rows {
        say(&row);
    }
    say(&format!("in {}, each with its SHA-256", folder.display()));
    ensure!(too_long.is_empty(), "longer than {}: {}", megabytes(archive::MOST), too_long.join(", "));
    Ok(())
}

/// Completions and the manual, by the first program that can be asked: they are the same for all.
fn pages(built: &[Built]) -> Result<Vec<(String, String)>> {
    let speaker = built.iter().find(|built| built.platform.is_startable());
    let speaker = speaker.context("no program here can print its manual: add `--target linux-x64`")?;
    let asked = |arguments: &[&str]| -> Result<String> {
        // A program for Windows ends lines as Windows does.
        let text = command::output(speaker.platform.start(&speaker.program)?.args(arguments))?;
        Ok(text.replace("\r\n", "\n"))
    };
    let mut pages = vec![("man/repo-map.1".to_owned(), asked(&["man"])?)];
    for (shell, file) in SHELLS {
        pages.push((format!("completions/{file}"), asked(&["completions", shell])?));
    }
    Ok(pages)
}

/// Makes the folder that is packed.
fn fill(content: &Path, platform: Platform, program: &Path, pages: &[(String, String)]) -> Result<()> {
    if content.exists() {
        fs::remove_dir_all(content)?;
    }
    for folder in ["completions", "man"] {
        fs::create_dir_all(content.join(folder))?;
    }
    fs::copy(program, content.join(platform.program()))?;
    for file in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(workspace().join(file), content.join(file))?;
    }
    for (file, text) in pages {
        fs::write(content.join(file), text)?;
    }
    let libraries = match platform {
        Platform::LinuxX64 | Platform::LinuxArm64 => vec![("musl", "ziglang/lib/libc/musl/COPYRIGHT")],
        Platform::WindowsX64 => vec![("mingw-w64", "ziglang/lib/libc/mingw/COPYING")],
        Platform::MacosArm64 => Vec::new(),
    };
    let mut others = Vec::new();
    for (library, path) in libraries {
        others.push((library, compilers::zig()?.join(path)));
    }
    let text = notices::document(platform.triple(), &others)?;
    fs::write(content.join("LICENSES-THIRD-PARTY.txt"), text)?;
    Ok(())
}

/// The time that all files of an archive have.
fn time_of_commit() -> Result<u64> {
    let printed = command::output(Command::new("git").args(["log", "-1", "--format=%ct"]))?;
    printed.trim().parse().context("git names no time of the commit")
}

fn version() -> Result<String> {
    let text = fs::read_to_string(workspace().join("Cargo.toml"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("version = "));
    Ok(line.context("the workspace has no version")?.trim_matches('"').to_owned())
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
