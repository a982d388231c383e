//! The program for Windows under wine: the maps of this machine to the byte, cold and from its cache, in silence; and a
//! damaged cache that heals.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::System;
use crate::command::{self, cargo, say, target, workspace};

/// What is asked of each tree. The first finds an empty cache.
const REQUESTS: [&[&str]; 4] = [
    &["--map-tokens", "2048"],
    &["--task", "a store that is damaged is moved aside and begun anew while its lock is held"],
    &["--style", "tree", "--no-history"],
    &["--preset", "aider", "--mention-ident", "open"],
];

/// A library of Windows that Debian's wine has not: one function, which hands on to another of the same kind.
const SHIM: &str = "#include <windows.h>\n\
    BOOLEAN WINAPI SystemFunction036(PVOID, ULONG);\n\
    __declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T length) { return SystemFunction036(to, length); }\n";

/// The program under wine, and where it keeps its cache.
pub(crate) struct Wine {
    program: PathBuf,
    prefix: PathBuf,
    cache: PathBuf,
}

/// One run.
struct Answer {
    map: Value,
    warnings: String,
}

pub(super) fn run(trees: &[PathBuf]) -> Result<()> {
    command::run(&mut System::Windows.cargo(&["build", "-p", "repo-map-cli"])?)?;
    command::run(&mut cargo(&["build", "--locked", "-p", "repo-map-cli"]))?;
    let native = target()?.join("debug/repo-map");
    let built = target()?.join("cross").join(System::Windows.target()).join("debug/repo-map.exe");
    let wine = Wine::of(&built)?;
    let ours = [workspace()];
    let trees = if trees.is_empty() { &ours[..] } else { trees };
    for tree in trees {
        wine.compare(&native, tree).with_context(|| format!("a map of {} under wine", tree.display()))?;
        wine.damage(tree).with_context(|| format!("a damaged cache of {} under wine", tree.display()))?;
        say(&format!(
            "{}: the same maps under wine, cold, from the cache and from a new one",
            tree.display()
        ));
    }
    Ok(())
}

impl Wine {
    /// Puts what Debian's wine lacks beside the program.
    pub(crate) fn of(program: &Path) -> Result<Self> {
        let folder = target()?.join("cross");
        fs::create_dir_all(&folder)?;
        let shim = folder.join("bcryptprimitives.c");
        fs::write(&shim, SHIM)?;
        let mut compile = Command::new("x86_64-w64-mingw32-gcc");
        compile.arg("-shared").arg("-o").arg(program.with_file_name("bcryptprimitives.dll")).arg(shim);
        command::run(compile.arg("-ladvapi32"))?;
        let prefix = folder.join("wine");
        fs::create_dir_all(&prefix)?;
        let wine = Self { program: program.to_owned(), prefix, cache: folder.join("wine-cache") };
        // The first start of all makes the folder, and tells of it.
        command::output(wine.command().arg("--version"))?;
        Ok(wine)
    }

    /// A start of the program. Wine's own reports are none of the program's.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new("wine");
        command.arg(&self.program).env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all");
        command
    }

    fn map(&self, tree: &Path, request: &[&str]) -> Result<Answer> {
        let mut command = self.command();
        command.args(["map", "--json", "--cache-dir"]).arg(in_wine(&self.cache)).args(request);
        answer(command.current_dir(tree))
    }

    /// Each request cold or from what earlier ones have kept, and once more.
    fn compare(&self, native: &Path, tree: &Path) -> Result<()> {
        remove(&self.cache)?;
        for (number, request) in REQUESTS.iter().enumerate() {
            let mut here = Command::new(native);
            here.args(["map", "--json", "--cache-dir"]).arg(target()?.join("cross/native-cache"));
            let expected = answer(here.args(*request).current_dir(tree))?;
            let first = self.map(tree, request)?;
            first.must_equal(&expected)?;
            ensure!(number > 0 || first.counted("misses") > 0, "the cache was not empty");
            let again = self.map(tree, request)?;
            again.must_equal(&expected)?;
            ensure!(again.counted("misses") == 0, "request {number}: {}", again.map["cache"]);
        }
        Ok(())
    }

    /// A store that cannot be used is told of once, and the next run has one again.
    fn damage(&self, tree: &Path) -> Result<()> {
        let request = REQUESTS[0];
        let whole = self.map(tree, request)?;
        let data = find(&self.cache, "data.mdb")?.context("there is no data.mdb")?;
        fs::write(&data, [0xa5; 1 << 16])?;
        let healed = self.map(tree, request)?;
        ensure!(healed.map["map"] == whole.map["map"], "the map is another one");
        ensure!(healed.warnings.contains("damaged"), "nothing is told of it: {:?}", healed.warnings);
        let after = self.map(tree, request)?;
        after.must_equal(&whole)?;
        ensure!(after.counted("misses") == 0, "the new store keeps nothing: {}", after.map["cache"]);
        Ok(())
    }
}

impl Answer {
    /// Nothing but durations and what the cache was good for may differ.
    fn must_equal(&self, expected: &Self) -> Result<()> {
        ensure!(self.warnings.is_empty(), "it warns: {}", self.warnings.trim_end());
        for part in ["map", "files", "freshness", "budget", "omitted", "notices"] {
            let (found, expected) = (without_scores(&self.map[part]), without_scores(&expected.map[part]));
            ensure!(found == expected, "`{part}` differs:\n{found}\nhere:\n{expected}");
        }
        for part in ["corrupt", "errors"] {
            ensure!(self.counted(part) == 0, "its cache has {part}: {}", self.map["cache"]);
        }
        Ok(())
    }

    fn counted(&self, part: &str) -> u64 {
        self.map["cache"][part].as_u64().unwrap_or(u64::MAX)
    }
}

/// Scores differ in their last digits: logarithms come from the C library of each system.
fn without_scores(part: &Value) -> Value {
    let mut part = part.clone();
    for file in part.as_array_mut().into_iter().flatten() {
        if let Some(file) = file.as_object_mut() {
            file.remove("score");
        }
    }
    part
}

fn answer(command: &mut Command) -> Result<Answer> {
    let output = command.output().with_context(|| format!("could not start {command:?}"))?;
    let warnings = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{command:?}: {}\n{warnings}", output.status);
    Ok(Answer { map: serde_json::from_slice(&output.stdout)?, warnings })
}

/// A path of this machine as a program under wine has it.
pub(crate) fn in_wine(path: &Path) -> String {
    format!("Z:{}", path.display())
}

fn find(folder: &Path, name: &str) -> Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == name {
            return Ok(Some(entry.path()));
        }
        if entry.file_type()?.is_dir()
            && let Some(found) = find(&entry.path(), name)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
