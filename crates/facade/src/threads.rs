//! The threads that work for a mapper: as many as are wanted, useful and to be had.

use std::thread::Builder;

use rayon::{ThreadPool, ThreadPoolBuilder};
use repo_map_cache_core::StartThread;
use repo_map_tags::start_thread;

use crate::error::Error;

/// Deep trees are walked recursively by some grammars.
pub(crate) const PARSER_STACK: usize = 16 << 20;

/// More help nobody, and each has a stack of its own.
const MOST: usize = 256;

/// How the cache's threads are started: as all of a mapper's, so that a fork waits while one begins or ends.
pub(crate) const START: StartThread = StartThread::with(start_thread);

/// So many threads, or one a core for 0. Where the machine refuses some, the pool has fewer; without any there is none.
pub(crate) fn pool(wanted: usize, name: &'static str) -> Result<ThreadPool, Error> {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let mut count = if wanted == 0 { cores() } else { wanted }.min(MOST);
    loop {
        let pool = ThreadPoolBuilder::new()
            .num_threads(count)
            .spawn_handler(|worker| {
                let thread =
                    Builder::new().name(format!("{name}-{}", worker.index())).stack_size(PARSER_STACK);
                start_thread(thread, || worker.run()).map(drop)
            })
            .build();
        match pool {
            Ok(pool) => return Ok(pool),
            Err(_) if count > 1 => count /= 2,
            Err(error) => {
                return Err(Error::of_thread(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_bounded_whatever_is_asked() {
        assert_eq!(pool(3, "test").unwrap().current_num_threads(), 3);
        assert_eq!(pool(1 << 20, "test").unwrap().current_num_threads(), MOST);
        assert!(pool(0, "test").unwrap().current_num_threads() >= 1);
    }
}
