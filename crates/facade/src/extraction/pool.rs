use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use repo_map_model::FileTags;
use repo_map_tags::{Language, LanguageSet, Outcome, SkipReason};
use rkyv::util::AlignedVec;

use super::record;
use super::worker::{Failure, Worker};
use crate::records::TagRecord;

/// The program that parses files for a mapper, so that no file can take the mapper's process down.
///
/// It has to call [`serve_extraction`](crate::serve_extraction) with its standard input and output, and to be built with the same version of this
/// library as the mapper; another one is noticed and not used. Command lines name themselves with an argument of
/// their own. One process is started a thread, when the first file has to be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What its environment has besides the mapper's own: names and values.
    pub environment: Vec<(OsString, OsString)>,
}

impl WorkerCommand {
    /// A program, without arguments yet.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), arguments: Vec::new(), environment: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }
}

/// Workers that wait, and how to start more.
pub(crate) struct WorkerPool {
    command: WorkerCommand,
    languages: Arc<LanguageSet>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: Vec<Worker>,
    /// Set when workers cannot be had: files are parsed in this process then.
    is_out_of_order: bool,
    notice: Option<String>,
}

impl WorkerPool {
    pub(super) fn new(command: WorkerCommand) -> Self {
        Self { command, languages: Arc::default(), state: Mutex::default() }
    }

    /// What workers that are started from now on understand.
    pub(super) fn speak(&mut self, languages: Arc<LanguageSet>) {
        self.languages = languages;
    }

    pub(super) fn records(&self, sources: &[(Language, &[u8])]) -> Vec<AlignedVec> {
        let mut records = Vec::with_capacity(sources.len());
        // The first source without a record when a worker died. It is tried alone: only a second death, of it and
        // nothing else, is held against it.
        let mut suspect = None;
        while records.len() < sources.len() {
            let next = records.len();
            let Some(mut worker) = self.worker() else {
                records.extend(sources[next..].iter().map(|(language, source)| record(*language, source)));
                break;
            };
            let batch = if suspect == Some(next) { &sources[next..=next] } else { &sources[next..] };
            match worker.exchange(batch, &mut records) {
                Ok(()) => self.lock().idle.push(worker),
                Err(Failure::Foreign(error)) => self.close(&error.to_string()),
                Err(Failure::Died) if suspect == Some(records.len()) => records.push(fatal()),
                Err(Failure::Died) => suspect = Some(records.len()),
            }
        }
        records
    }

    pub(super) fn take_notice(&self) -> Option<String> {
        self.lock().notice.take()
    }

    /// A worker that waits, or a new one; none when they cannot be had.
    fn worker(&self) -> Option<Worker> {
        let mut state = self.lock();
        if state.is_out_of_order {
            return None;
        }
        let idle = state.idle.pop();
        drop(state);
        idle.or_else(|| {
            Worker::start(&self.command, &self.languages).map_err(|error| self.close(&error.to_string())).ok()
        })
    }

    fn close(&self, reason: &str) {
        let mut state = self.lock();
        if !state.is_out_of_order {
            let program = self.command.program.display();
            state.notice = Some(format!(
                "{program} cannot be used as a worker: {reason}; files are parsed in this process"
            ));
        }
        state.is_out_of_order = true;
        state.idle.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The record of a file that takes its parser's process down.
fn fatal() -> AlignedVec {
    TagRecord::new(&FileTags::default(), Outcome::Skipped(SkipReason::ParserDied)).to_bytes()
}
