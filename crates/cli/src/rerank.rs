//! `--rerank COMMAND`: a program that scores candidates, one line of JSON in, one out.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use repo_map_cache::{Candidate, Reranker, Reranking, escaped};
use serde_json::{Value, json};

/// How long the program is waited for.
pub(crate) const WITHIN: Duration = Duration::from_secs(10);

/// The longest answer that is read.
const MAX_ANSWER: u64 = 1 << 20;
const LOOK: Duration = Duration::from_millis(10);

/// A command of the user's, given to the shell.
pub(crate) struct CommandReranker {
    command: String,
}

impl CommandReranker {
    pub(crate) fn new(command: &str) -> Self {
        Self { command: command.to_owned() }
    }

    fn start(&self) -> std::io::Result<Child> {
        let mut command = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
        command.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(&self.command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        // What it starts is ended with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn()
    }
}

impl Reranker for CommandReranker {
    fn scores(&self, of: &Reranking) -> Result<Vec<f64>, Box<dyn Error + Send + Sync>> {
        let mut process = self.start().map_err(|error| format!("it cannot be started: {error}"))?;
        let (Some(mut input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("it has no pipes".into());
        };
        let question = format!("{}\n", question(of));
        // It may answer, or end, before it has read all.
        std::thread::Builder::new().spawn(move || drop(input.write_all(question.as_bytes())))?;
        let (send, receive) = sync_channel(1);
        std::thread::Builder::new().spawn(move || {
            let mut line = Vec::new();
            let read = BufReader::new(output.take(MAX_ANSWER)).read_until(b'\n', &mut line);
            drop(send.send(read.map(|_| line)));
        })?;
        let answer = loop {
            match receive.recv_timeout(LOOK) {
                Ok(answer) => break Some(answer),
                Err(RecvTimeoutError::Disconnected) => break None,
                Err(RecvTimeoutError::Timeout)
                    if Instant::now() >= of.deadline || of.cancellation.is_cancelled() =>
                {
                    break None;
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
        let told = answer.as_ref().is_some_and(|answer| answer.as_ref().is_ok_and(|line| !line.is_empty()));
        // Of one that said nothing its end is told.
        let ended = if answer.is_some() && !told { wait(&mut process, of) } else { None };
        end(&mut process);
        let line = answer.ok_or("it gave no answer in time")??;
        if line.is_empty() {
            return Err(ended
                .map_or("it said nothing".to_owned(), |status| format!("it said nothing: {status}"))
                .into());
        }
        scores(&String::from_utf8_lossy(&line)).map_err(Into::into)
    }
}

/// How a program ended that closed its output.
fn wait(process: &mut Child, of: &Reranking) -> Option<std::process::ExitStatus> {
    while Instant::now() < of.deadline && !of.cancellation.is_cancelled() {
        if let Some(status) = process.try_wait().ok()? {
            return Some(status);
        }
        std::thread::sleep(LOOK);
    }
    None
}

fn end(process: &mut Child) {
    #[cfg(unix)]
    if let Ok(id) = i32::try_from(process.id())
        && let Some(group) = rustix::process::Pid::from_raw(id)
        && matches!(process.try_wait(), Ok(None))
    {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    drop(process.kill());
    drop(process.wait());
}

fn question(of: &Reranking) -> Value {
    let candidates: Vec<Value> = of.candidates.iter().map(candidate).collect();
    json!({ "version": 1, "task": of.task, "candidates": candidates })
}

fn candidate(of: &Candidate) -> Value {
    let mut told = json!({ "path": of.path.as_str(), "chance": of.chance });
    if let Some(definition) = &of.definition {
        told["name"] = definition.name.clone().into();
        told["kind"] = definition.kind.as_str().into();
        told["line"] = (definition.line + 1).into();
        told["signature"] = definition.signature.clone().into();
    }
    told
}

/// Reads `{"scores": [1, 0.5]}`.
fn scores(line: &str) -> Result<Vec<f64>, String> {
    let begin = || escaped(&line.trim_end()[..line.trim_end().floor_char_boundary(60)]);
    let faulty = || format!("its answer is not {{\"scores\": [numbers]}}: {}", begin());
    let answer: Value = serde_json::from_str(line).map_err(|_| faulty())?;
    let Value::Array(scores) = &answer["scores"] else { return Err(faulty()) };
    scores.iter().map(|score| score.as_f64().ok_or_else(faulty)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_another_form_are_told() {
        assert_eq!(scores("{\"scores\": [1, 0.5], \"more\": 1}\n"), Ok(vec![1.0, 0.5]));
        for line in [
            "",
            "\n",
            "[1, 2]",
            "{\"scores\": 1}",
            "{\"scores\": [null]}",
            "\u{1b}[0m{",
            "ä".repeat(90).as_str(),
        ] {
            let fault = scores(line).unwrap_err();
            assert!(fault.starts_with("its answer is not ") && !fault.contains('\u{1b}'), "{fault}");
        }
    }
}
