use std::io;
use std::sync::Arc;
use std::time::Instant;

use repo_map_model::{CancellationToken, FileTags};
use repo_map_tags::{Language, LanguageSet, Outcome, SkipReason, start_thread};
use rkyv::util::AlignedVec;

use super::command::WorkerCommand;
use super::ending::Ending;
use super::record::record_until;
use super::shared::Shared;
use super::unparsed::{Parsed, Unparsed};
use super::watch::watch;
use super::watched::Watched;
use super::worker::{Failure, Worker};
use crate::records::TagRecord;

/// So many files in a row that a worker exits at are no chance: the program does not work.
const EXITS: u32 = 3;

/// Workers that wait, and how to start more.
pub(crate) struct WorkerPool {
    command: WorkerCommand,
    languages: Arc<LanguageSet>,
    shared: Arc<Shared>,
}

impl WorkerPool {
    pub(super) fn new(command: WorkerCommand) -> Self {
        Self { command, languages: Arc::default(), shared: Arc::default() }
    }

    /// What workers that are started from now on understand.
    pub(super) fn speak(&mut self, languages: Arc<LanguageSet>) {
        self.languages = languages;
    }

    pub(super) fn records(&self, sources: &[(Language, &[u8])], token: &CancellationToken) -> Vec<Parsed> {
        let mut records = Vec::with_capacity(sources.len());
        // The first source without a record when a worker ended. It is tried alone: only what happens to it and
        // nothing else is held against it.
        let mut suspect = None;
        while records.len() < sources.len() {
            let next = records.len();
            if token.is_cancelled() {
                records.resize_with(sources.len(), || Err(Unparsed::unwanted()));
                break;
            }
            let Some(mut worker) = self.worker(token) else {
                if token.is_cancelled() {
                    continue;
                }
                records.extend(
                    sources[next..].iter().map(|(language, source)| record_until(*language, source, token)),
                );
                break;
            };
            let batch = if suspect == Some(next) { &sources[next..=next] } else { &sources[next..] };
            match worker.exchange(batch, &mut records) {
                Ok(()) => self.put_back(worker),
                // It was ended because of that, or might have been.
                Err(_) if token.is_cancelled() => {}
                Err(Failure::Foreign(error)) => self.close(&error.to_string()),
                Err(Failure::Ended(_)) if suspect != Some(records.len()) => suspect = Some(records.len()),
                Err(Failure::Ended(ending)) => records.push(self.verdict(ending)),
            }
        }
        records
    }

    /// What is known of a source at which, alone, a worker ended.
    fn verdict(&self, ending: Ending) -> Parsed {
        match ending {
            Ending::Own => return Ok(fatal()),
            // Twice, with a fresh worker: each further file would cost as many seconds.
            Ending::Stalled => self.close("it is stopped or frozen again and again"),
            Ending::Exited(_) => {
                let mut state = self.shared.lock();
                state.exits += 1;
                let is_broken = state.exits >= EXITS;
                drop(state);
                if is_broken {
                    self.close("it exits again and again");
                }
            }
            Ending::Killed(_) | Ending::Cramped | Ending::Unwanted => {}
        }
        Err(Unparsed(ending))
    }

    /// Ends the workers that are at work for a token.
    pub(super) fn give_up(&self, token: &CancellationToken) {
        let wards: Vec<_> = self.shared.lock().watched.iter().filter_map(Watched::ward).collect();
        wards.iter().filter(|ward| ward.is_awaited_for(token)).for_each(|ward| ward.end());
    }

    pub(super) fn take_notice(&self) -> Option<String> {
        self.shared.lock().notice.take()
    }

    /// A worker that waits, or a new one; none when they cannot be had.
    fn worker(&self, token: &CancellationToken) -> Option<Worker> {
        let mut state = self.shared.lock();
        if state.is_out_of_order {
            return None;
        }
        if let Some((worker, _)) = state.idle.pop() {
            worker.ward().await_for(Some(token));
            return Some(worker);
        }
        drop(state);
        // One that is killed before it could say a word says nothing of the program.
        let started = match self.start(token) {
            Err(Failure::Ended(Ending::Killed(_))) if !token.is_cancelled() => self.start(token),
            started => started,
        };
        match started {
            Ok(worker) => Some(worker),
            // It was ended because of that, or might have been.
            Err(_) if token.is_cancelled() => None,
            Err(failure) => {
                self.close(&reason(failure));
                None
            }
        }
    }

    fn start(&self, token: &CancellationToken) -> Result<Worker, Failure> {
        let mut worker = Worker::start_soon(&self.command, token)?;
        self.watch(&worker).map_err(Failure::Foreign)?;
        worker.greet(&self.languages)?;
        Ok(worker)
    }

    /// Has a worker watched.
    fn watch(&self, worker: &Worker) -> io::Result<()> {
        let mut state = self.shared.lock();
        state.watched.push(Watched::new(Arc::downgrade(worker.ward())));
        if !state.has_watch {
            let shared = self.shared.clone();
            let thread = std::thread::Builder::new().name("repo-map-watch".to_owned());
            start_thread(thread, move || watch(&shared))?;
            state.has_watch = true;
        }
        Ok(())
    }

    fn put_back(&self, worker: Worker) {
        worker.ward().await_for(None);
        let mut state = self.shared.lock();
        state.exits = 0;
        if !state.is_out_of_order {
            state.idle.push((worker, Instant::now()));
        }
    }

    fn close(&self, reason: &str) {
        let mut state = self.shared.lock();
        if !state.is_out_of_order {
            let program = self.command.program.display();
            state.notice = Some(format!(
                "{program} cannot be used as a worker: {reason}; files are parsed in this process"
            ));
        }
        state.is_out_of_order = true;
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        drop(idle);
    }
}

impl Drop for WorkerPool {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut self.shared.lock().idle);
        drop(idle);
        self.shared.ended.notify_all();
    }
}

/// Why a program that was started is no worker.
fn reason(failure: Failure) -> String {
    match failure {
        Failure::Foreign(error) => error.to_string(),
        Failure::Ended(Ending::Stalled | Ending::Own) => "it gives no sign of being one".to_owned(),
        Failure::Ended(Ending::Exited(_)) => "it ended at once".to_owned(),
        Failure::Ended(ending) => ending.to_string(),
    }
}

/// The record of a file that takes its parser's process down.
fn fatal() -> AlignedVec {
    TagRecord::new(&FileTags::default(), Outcome::Skipped(SkipReason::ParserDied), 0).to_bytes()
}
