//! `cargo xtask python`: builds the wheel, installs it where nothing else is, and runs the module's own tests there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command::{self, say, target, workspace};

/// The module's sources, and what holds it.
const PACKAGE: &str = "crates/python/python/repo_map_cache";
const TESTS: &str = "crates/python/tests";
const AIDER: &str = "crates/python/tests/aider";

/// How the module is built and tested.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct Chores {
    /// The optimised build, as it is given away.
    #[arg(long = "release")]
    is_release: bool,
    /// Also drives aider's own coder, whose packages take 700 MB.
    #[arg(long = "aider")]
    with_aider: bool,
}

impl Chores {
    /// With what takes long to install.
    pub(crate) fn all() -> Self {
        Self { is_release: false, with_aider: true }
    }
}

pub(crate) fn run(chores: Chores) -> Result<()> {
    let folder = target()?.join("python");
    let tools = Environment::of(&folder, "tools", &format!("{TESTS}/tools.txt"))?;
    let clean = Environment::of(&folder, "clean", &format!("{TESTS}/requirements.txt"))?;
    let wheel = build(&tools, &folder.join("wheels"), chores.is_release)?;

    clean.install(&wheel)?;
    command::run(clean.program("pytest").args(["-q", TESTS]).args(["--ignore", AIDER]).args(QUIET))?;
    let types = ["--strict", "--python-version", "3.10", "--cache-dir"];
    let cache = folder.join("mypy");
    let interpreter = clean.path("python");
    let mut mypy = tools.program("mypy");
    mypy.args(types).arg(cache).arg("--python-executable").arg(&interpreter);
    command::run(mypy.args([PACKAGE, TESTS]))?;
    let mut pyright = tools.program("pyright");
    command::run(
        pyright.args(["--level", "error", "--pythonpath"]).arg(&interpreter).args([PACKAGE, TESTS]),
    )?;
    if chores.with_aider {
        let aider = Environment::of(&folder, "aider", &format!("{AIDER}/requirements.txt"))?;
        aider.install(&wheel)?;
        command::run(aider.program("pytest").args(["-q", AIDER]).args(QUIET))?;
    }
    Ok(())
}

/// A checkout stays as it is; warnings are those of other people's packages.
const QUIET: &[&str] = &["-p", "no:cacheprovider", "-W", "ignore::DeprecationWarning"];

/// The wheel, by the same cargo and into the same folder as everything else.
fn build(tools: &Environment, wheels: &Path, is_release: bool) -> Result<PathBuf> {
    if wheels.is_dir() {
        std::fs::remove_dir_all(wheels).context("cannot remove the wheels of before")?;
    }
    let mut maturin = tools.program("maturin");
    maturin.args(["build", "--locked", "--strip", "--out"]).arg(wheels);
    maturin.args(["--profile", if is_release { "dist" } else { "dev" }]);
    command::run(&mut maturin)?;
    let mut built = std::fs::read_dir(wheels).context("maturin left no wheel")?;
    let wheel = built.next().context("maturin left no wheel")??.path();
    let size = wheel.metadata()?.len();
    say(&format!("{}: {:.1} MB", wheel.display(), size as f64 / 1e6));
    Ok(wheel)
}

/// A virtual environment below the target folder; made anew when what is in it should be other than it is.
pub(crate) struct Environment(PathBuf);

impl Environment {
    pub(crate) fn of(folder: &Path, name: &str, requirements: &str) -> Result<Self> {
        let this = Self(folder.join(name));
        let list = workspace().join(requirements);
        let wanted = std::fs::read_to_string(&list).with_context(|| format!("cannot read {requirements}"))?;
        let installed = this.0.join("installed.txt");
        if std::fs::read_to_string(&installed).is_ok_and(|found| found == wanted) {
            return Ok(this);
        }
        let python = if cfg!(windows) { "python" } else { "python3" };
        command::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&this.0))
            .context("the module's tests need Python 3.10 or later with venv")?;
        command::run(this.pip().arg("--requirement").arg(&list))?;
        std::fs::write(installed, wanted)?;
        Ok(this)
    }

    fn install(&self, wheel: &Path) -> Result<()> {
        command::run(self.pip().args(["--force-reinstall", "--no-deps"]).arg(wheel))
    }

    fn pip(&self) -> Command {
        let mut pip = self.program("python");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip
    }

    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.path(name));
        // What the caller's environment has of Python is not what is tested.
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(if cfg!(windows) { "Scripts" } else { "bin" }).join(name)
    }
}
