//! One try: its folder, its numbers, the commands that it runs, and the faults that are found in them.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::call::{Call, End, Running, Seen};
use crate::characters::first_refused;
use crate::digest::Snapshot;
use crate::program::Program;
use crate::random::Random;
use crate::sandbox::{CANARY, Sandbox};

/// What a generator gets, and what it tells.
pub(crate) struct Attempt<'a> {
    pub(crate) random: Random,
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) program: &'a Program,
    faults: Vec<String>,
    free: Vec<PathBuf>,
    sealed: Option<Snapshot>,
    calls: usize,
}

/// Which outputs of a command are judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judge {
    /// The end, standard output and standard error.
    All,
    /// The end alone: the output is not ours to judge.
    End,
    /// Nothing: the caller has made it end badly.
    Nothing,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(random: Random, sandbox: &'a Sandbox, program: &'a Program) -> Self {
        let free = vec![sandbox.folder().join("c")];
        Self { random, sandbox, program, faults: Vec::new(), free, sealed: None, calls: 0 }
    }

    /// A path in the folder of the try, where the commands run.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.sandbox.folder().join(name)
    }

    /// Writes a file below the folder of the try.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        let path = self.path(name);
        write(&path, content)?;
        Ok(path)
    }

    /// Makes a link below the folder of the try, to anything.
    pub(crate) fn link(&self, target: impl AsRef<Path>, name: &str) -> Result<()> {
        let path = self.path(name);
        fs::create_dir_all(path.parent().context("a link has a folder")?)?;
        symlink(target, &path).with_context(|| format!("cannot make the link {}", path.display()))
    }

    /// A small tree `r` with a definition `good`.
    pub(crate) fn plain_tree(&self) -> Result<()> {
        self.write("r/a.py", "def good():\n    return other()\n\n\ndef other():\n    pass\n")?;
        self.write(
            "r/src/b.py",
            "import a\n\n\nclass Second:\n    def method(self):\n        return a.good()\n",
        )?;
        Ok(())
    }

    /// Files in this folder may change; by default those in `c`, the cache.
    pub(crate) fn leave_free(&mut self, name: &str) {
        self.free.push(self.path(name));
    }

    /// What is put into the folder from now on, before the next command, belongs to the try.
    pub(crate) fn unseal(&mut self) {
        if let Some(before) = self.sealed.take() {
            let after = Snapshot::of(&self.sandbox.folder(), &self.free);
            let changes = before.changes(&after, &self.sandbox.folder());
            self.faults.extend(told("outside of the cache", &changes));
        }
    }

    pub(crate) fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    /// The command with these arguments, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Call {
        let program = self.program.path.clone().into_os_string();
        let line = std::iter::once(program).chain(arguments.iter().map(OsString::from)).collect();
        Call { line, folder: self.sandbox.folder(), environment: Vec::new(), stderr: None, stdout: None }
    }

    /// Runs the program with these arguments and judges what it did.
    pub(crate) fn run(&mut self, arguments: &[&str]) -> Result<Seen> {
        self.call(self.command(arguments), Judge::All)
    }

    pub(crate) fn call(&mut self, call: Call, judge: Judge) -> Result<Seen> {
        let line = call.line.clone();
        let seen = self.start(call)?.wait()?;
        self.judge(&line, &seen, judge);
        Ok(seen)
    }

    /// Starts a command; what the try's folder held before the first one must be there afterwards.
    pub(crate) fn start(&mut self, call: Call) -> Result<Running> {
        if self.sealed.is_none() {
            self.sealed = Some(Snapshot::of(&self.sandbox.folder(), &self.free));
        }
        self.calls += 1;
        Running::start(call, self.sandbox, self.calls)
    }

    /// What no command may do, whatever it is given.
    pub(crate) fn judge(&mut self, line: &[OsString], seen: &Seen, judge: Judge) {
        if judge == Judge::Nothing {
            return;
        }
        let name = shown(line);
        let is_wrapped = line.first().is_some_and(|first| Path::new(first) != self.program.path);
        match seen.end {
            End::Code(0 | 1 | 2 | 4) => {}
            // The program that starts ours for the try could not: not even that.
            End::Code(126 | 127) if is_wrapped => {}
            End::Code(code) => self.fault(format!("exit {code} of `{name}`: {}", first_line(&seen.stderr))),
            End::Signal(signal) => {
                self.fault(format!("signal {signal} ends `{name}`: {}", first_line(&seen.stderr)));
            }
            End::Hang => {
                self.fault(format!(
                    "`{name}` is not done after 10 s ({:.1} s of CPU time)",
                    seen.spent.as_secs_f64()
                ));
            }
            End::Memory => self.fault(format!("`{name}` takes more than 1 GB of memory")),
        }
        if contains(&seen.stderr, b"panicked at") {
            self.fault(format!("`{name}` panics: {}", first_line(&seen.stderr)));
        }
        if judge == Judge::End {
            return;
        }
        for (output, bytes) in [("output", &seen.stdout), ("standard error", &seen.stderr)] {
            if let Some(refused) = first_refused(bytes) {
                self.fault(format!("{refused} in the {output} of `{name}`"));
            }
            if contains(bytes, CANARY.as_bytes()) {
                self.fault(format!("what lies outside of the tree is in the {output} of `{name}`"));
            }
        }
    }

    /// Two outputs that must be the same.
    pub(crate) fn same(&mut self, got: &Seen, want: &Seen, what: &str) {
        if got.stdout != want.stdout && matches!((got.end, want.end), (End::Code(_), End::Code(_))) {
            let (got, want) = (got.text(), want.text());
            let at = got.lines().zip(want.lines()).take_while(|(got, want)| got == want).count();
            let line =
                |text: &str| text.lines().nth(at).unwrap_or("its end").chars().take(60).collect::<String>();
            self.fault(format!(
                "wrong map: {what}: line {} is {:?}, not {:?}",
                at + 1,
                line(&got),
                line(&want)
            ));
        }
    }

    /// A map that must be had: exit code 0 and this text in it.
    pub(crate) fn expect(&mut self, seen: &Seen, text: &str) {
        if matches!(seen.end, End::Code(code) if code != 0) {
            self.fault(format!("no map: {:?}, {}", seen.end, first_line(&seen.stderr)));
        } else if seen.is_success() && !contains(&seen.stdout, text.as_bytes()) {
            self.fault(format!("{text:?} is missing in the map"));
        }
    }

    /// The faults, with what the commands changed in the folder of the try.
    pub(crate) fn close(mut self) -> Vec<String> {
        self.unseal();
        self.faults
    }
}

/// One line for all changes.
pub(crate) fn told(place: &str, changes: &[String]) -> Option<String> {
    let shown = changes.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    (!changes.is_empty()).then(|| format!("{} changes {place}: {shown}", changes.len()))
}

pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file has a folder")?)?;
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn shown(line: &[OsString]) -> String {
    let name = |path: &OsString| Path::new(path).file_name().unwrap_or(path).to_string_lossy().into_owned();
    let mut parts: Vec<String> = line.iter().take(1).map(name).collect();
    parts.extend(line.iter().skip(1).map(|part| part.to_string_lossy().chars().take(60).collect()));
    parts.join(" ").escape_debug().to_string()
}

fn first_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .find(|line| !line.is_empty())
        .unwrap_or("")
        .chars()
        .take(160)
        .collect::<String>()
        .escape_debug()
        .to_string()
}
