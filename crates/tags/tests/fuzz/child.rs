//! A child process reads inputs and says which comes next; its parent watches.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use repo_map_tags::{Language, extract};

use crate::mutation;

/// One input takes milliseconds; a loaded machine gets this long.
const HUNG: Duration = Duration::from_secs(120);

/// As threads that parse have elsewhere.
const STACK: usize = 16 << 20;

pub(crate) struct End {
    /// The inputs that were read, and so the number of the one that was fatal.
    pub(crate) inputs: usize,
    /// How the child ended, if not well.
    pub(crate) manner: Option<&'static str>,
}

/// The child's side.
pub(crate) fn run(language: &str, seed: &str, seconds: &str) -> ExitCode {
    #[cfg(feature = "mimalloc")]
    // SAFETY: the child has not parsed anything yet, and no other thread.
    unsafe {
        repo_map_tags::use_mimalloc();
    }
    let (language, seed) = (Language::by_id(language).unwrap(), seed.parse().unwrap());
    let limit = Duration::from_secs_f64(seconds.parse().unwrap());
    let work = move || {
        let fixture = mutation::fixture(language);
        let start = Instant::now();
        let mut out = std::io::stdout();
        for number in 0.. {
            writeln!(out, "{number}").unwrap();
            if start.elapsed() > limit {
                break;
            }
            let _ = extract(language, &mutation::input(&fixture, seed, number));
        }
        writeln!(out, "done").unwrap();
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
    ExitCode::SUCCESS
}

/// The parent's side.
pub(crate) fn watch(language: Language, seed: u64, limit: Duration) -> End {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--child", language.id(), &seed.to_string(), &limit.as_secs_f64().to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (sender, lines) = channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    let mut inputs = 0;
    let manner = loop {
        match lines.recv_timeout(HUNG) {
            Ok(line) if line == "done" => break None,
            Ok(line) => inputs = line.parse().unwrap(),
            Err(RecvTimeoutError::Timeout) => break Some("never ends"),
            Err(RecvTimeoutError::Disconnected) => break Some("kills its process"),
        }
    };
    let _ = child.kill();
    child.wait().unwrap();
    let _ = reader.join();
    End { inputs, manner }
}
