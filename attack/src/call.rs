//! One run of the program that is attacked: started in a throw-away home, watched until it ends, given up past its bounds.

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::Signal;

use crate::processes;
use crate::sandbox::Sandbox;

/// Past this a run hangs.
const PATIENCE: Duration = Duration::from_secs(10);
/// A process that still computes on a crowded machine has this long on the clock, as long as its CPU time is in bounds.
const CROWDED: Duration = Duration::from_secs(30);
/// Less CPU time than this within a third of [`PATIENCE`] is no work.
const PROGRESS: Duration = Duration::from_millis(30);
/// Above this a process takes too much memory.
pub(crate) const MEMORY: u64 = 1 << 30;

/// A command, and how it is started.
pub(crate) struct Call {
    /// The program and its arguments.
    pub(crate) line: Vec<OsString>,
    pub(crate) folder: PathBuf,
    pub(crate) environment: Vec<(OsString, OsString)>,
    /// In place of a file.
    pub(crate) stderr: Option<Stdio>,
    pub(crate) stdout: Option<Stdio>,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    Code(i32),
    Signal(i32),
    /// Given up by us: not done.
    Hang,
    /// Given up by us: above [`MEMORY`].
    Memory,
}

/// What a run left.
pub(crate) struct Seen {
    pub(crate) end: End,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// CPU time of the program and the workers that it waited for; of all commands that ended meanwhile.
    pub(crate) spent: Duration,
}

impl Seen {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub(crate) fn is_success(&self) -> bool {
        self.end == End::Code(0)
    }
}

/// A run that was started.
pub(crate) struct Running {
    child: Child,
    started: Instant,
    before: Duration,
    stdout: PathBuf,
    stderr: PathBuf,
    peak: u64,
    /// CPU time of all its processes when it last was seen to have worked, and when that was.
    worked: Duration,
    busy: Instant,
}

impl Running {
    pub(crate) fn start(call: Call, sandbox: &Sandbox, number: usize) -> Result<Self> {
        let outputs = sandbox.temporary().with_file_name("output");
        fs::create_dir_all(&outputs)?;
        let (stdout, stderr) = (outputs.join(format!("{number}.out")), outputs.join(format!("{number}.err")));
        let (program, arguments) = call.line.split_first().context("a command has a program")?;
        for stale in [&stdout, &stderr] {
            let _ = fs::remove_file(stale);
        }
        let file = |path: &PathBuf| File::create(path).map(Stdio::from);
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&call.folder).env_clear();
        command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        command.env("HOME", sandbox.home()).env("TMPDIR", sandbox.temporary()).env("LANG", "C.UTF-8");
        command.envs(call.environment);
        command.stdin(Stdio::null());
        command.stdout(call.stdout.map_or_else(|| file(&stdout), Ok)?);
        command.stderr(call.stderr.map_or_else(|| file(&stderr), Ok)?);
        let before = spent();
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let now = Instant::now();
        Ok(Self { child, started: now, before, stdout, stderr, peak: 0, worked: Duration::ZERO, busy: now })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs; what became of it, else.
    pub(crate) fn look(&mut self) -> Result<Option<End>> {
        if let Some(status) = self.child.try_wait()? {
            return Ok(Some(end(status)));
        }
        let mut together = Duration::ZERO;
        for process in std::iter::once(self.child.id()).chain(processes::below(self.child.id())) {
            let Some(seen) = processes::look(process) else { continue };
            self.peak = self.peak.max(seen.peak);
            together += seen.spent;
        }
        if together > self.worked + PROGRESS {
            (self.worked, self.busy) = (together, Instant::now());
        }
        if self.peak > MEMORY {
            return Ok(Some(End::Memory));
        }
        let waited = self.started.elapsed();
        let lost = together >= PATIENCE * 6 / 10 || self.busy.elapsed() >= PATIENCE / 3 || waited >= CROWDED;
        Ok((waited >= PATIENCE && lost).then_some(End::Hang))
    }

    /// Waits for the end, or gives it up.
    pub(crate) fn wait(mut self) -> Result<Seen> {
        let end = loop {
            if let Some(end) = self.look()? {
                break end;
            }
            let age = self.started.elapsed();
            let pause = if age < Duration::from_millis(60) { 1 } else { 4 };
            std::thread::sleep(Duration::from_millis(pause));
        };
        self.finish(end)
    }

    /// Ends it now.
    pub(crate) fn stop(self) -> Result<Seen> {
        self.finish(End::Signal(Signal::SIGKILL as i32))
    }

    /// Takes what it left, after [`Running::look`] has told of its end.
    pub(crate) fn close(self, end: End) -> Result<Seen> {
        self.finish(end)
    }

    fn finish(mut self, end: End) -> Result<Seen> {
        if self.child.try_wait()?.is_none() {
            let below = processes::below(self.child.id());
            for process in below.into_iter().chain([self.child.id()]) {
                processes::signal(process, Signal::SIGKILL);
            }
            self.child.wait()?;
        }
        Ok(Seen {
            end,
            stdout: fs::read(&self.stdout).unwrap_or_default(),
            stderr: fs::read(&self.stderr).unwrap_or_default(),
            // Workers of a program that was killed are nobody's to count.
            spent: spent().saturating_sub(self.before).max(self.worked),
        })
    }
}

fn end(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Code(code),
        (None, signal) => End::Signal(signal.unwrap_or_default()),
    }
}

/// CPU time of all children that have ended.
fn spent() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return Duration::ZERO };
    let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    Duration::from_micros((micros(usage.user_time()) + micros(usage.system_time())).unsigned_abs())
}

/// The most memory that any child that has ended ever had.
pub(crate) fn peak_of_children() -> u64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| usage.max_rss().unsigned_abs() << 10)
}

impl Call {
    /// Starts the command by another program, which takes it as its last arguments.
    pub(crate) fn through(&mut self, program: &[&str]) {
        let program = program.iter().map(OsString::from);
        self.line = program.chain(std::mem::take(&mut self.line)).collect();
    }

    /// Starts it as another user, who is in no group.
    pub(crate) fn as_user(&mut self, user: u32) {
        let user = user.to_string();
        let (reuid, regid) = (format!("--reuid={user}"), format!("--regid={user}"));
        self.through(&["setpriv", &reuid, &regid, "--clear-groups"]);
    }

    pub(crate) fn variable(&mut self, name: &str, value: &str) {
        self.environment.push((name.into(), value.into()));
    }
}
