use std::io::{self, BufReader, BufWriter};
use std::process::{Child, ChildStdin, Command, Stdio};

use repo_map_tags::{Language, LanguageSet};
use rkyv::util::AlignedVec;

use super::guard::GuardedOutput;
use super::pool::WorkerCommand;
use super::protocol;
use crate::records::ArchivedTagRecord;

/// A worker process, as its mapper sees it.
pub(super) struct Worker {
    process: Child,
    input: Option<BufWriter<ChildStdin>>,
    output: BufReader<GuardedOutput>,
}

/// Why an exchange ended early.
pub(super) enum Failure {
    /// The worker is gone, or was given up.
    Died,
    /// It is no worker of this version.
    Foreign(io::Error),
}

impl Worker {
    pub(super) fn start(command: &WorkerCommand, languages: &LanguageSet) -> io::Result<Self> {
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
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let (Some(input), Some(output)) = (input, output) else {
            return Err(io::Error::other("it has no pipes"));
        };
        let guarded = GuardedOutput::new(output, process.id());
        let mut worker = Self {
            process,
            input: Some(BufWriter::with_capacity(protocol::BUFFER, input)),
            output: BufReader::with_capacity(protocol::BUFFER, guarded),
        };
        protocol::read_hello(&mut worker.output).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::new(io::ErrorKind::InvalidData, "it ended at once"),
            _ => error,
        })?;
        if let Some(input) = &mut worker.input {
            protocol::write_queries(input, languages)?;
        }
        Ok(worker)
    }

    /// Appends the records of the sources, as far as the worker comes.
    pub(super) fn exchange(
        &mut self,
        sources: &[(Language, &[u8])],
        records: &mut Vec<AlignedVec>,
    ) -> Result<(), Failure> {
        let input = self.input.as_mut().ok_or(Failure::Died)?;
        protocol::write_batch(input, sources).map_err(|_| Failure::Died)?;
        for (language, _) in sources {
            let record = protocol::read_record(&mut self.output, *language).map_err(|error| {
                if error.kind() == io::ErrorKind::InvalidData {
                    Failure::Foreign(error)
                } else {
                    Failure::Died
                }
            })?;
            if ArchivedTagRecord::access(&record).is_none() {
                return Err(Failure::Foreign(io::Error::other("its records cannot be read")));
            }
            records.push(record);
        }
        Ok(())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It ends with its input, or by force when it is lost in a file.
        self.input = None;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
