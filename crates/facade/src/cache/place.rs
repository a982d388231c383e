//! The places that this process has open: one set of tiers a place, however many handles look at it.

use std::collections::HashMap;
use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, Mutex, PoisonError, TryLockError, Weak};

use repo_map_cache_core::{PerProcess, StorageBackend};

/// Where a cache is.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// By canonical path.
    Directory(PathBuf),
    /// By its address: it lives at least as long as what is open of it.
    Backend(usize),
}

impl Place {
    /// The place of a directory, which need not be there yet.
    pub(super) fn of_directory(directory: &Path) -> Self {
        Self::Directory(canonical(directory))
    }

    pub(super) fn of_backend(backend: &Arc<dyn StorageBackend>) -> Self {
        Self::Backend(Arc::as_ptr(backend).addr())
    }
}

/// What opening a place gave.
pub(super) enum Opening<T> {
    /// What is open of the place, for all who open it.
    Shared(Arc<T>),
    /// What takes its place for this handle: the next one tries again.
    Own(Arc<T>),
}

/// What a process has open. A fork has nothing open: what it inherits answers to its parent.
pub(super) struct Places<T>(PerProcess<Mutex<HashMap<Place, Slot<T>>>>);

/// What is open of one place. Its lock is held while the place is opened, so that no place waits for another.
type Slot<T> = Arc<Mutex<Weak<T>>>;

impl<T> Places<T> {
    pub(super) const fn new() -> Self {
        Self(PerProcess::new())
    }

    /// What is open of the place; opened now if nothing is. Who asks meanwhile waits and gets the same.
    pub(super) fn opened<E>(
        &self,
        place: Place,
        open: impl FnOnce() -> Result<Opening<T>, E>,
    ) -> Result<Arc<T>, E> {
        let slot = self.slot(place);
        let mut opened = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cache) = opened.upgrade() {
            return Ok(cache);
        }
        Ok(match open()? {
            Opening::Shared(cache) => {
                *opened = Arc::downgrade(&cache);
                cache
            }
            Opening::Own(cache) => cache,
        })
    }

    fn slot(&self, place: Place) -> Slot<T> {
        let mut places = self.0.get(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|_, slot| match slot.try_lock() {
            Ok(cache) => cache.strong_count() > 0 || Arc::strong_count(slot) > 1,
            Err(TryLockError::Poisoned(_)) => Arc::strong_count(slot) > 1,
            Err(TryLockError::WouldBlock) => true,
        });
        places.entry(place).or_default().clone()
    }
}

/// The path without links: what is there of it, and the rest as it is named.
fn canonical(path: &Path) -> PathBuf {
    let path = absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let there = path.ancestors().find_map(|part| Some((part, part.canonicalize().ok()?)));
    match there.and_then(|(part, there)| Some(there.join(path.strip_prefix(part).ok()?))) {
        Some(canonical) => canonical,
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    fn shared() -> Result<Opening<u8>, Infallible> {
        Ok(Opening::Shared(Arc::new(7)))
    }

    #[cfg(unix)]
    #[test]
    fn two_names_of_one_directory_are_one_place_before_it_is_made_too() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        std::fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let places = || [&real, &link].map(|folder| Place::of_directory(&folder.join("new/cache")));
        let [by_name, by_link] = places();
        assert!(by_name == by_link);
        std::fs::create_dir_all(real.join("new/cache")).unwrap();
        assert!(places().iter().all(|place| *place == by_name), "and after it is made");
    }

    #[test]
    fn a_place_that_is_slow_to_open_holds_up_no_other() {
        let places = &Places::new();
        let (is_opening, opening) = mpsc::channel();
        let (go_on, wait) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let open_late = || {
                    is_opening.send(()).unwrap();
                    wait.recv_timeout(Duration::from_secs(600)).expect("the other place is opened meanwhile");
                    shared()
                };
                places.opened(Place::Backend(1), open_late).unwrap();
            });
            opening.recv().unwrap();
            places.opened(Place::Backend(2), shared).unwrap();
            go_on.send(()).unwrap();
        });
    }

    #[test]
    fn a_place_is_opened_once_for_all_who_hold_it_and_anew_after_them() {
        let places = Places::new();
        let opened = || places.opened(Place::Backend(1), shared).unwrap();
        let [first, second] = [opened(), opened()];
        assert!(Arc::ptr_eq(&first, &second));
        let weak = Arc::downgrade(&first);
        drop((first, second));
        assert!(weak.upgrade().is_none() && *opened() == 7);
    }

    #[test]
    fn what_takes_the_place_of_a_directory_is_not_shared() {
        let places = Places::new();
        let own = || Ok::<_, Infallible>(Opening::Own(Arc::new(7)));
        let [first, second] = [(); 2].map(|()| places.opened(Place::Backend(1), own).unwrap());
        assert!(!Arc::ptr_eq(&first, &second));
    }
}
