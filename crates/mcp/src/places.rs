//! The repositories that are open: each with a state of its own, few at once, and none that nobody asks for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use repo_map_cache::Error;

use crate::config::ServerConfig;
use crate::counting;
use crate::place::Place;
use crate::progress::Heard;
use crate::roots::Chosen;

/// Open repositories, the one that was asked for last at the end.
#[derive(Default)]
pub(crate) struct Places(Mutex<Vec<Entry>>);

struct Entry {
    place: Arc<Place>,
    asked: Instant,
}

impl Places {
    /// The repository of a call; opened if it is not.
    ///
    /// # Errors
    /// Where no mapper can be made of it.
    pub(crate) fn open(&self, chosen: &Chosen, config: &ServerConfig) -> Result<Arc<Place>, Error> {
        let mut entries = self.lock();
        let same = |entry: &Entry| {
            let known = &entry.place.chosen;
            known.repository == chosen.repository && known.is_confined == chosen.is_confined
        };
        let place = match entries.iter().position(same) {
            Some(at) => entries.remove(at).place,
            None => {
                let heard = Arc::new(Heard::default());
                let mapper = (config.builder)(&chosen.repository)?
                    .subtree_only(chosen.is_confined)
                    .tokenizer(counting::of_json_strings(&config.tokenizer))
                    .progress(heard.clone())
                    .build()?;
                Arc::new(Place::new(Chosen { folder: None, ..chosen.clone() }, mapper, heard))
            }
        };
        entries.push(Entry { place: place.clone(), asked: Instant::now() });
        drop(entries);
        Ok(place)
    }

    /// Closes what is too much, and what nobody asked for in a while; never the one that was asked for last.
    pub(crate) fn tidy(&self, config: &ServerConfig) {
        let mut entries = self.lock();
        let now = Instant::now();
        let mut memory: u64 = entries.iter().map(|entry| entry.place.mapper.memory()).sum();
        let mut left = entries.len();
        entries.retain(|entry| {
            let is_idle = now.duration_since(entry.asked) > config.idle;
            let is_too_much = left > 1 && (left > config.most_open || memory > config.most_memory);
            if is_idle || is_too_much {
                left -= 1;
                memory -= entry.place.mapper.memory().min(memory);
                entry.place.leave();
                return false;
            }
            true
        });
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        for entry in self.lock().drain(..) {
            entry.place.leave();
        }
    }
}
