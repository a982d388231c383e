//! The platforms that a program is shipped for: how it is built for each, and what starts it here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::command::{self, cargo, environment, target};
use crate::cross::compilers::{Compiler, is_installed};
use crate::cross::missing_library;
use crate::cross::wine::Wine;

/// The compiler of the processor, under the name that it has on a machine of the same.
const X64_LINKER: &str = if cfg!(target_arch = "x86_64") { "cc" } else { "x86_64-linux-gnu-gcc" };

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Platform {
    LinuxX64,
    LinuxArm64,
    MacosArm64,
    WindowsX64,
}

impl Platform {
    pub(super) fn triple(self) -> &'static str {
        match self {
            Self::LinuxX64 => "x86_64-unknown-linux-musl",
            Self::LinuxArm64 => "aarch64-unknown-linux-musl",
            Self::MacosArm64 => "aarch64-apple-darwin",
            Self::WindowsX64 => "x86_64-pc-windows-gnu",
        }
    }

    pub(super) fn program(self) -> &'static str {
        if self == Self::WindowsX64 { "repo-map.exe" } else { "repo-map" }
    }

    /// The option by which xz makes jumps of the processor alike. That of arm64 would need an xz of 2022 to unpack.
    pub(super) fn filter(self) -> &'static str {
        match self {
            Self::LinuxX64 | Self::WindowsX64 => "--x86",
            Self::LinuxArm64 | Self::MacosArm64 => "",
        }
    }

    /// The C compiler; none where the system's own is taken.
    pub(super) fn compiler(self) -> Option<Compiler> {
        match self {
            Self::LinuxX64 => Some(Compiler::Zig { target: "x86_64-linux-musl" }),
            Self::LinuxArm64 => Some(Compiler::Zig { target: "aarch64-linux-musl" }),
            Self::MacosArm64 if cfg!(target_os = "macos") => None,
            Self::MacosArm64 => Some(Compiler::Zig { target: "aarch64-macos" }),
            Self::WindowsX64 => Some(Compiler::Gnu { prefix: "x86_64-w64-mingw32", package: "mingw-w64" }),
        }
    }

    /// What links. The C library of musl comes with Rust's standard library, so any compiler of the processor can.
    fn linker(self) -> Result<Option<String>> {
        Ok(match self {
            Self::LinuxX64 => Some(X64_LINKER.to_owned()),
            Self::LinuxArm64 => Some("aarch64-linux-gnu-gcc".to_owned()),
            Self::MacosArm64 => match self.compiler() {
                Some(zig) => zig.variables()?.first().map(|(_, path)| path.display().to_string()),
                None => None,
            },
            Self::WindowsX64 => Some("x86_64-w64-mingw32-gcc".to_owned()),
        })
    }

    /// What the platform needs that is not here, each with what brings it.
    pub(super) fn missing(self) -> Result<Vec<(String, String)>> {
        let mut missing = Vec::from_iter(missing_library(self.triple())?);
        missing.extend(self.compiler().and_then(Compiler::missing));
        let tools: &[(&str, &str)] = match self {
            Self::LinuxX64 => &[(X64_LINKER, "apt-get install gcc-x86-64-linux-gnu")],
            Self::LinuxArm64 => &[
                ("aarch64-linux-gnu-gcc", "apt-get install gcc-aarch64-linux-gnu"),
                ("qemu-aarch64", "apt-get install qemu-user"),
            ],
            Self::WindowsX64 => &[("wine", "apt-get install wine64 wine")],
            Self::MacosArm64 => &[],
        };
        let absent = tools.iter().filter(|(tool, _)| !is_installed(tool));
        missing.extend(absent.map(|&(tool, cure)| (tool.to_owned(), cure.to_owned())));
        if self == Self::MacosArm64 && cfg!(not(target_os = "macos")) && environment("SDKROOT").is_none() {
            let cure = "SDKROOT=/path/to/MacOSX.sdk cargo xtask dist".to_owned();
            missing.push(("Apple's frameworks Security and CoreFoundation".to_owned(), cure));
        }
        Ok(missing)
    }

    /// Builds the program and says where it is. No path of this machine remains in it.
    pub(super) fn build(self) -> Result<PathBuf> {
        let folder = target()?;
        let homes = [(cargo_home()?, "/cargo"), (folder.clone(), "/target")];
        let mut build = cargo(&["build", "--locked", "-p", "repo-map-cli", "--profile", "dist"]);
        build.args(["--target", self.triple()]);
        let variable = self.triple().replace('-', "_");
        let remapped = |option: &str, between: &str| {
            let words = homes.iter().map(|(path, name)| format!("{option}={}={name}", path.display()));
            words.collect::<Vec<_>>().join(between)
        };
        for flags in ["CFLAGS", "CXXFLAGS"] {
            build.env(format!("{flags}_{variable}"), remapped("-ffile-prefix-map", " "));
        }
        build.env("CARGO_ENCODED_RUSTFLAGS", remapped("--remap-path-prefix", "\x1f"));
        for (name, program) in self.compiler().map_or_else(|| Ok(Vec::new()), Compiler::variables)? {
            build.env(format!("{name}_{variable}"), program);
        }
        if let Some(linker) = self.linker()? {
            build.env(format!("CARGO_TARGET_{}_LINKER", variable.to_uppercase()), linker);
        }
        command::run(&mut build)?;
        Ok(self.built(&folder))
    }

    /// Where cargo leaves the program.
    pub(super) fn built(self, target: &Path) -> PathBuf {
        target.join(self.triple()).join("dist").join(self.program())
    }

    /// Whether programs of it can be started here.
    pub(super) fn is_startable(self) -> bool {
        self != Self::MacosArm64 || cfg!(all(target_os = "macos", target_arch = "aarch64"))
    }

    /// Whether nothing stands between a start of such a program and this machine.
    pub(super) fn is_native(self) -> bool {
        match self {
            Self::LinuxX64 => cfg!(all(target_os = "linux", target_arch = "x86_64")),
            Self::LinuxArm64 => cfg!(all(target_os = "linux", target_arch = "aarch64")),
            Self::MacosArm64 => cfg!(all(target_os = "macos", target_arch = "aarch64")),
            Self::WindowsX64 => cfg!(windows),
        }
    }

    /// A start of a program of it.
    pub(super) fn start(self, program: &Path) -> Result<Command> {
        if self.is_native() {
            return Ok(Command::new(program));
        }
        match self {
            Self::WindowsX64 => Ok(Wine::of(program)?.command()),
            Self::LinuxArm64 => {
                let mut command = Command::new("qemu-aarch64");
                command.arg(program);
                Ok(command)
            }
            Self::LinuxX64 | Self::MacosArm64 => bail!("{} does not run here", program.display()),
        }
    }
}

/// Where cargo keeps the sources of packages.
fn cargo_home() -> Result<PathBuf> {
    if let Some(folder) = environment("CARGO_HOME") {
        return Ok(PathBuf::from(folder));
    }
    Ok(std::env::home_dir().context("there is no home folder: set CARGO_HOME")?.join(".cargo"))
}
