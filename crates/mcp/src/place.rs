use std::sync::Arc;
use std::time::{Duration, Instant};

use repo_map_cache::{Error, RepoMapper};

use crate::progress::Heard;
use crate::roots::Chosen;
use crate::warming::Warming;

/// How long a call waits for a tree that was read before and has changed much since.
const PATIENCE_WHEN_WARM: Duration = Duration::from_secs(10);

/// One repository that is open.
pub(crate) struct Place {
    pub(crate) chosen: Chosen,
    pub(crate) mapper: RepoMapper,
    pub(crate) heard: Arc<Heard>,
    warming: Warming,
}

impl Place {
    pub(crate) fn new(chosen: Chosen, mapper: RepoMapper, heard: Arc<Heard>) -> Self {
        Self { chosen, mapper, heard, warming: Warming::default() }
    }

    /// Asks the mapper, which is to answer at a moment; what is not read by then is read on when nobody asks.
    pub(crate) fn ask<R>(
        self: &Arc<Self>,
        patience: Duration,
        work: impl FnOnce(&RepoMapper, Instant) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let call = self.warming.step_aside();
        let patience = if self.warming.is_warm() { PATIENCE_WHEN_WARM } else { patience };
        let answer = work(&self.mapper, Instant::now() + patience);
        drop(call);
        if answer.is_ok() && self.warming.begin() {
            let place = self.clone();
            let thread = std::thread::Builder::new().name("repo-map-warming".to_owned());
            if thread.spawn(move || place.warming.read_on(&place.mapper)).is_err() {
                // Calls read on by themselves, each as long as it may.
                self.warming.end();
            }
        }
        answer
    }

    /// Whether all is read that a task needs.
    pub(crate) fn is_warm(&self) -> bool {
        self.warming.is_warm()
    }

    /// Nobody will ask again.
    pub(crate) fn leave(&self) {
        self.warming.end();
    }
}
