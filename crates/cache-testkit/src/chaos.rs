use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use repo_map_cache_core::{
    Capabilities, Error, ErrorKind, Key, Keyspace, KeyspaceUsage, ReadTxn, Result, StorageBackend, WriteTxn,
};

use crate::random::Random;

/// What goes wrong, and how often: each part in a thousand of the operations that it concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChaosPlan {
    /// Determines everything that happens, for one thread.
    pub seed: u64,
    /// Operations that fail as [`Unavailable`](ErrorKind::Unavailable).
    pub errors: u64,
    /// Writes that find the disk full: [`StorageFull`](ErrorKind::StorageFull).
    pub full: u64,
    /// Values of which only the first part reaches the store; the rest is zeroes.
    pub torn: u64,
    /// How long each transaction waits before it begins.
    pub latency: Duration,
}

/// A backend with faults, to see how its user bears them.
#[derive(Debug)]
pub struct Chaos<B> {
    inner: B,
    plan: ChaosPlan,
    random: Mutex<Random>,
}

struct ChaosRead<'a, B> {
    chaos: &'a Chaos<B>,
    inner: Box<dyn ReadTxn + 'a>,
}

struct ChaosWrite<'a, B> {
    chaos: &'a Chaos<B>,
    inner: Box<dyn WriteTxn + 'a>,
}

impl ChaosPlan {
    /// No faults yet, and a seed for those that the fields ask for.
    pub fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }
}

impl<B: StorageBackend> Chaos<B> {
    /// The backend with the faults of a plan.
    pub fn new(inner: B, plan: ChaosPlan) -> Self {
        Self { inner, plan, random: Mutex::new(Random::new(plan.seed)) }
    }

    /// The backend without them.
    pub fn inner(&self) -> &B {
        &self.inner
    }

    fn happens(&self, in_a_thousand: u64) -> bool {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).below(1000) < in_a_thousand
    }

    fn fail(&self, in_a_thousand: u64, kind: ErrorKind, operation: &'static str) -> Result<()> {
        if self.happens(in_a_thousand) {
            return Err(Error::new(kind, self.name(), operation).with_source("injected"));
        }
        Ok(())
    }
}

impl<B: StorageBackend> StorageBackend for Chaos<B> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        std::thread::sleep(self.plan.latency);
        self.fail(self.plan.errors, ErrorKind::Unavailable, "read")?;
        Ok(Box::new(ChaosRead { chaos: self, inner: self.inner.read()? }))
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        std::thread::sleep(self.plan.latency);
        self.fail(self.plan.errors, ErrorKind::Unavailable, "write")?;
        Ok(Box::new(ChaosWrite { chaos: self, inner: self.inner.write()? }))
    }

    fn sync(&self) -> Result<()> {
        self.fail(self.plan.errors, ErrorKind::Unavailable, "sync")?;
        self.inner.sync()
    }

    fn size_on_disk(&self) -> Result<Option<u64>> {
        self.inner.size_on_disk()
    }

    fn usage(&self, keyspace: Keyspace) -> Result<Option<KeyspaceUsage>> {
        self.inner.usage(keyspace)
    }

    fn compact(&self) -> Result<()> {
        self.fail(self.plan.errors, ErrorKind::Unavailable, "compact")?;
        self.inner.compact()
    }
}

impl<B: StorageBackend> ReadTxn for ChaosRead<'_, B> {
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>> {
        self.chaos.fail(self.chaos.plan.errors, ErrorKind::Unavailable, "get")?;
        self.inner.get(keyspace, key)
    }

    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        self.chaos.fail(self.chaos.plan.errors, ErrorKind::Unavailable, "scan")?;
        self.inner.scan(keyspace, prefix, visit)
    }
}

impl<B: StorageBackend> WriteTxn for ChaosWrite<'_, B> {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        let ChaosPlan { full, torn, .. } = self.chaos.plan;
        self.chaos.fail(full, ErrorKind::StorageFull, "put")?;
        if value.len() > 1 && self.chaos.happens(torn) {
            let mut half = value.to_vec();
            half[value.len() / 2..].fill(0);
            return self.inner.put(keyspace, key, &half);
        }
        self.inner.put(keyspace, key, value)
    }

    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        self.chaos.fail(self.chaos.plan.full, ErrorKind::StorageFull, "delete")?;
        self.inner.delete(keyspace, key)
    }

    fn commit(self: Box<Self>) -> Result<()> {
        self.chaos.fail(self.chaos.plan.errors, ErrorKind::Unavailable, "commit")?;
        self.inner.commit()
    }
}
