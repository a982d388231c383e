//! C compilers for other systems: Debian's, and zig's for those that Debian has none for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::command;

/// The version of the package `ziglang` on PyPI.
const ZIG: &str = "ziglang==0.17.1";

#[derive(Clone, Copy, Debug)]
pub(crate) enum Compiler {
    /// `<prefix>-gcc`, of a package of Debian.
    Gnu { prefix: &'static str, package: &'static str },
    /// `zig cc -target <target>`, of a package of PyPI.
    Zig { target: &'static str },
}

impl Compiler {
    /// What this compiler needs that is not there, and the command that installs it.
    pub(crate) fn missing(self) -> Option<(String, String)> {
        match self {
            Self::Gnu { prefix, package } => {
                let is_there =
                    ["gcc", "g++", "ar"].iter().all(|tool| is_installed(&format!("{prefix}-{tool}")));
                (!is_there).then(|| (format!("{prefix}-gcc"), format!("apt-get install {package}")))
            }
            Self::Zig { .. } => (!is_installed("python3"))
                .then(|| ("python3".to_owned(), "apt-get install python3 python3-pip".to_owned())),
        }
    }

    /// The variables that name its programs to build scripts, without the system's name at their end. Those of Debian
    /// bear names that build scripts look for.
    pub(crate) fn variables(self) -> Result<Vec<(&'static str, PathBuf)>> {
        let Self::Zig { target } = self else { return Ok(Vec::new()) };
        let folder = zig()?;
        let program = folder.join("ziglang/zig");
        [("CC", "cc"), ("CXX", "c++"), ("AR", "ar")]
            .into_iter()
            .map(|(variable, tool)| {
                Ok((variable, write_wrapper(&program, tool, target, &folder.join(target))?))
            })
            .collect()
    }

    /// What links programs for the system.
    pub(crate) fn linker(self) -> Option<String> {
        match self {
            Self::Gnu { prefix, .. } => Some(format!("{prefix}-gcc")),
            Self::Zig { .. } => None,
        }
    }
}

/// The folder of zig, which is fetched when it is not there. It has the licences of the C libraries that it brings.
pub(crate) fn zig() -> Result<PathBuf> {
    let folder = command::target()?.join("cross/zig");
    if !folder.join("ziglang/zig").exists() {
        let mut install = Command::new("python3");
        install.args(["-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target"]);
        command::run(install.arg(&folder).arg(ZIG)).context("zig compiles C for this system")?;
    }
    Ok(folder)
}

/// A program of zig under one name. Build scripts give the system in the words of Apple's compiler, which zig has other
/// words for, so those are left out.
fn write_wrapper(program: &Path, tool: &str, target: &str, folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(tool);
    let named = if tool == "ar" { String::new() } else { format!(" -target {target}") };
    let text = format!(
        "#!/bin/sh\n\
         for argument do\n\
         \x20 shift\n\
         \x20 case \"$argument\" in --target=*|-mmacosx-version-min=*) ;; *) set -- \"$@\" \"$argument\" ;; esac\n\
         done\n\
         export ZIG_GLOBAL_CACHE_DIR='{0}.cache' ZIG_LOCAL_CACHE_DIR='{0}.cache'\n\
         exec '{0}' {tool}{named} \"$@\"\n",
        program.display()
    );
    if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
        fs::write(&path, text)?;
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    }
    Ok(path)
}

/// Whether a program can be started.
pub(crate) fn is_installed(program: &str) -> bool {
    let mut version = Command::new(program);
    version.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok()
}
