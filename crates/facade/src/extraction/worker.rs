use std::io::{self, BufReader, BufWriter, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use repo_map_model::CancellationToken;
use repo_map_tags::{Language, LanguageSet, start_thread};

use super::command::WorkerCommand;
use super::ending::Ending;
use super::protocol;
use super::unparsed::Parsed;
use super::ward::{GivenUp, Ward};
use crate::records::ArchivedTagRecord;

/// A worker process, as its mapper sees it.
pub(super) struct Worker {
    ward: Arc<Ward>,
    input: Option<BufWriter<Input>>,
    output: BufReader<ChildStdout>,
}

/// Why an exchange ended early.
pub(super) enum Failure {
    /// The worker is gone, or was given up.
    Ended(Ending),
    /// It is no worker of this version.
    Foreign(io::Error),
}

/// How long the start of a process is waited for. A child that is stopped before its program begins holds up who starts it.
const START: Duration = Duration::from_secs(4);

impl Worker {
    /// As [`start`](Self::start), within seconds.
    pub(super) fn start_soon(command: &WorkerCommand, token: &CancellationToken) -> Result<Self, Failure> {
        let own = (command.clone(), token.clone());
        match within(START, move || Self::start(&own.0, &own.1)) {
            Ok(Some(started)) => started.map_err(Failure::Foreign),
            Ok(None) => Err(Failure::Ended(Ending::Stalled)),
            // Without a thread that could be left behind there is no bound.
            Err(_) => Self::start(command, token).map_err(Failure::Foreign),
        }
    }

    /// Starts a process for whoever holds the token. It has to be watched from now on: what follows waits for it.
    fn start(command: &WorkerCommand, token: &CancellationToken) -> io::Result<Self> {
        let mut start = Command::new(&command.program);
        start
            .args(&command.arguments)
            .envs(command.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // What a dying parser says is of no use to anyone: the record of the file tells.
        start.stderr(Stdio::null());
        // An interrupt from the terminal is for the mapper; its workers end with their input, and no file is blamed.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut start, 0);
        let mut process = start.spawn()?;
        let (input, output) = pipes(&mut process)?;
        let ward = Arc::new(Ward::new(process, token));
        let input = Input { pipe: input, ward: ward.clone() };
        Ok(Self {
            ward,
            input: Some(BufWriter::with_capacity(protocol::BUFFER, input)),
            output: BufReader::with_capacity(protocol::BUFFER, output),
        })
    }

    pub(super) fn ward(&self) -> &Arc<Ward> {
        &self.ward
    }

    /// Waits for its greeting and tells it the queries.
    pub(super) fn greet(&mut self, languages: &LanguageSet) -> Result<(), Failure> {
        protocol::read_hello(&mut self.output).map_err(|error| self.failure(error))?;
        self.ward.step();
        let Some(input) = &mut self.input else { return Ok(()) };
        protocol::write_queries(input, languages).map_err(|error| self.failure(error))
    }

    /// Appends the records of the sources, as far as the worker comes.
    pub(super) fn exchange(
        &mut self,
        sources: &[(Language, &[u8])],
        records: &mut Vec<Parsed>,
    ) -> Result<(), Failure> {
        let Some(input) = &mut self.input else { return Ok(()) };
        protocol::write_batch(input, sources).map_err(|error| self.failure(error))?;
        for (language, _) in sources {
            let record = protocol::read_record(&mut self.output, *language);
            let record = record.map_err(|error| self.failure(error))?;
            if ArchivedTagRecord::access(&record).is_none() {
                return Err(Failure::Foreign(io::Error::other("its records cannot be read")));
            }
            self.ward.step();
            records.push(Ok(record));
        }
        Ok(())
    }

    /// What an error of a pipe means.
    fn failure(&self, error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::InvalidData {
            return Failure::Foreign(error);
        }
        Failure::Ended(match self.ward.given_up() {
            Some(GivenUp::Stalled) => Ending::Stalled,
            Some(GivenUp::Overran) => Ending::Own,
            None => self.ward.status().map_or(Ending::Exited(None), Ending::of),
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It ends with its input, or by force when it is lost in a file.
        self.input = None;
        self.ward.end();
    }
}

/// What work on a thread of its own gives, if it is done in time; else nobody waits for it any more, and what it gives is dropped.
fn within<R: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> R + Send + 'static,
) -> io::Result<Option<R>> {
    let (sender, done) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("repo-map-start".to_owned());
    // The receiver is gone where that took too long.
    start_thread(thread, move || drop(sender.send(work())))?;
    Ok(done.recv_timeout(patience).ok())
}

fn pipes(process: &mut Child) -> io::Result<(ChildStdin, ChildStdout)> {
    let pipes = process.stdin.take().zip(process.stdout.take());
    pipes.ok_or_else(|| io::Error::other("it has no pipes"))
}

/// The input of a worker, which tells of each piece that it took.
struct Input {
    pipe: ChildStdin,
    ward: Arc<Ward>,
}

impl Write for Input {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.pipe.write(bytes)?;
        self.ward.step();
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pipe.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_that_has_no_end_is_given_up_and_what_it_gives_later_is_dropped() {
        let (go, wait) = mpsc::channel::<()>();
        let given = Arc::new(());
        let late = given.clone();
        let found = within(Duration::from_millis(20), move || {
            let _ = wait.recv();
            late
        });
        assert!(found.unwrap().is_none());
        drop(go);
        while Arc::strong_count(&given) > 1 {
            std::thread::yield_now();
        }
        assert_eq!(within(Duration::from_secs(60), || 7).unwrap(), Some(7));
    }
}
