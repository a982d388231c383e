//! The shared tier: asked for what the own store has not, told what was parsed.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use repo_map_cache_core::Key;
use tokio::runtime::Handle;

use crate::address::{Address, Credentials};
use crate::engine::Engine;
use crate::fault::Fault;
use crate::flights::Flights;
use crate::pack::{Pack, Packs};
use crate::patience::{Closed, Patience, Wait};
use crate::record::{self, Name, Refused};
use crate::runtime::Threads;
use crate::sample::Sample;
use crate::shared::Shared;
use crate::statistics::{Pace, RemoteStatistics, add};
use crate::trust::{Trust, hexadecimal};
use crate::write_behind::WriteBehind;

/// So many records in a row that are none of ours: there will be no others.
const MOST_REFUSED: u64 = 32;

/// Where records come from.
#[derive(Debug)]
enum Source {
    Server(Address),
    Packs(Vec<Pack>),
}

/// What a shared tier is opened with.
#[derive(Debug)]
pub struct RemoteOptions {
    source: Source,
    credentials: Credentials,
    trust: Trust,
    writes: bool,
    patience: Patience,
    runtime: Option<Handle>,
}

impl RemoteOptions {
    /// A tier that is read, and believes its server.
    pub fn new(address: Address) -> Self {
        Self::of(Source::Server(address))
    }

    /// Packs in place of a server: read, and believed as little.
    pub fn packs(packs: Vec<Pack>) -> Self {
        Self::of(Source::Packs(packs))
    }

    fn of(source: Source) -> Self {
        Self {
            source,
            credentials: Credentials::default(),
            trust: Trust::default(),
            writes: false,
            patience: Patience::default(),
            runtime: None,
        }
    }

    /// The same with what the services' usual variables say.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The same, believing others.
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// The same, storing too or only reading.
    #[must_use]
    pub fn writes(mut self, writes: bool) -> Self {
        self.writes = writes;
        self
    }

    /// The same with another allowance for all waiting than 400 ms.
    #[must_use]
    pub fn allowance(mut self, allowance: Duration) -> Self {
        self.patience = Patience::of(allowance);
        self
    }

    /// The same on a host's runtime, which needs time and I/O. [`RemoteTier::fetch`] blocks its thread, so no task of it may call that.
    #[must_use]
    pub fn runtime(mut self, runtime: Handle) -> Self {
        self.runtime = Some(runtime);
        self
    }
}

/// A shared tier that is open: see the [crate](crate).
pub struct RemoteTier {
    shared: Arc<Shared>,
    flights: Flights,
    pace: Pace,
    sample: Sample,
    refused_in_a_row: AtomicU64,
    writes: bool,
    writer: OnceLock<Option<WriteBehind>>,
}

impl RemoteTier {
    /// Opens a tier. Nothing is asked, and no thread begun, before the first record is wanted.
    ///
    /// # Errors
    /// A line, where the address or the credentials make no sense.
    pub fn open(options: RemoteOptions) -> Result<Self, String> {
        let RemoteOptions { source, credentials, trust, writes, patience, runtime } = options;
        let (engine, shown) = match source {
            Source::Server(address) => {
                let address = address.with(&credentials);
                let shown = format!("the shared cache {address}");
                let engine = Engine::open(&address, &credentials, writes);
                (engine.map_err(|fault| format!("{shown} cannot be used: {fault}"))?, shown)
            }
            Source::Packs(packs) => {
                packs.iter().try_for_each(|pack| pack.check(&trust))?;
                let shown: Vec<_> = packs.iter().map(Pack::to_string).collect();
                (Engine::Packs(Packs(packs)), shown.join(" or "))
            }
        };
        let sample = Sample::new(trust.believes_server());
        let shared = Shared::new(engine, Threads::new(runtime), patience, trust, shown);
        Ok(Self {
            shared: Arc::new(shared),
            flights: Flights::default(),
            pace: Pace::default(),
            sample,
            refused_in_a_row: AtomicU64::default(),
            writes,
            writer: OnceLock::new(),
        })
    }

    /// Whether it is asked: it has not failed, is faster than parsing, and is believed.
    pub fn is_asked(&self) -> bool {
        !self.shared.threads.is_forked() && self.shared.patience.closed().is_none()
    }

    /// Whether it was found to lie: then what it gave in this run has to be parsed again.
    pub fn is_distrusted(&self) -> bool {
        self.shared.patience.closed() == Some(Closed::Distrusted)
    }

    /// Whether it takes records.
    pub fn is_written(&self) -> bool {
        let is_bad = matches!(self.shared.patience.closed(), Some(Closed::Failing | Closed::Distrusted));
        self.writes && !is_bad && !self.shared.threads.is_forked()
    }

    /// The records of keys, in their order. Waits for the server, within the tier's one allowance. Whoever gets a record
    /// [checks](Self::distrust) it against the file, [samples](Self::wants_sample) it and says what it [saved](Self::saved).
    pub fn fetch(&self, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        let mut payloads: Vec<Option<Vec<u8>>> = vec![None; keys.len()];
        if keys.is_empty() || self.shared.threads.is_forked() {
            return payloads;
        }
        let Some(wait) = self.shared.patience.begin() else { return payloads };
        let names: Vec<Name> = keys.iter().map(|key| self.shared.trust.name(key)).collect();
        let (found, outcome) = self.ask(&names, &wait);
        self.shared.patience.end(&wait, outcome.is_ok());
        self.shared.counters.gets.add(wait.began);
        let begin = Instant::now();
        let (mut missing, mut hits) = (0, 0);
        for ((payload, value), name) in payloads.iter_mut().zip(found).zip(&names) {
            let Some(value) = value else {
                missing += 1;
                continue;
            };
            add(&self.shared.counters.bytes_received, value.len());
            match record::open(&self.shared.trust, name, &value) {
                Ok(opened) => {
                    hits += 1;
                    self.refused_in_a_row.store(0, Ordering::Relaxed);
                    *payload = Some(opened);
                }
                Err(why) => self.refuse(why, name, &value),
            }
        }
        add(&self.shared.counters.hits, hits);
        match outcome {
            Ok(()) => add(&self.shared.counters.misses, missing),
            Err(fault) => {
                add(&self.shared.counters.errors, missing);
                self.shared.patience.close(Closed::Failing);
                self.shared.warn(&format!("is not asked any more: {fault}"));
            }
        }
        self.shared.patience.settle(Duration::ZERO, begin.elapsed());
        payloads
    }

    fn ask(&self, names: &[Name], wait: &Wait) -> (Vec<Option<Bytes>>, Result<(), Fault>) {
        let mut found = vec![None; names.len()];
        let mut boarded = self.flights.board(names);
        let own: Vec<Name> = boarded.own.iter().map(|(_, name)| *name).collect();
        let mut outcome = Ok(());
        if !own.is_empty() {
            let (sender, receiver) = mpsc::sync_channel(1);
            let (shared, deadline) = (self.shared.clone(), wait.deadline);
            let is_begun = self.shared.threads.spawn(async move {
                let mut found = vec![None; own.len()];
                let asked = tokio::time::timeout_at(deadline.into(), shared.engine.get(&own, &mut found));
                let outcome = asked.await.unwrap_or_else(|_| Err(no_answer()));
                // Whoever asked may have given up.
                let _ = sender.send((found, outcome));
            });
            // The task ends at the deadline; where its threads do not run it is not waited for.
            let left = wait.deadline.saturating_duration_since(Instant::now()) + Duration::from_millis(20);
            let answer = if is_begun { receiver.recv_timeout(left).ok() } else { None };
            let (answers, ended) = answer.unwrap_or_else(|| (Vec::new(), Err(no_answer())));
            outcome = ended;
            for ((at, _), answer) in boarded.own.iter().zip(&answers) {
                found[*at].clone_from(answer);
            }
            boarded.land(&answers);
        }
        for (at, flight) in &boarded.others {
            found[*at] = flight.wait(wait.deadline);
        }
        (found, outcome)
    }

    fn refuse(&self, why: Refused, name: &Name, record: &[u8]) {
        add(&self.shared.counters.refused, 1);
        let in_a_row = self.refused_in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
        let signer = record::signer(record).map(hexadecimal);
        tracing::debug!(target: "repo_map_cache", name = hexadecimal(name), ?signer, "a shared record was refused: {why:?}");
        if in_a_row >= MOST_REFUSED && self.shared.patience.close(Closed::Failing) {
            let cause = match why {
                Refused::Form => "they are none of this version",
                Refused::Seal => "they are damaged, or sealed with another team's secret",
                Refused::Signature => "no trusted key has signed them",
            };
            self.shared.warn(&format!(
                "is not asked any more: {MOST_REFUSED} of its records in a row were refused, {cause}"
            ));
        }
    }

    /// Whether a record that was taken is to be parsed as well, to compare.
    pub fn wants_sample(&self, key: &Key) -> bool {
        let wants = self.sample.wants(key);
        add(&self.shared.counters.sampled, usize::from(wants));
        wants
    }

    /// Says that the record of a key is not what the file says: the server is not believed any more, in this process.
    pub fn distrust(&self, key: &Key, why: &str) {
        self.shared.counters.hits.fetch_sub(1, Ordering::Relaxed);
        add(&self.shared.counters.refused, 1);
        if self.shared.patience.close(Closed::Distrusted) {
            let name = hexadecimal(&self.shared.trust.name(key));
            let line = format!(
                "is not believed any more: its record {name} {why}; all that it gave is parsed again"
            );
            self.shared.warn_over(&line);
        }
    }

    /// Says that so many bytes of source need not be parsed, and what checking their records took.
    pub fn saved(&self, bytes: u64, took: Duration) {
        self.shared.patience.settle(self.pace.of(bytes), took);
    }

    /// Says how long parsing took: what an answer is worth.
    pub fn parsed(&self, bytes: u64, took: Duration) {
        self.pace.parsed(bytes, took);
    }

    /// Stores a record, some time later, if the tier is [written](Self::is_written). Costs the compression.
    pub fn put(&self, key: &Key, payload: &[u8]) {
        if !self.is_written() {
            return;
        }
        let name = self.shared.trust.name(key);
        let writer = self.writer.get_or_init(|| WriteBehind::begin(&self.shared));
        match (writer, record::seal(&self.shared.trust, &name, payload)) {
            (Some(writer), Some(record)) => writer.put(&self.shared, name, record),
            _ => add(&self.shared.counters.dropped, 1),
        }
    }

    /// Waits until what was [put](Self::put) is stored: as long as it gets on, and 100 to 400 ms more.
    pub fn flush(&self) {
        if let Some(Some(writer)) = self.writer.get().filter(|_| !self.shared.threads.is_forked()) {
            writer.flush(&self.shared);
        }
    }

    /// What was asked of it.
    pub fn statistics(&self) -> RemoteStatistics {
        self.shared.counters.read()
    }

    /// What is to be said of it, once: that it failed, or that it is not believed.
    pub fn take_warning(&self) -> Option<String> {
        self.shared.take_warning()
    }
}

fn no_answer() -> Fault {
    Fault("no answer in time".to_owned())
}

impl Drop for RemoteTier {
    fn drop(&mut self) {
        self.flush();
    }
}

impl fmt::Debug for RemoteTier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteTier")
            .field("shown", &self.shared.shown)
            .field("trust", &self.shared.trust)
            .field("writes", &self.writes)
            .finish_non_exhaustive()
    }
}
