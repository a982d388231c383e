//! What a `fork` must not fall into: a child in which the one thread is missing that makes what everybody waits for would wait for ever.
//!
//! Grammars' queries are compiled when they are first needed, once a process. A `fork` waits until that is done.

use std::cell::Cell;
#[cfg(unix)]
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How many threads are at such work; and whether one of them waits to fork, in the highest bit.
static INSIDE: AtomicU32 = AtomicU32::new(0);
const FORKING: u32 = 1 << 31;

const PAUSE: Duration = Duration::from_micros(100);

thread_local! {
    /// How often this thread is at such work, one in the other.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Does work during which no other thread forks the process: for what is made once, under a lock, and for all.
pub fn hold_forks<R>(work: impl FnOnce() -> R) -> R {
    watch();
    let _inside = Inside::enter();
    work()
}

struct Inside;

impl Inside {
    fn enter() -> Self {
        let depth = DEPTH.get();
        loop {
            let inside = INSIDE.load(Ordering::SeqCst);
            // Who is at work already must come to its end: the fork waits for that.
            if inside & FORKING != 0 && depth == 0 {
                std::thread::sleep(PAUSE);
            } else if INSIDE.compare_exchange(inside, inside + 1, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            {
                break;
            }
        }
        DEPTH.set(depth + 1);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Before a fork, in the thread that forks: waits for the others. Two forks at once wait for each other too.
#[cfg(any(unix, test))]
fn close() {
    while INSIDE.fetch_or(FORKING, Ordering::SeqCst) & FORKING != 0 {
        std::thread::sleep(PAUSE);
    }
    while INSIDE.load(Ordering::SeqCst) & !FORKING != DEPTH.get() {
        std::thread::sleep(PAUSE);
    }
}

/// After it, in parent and child.
#[cfg(any(unix, test))]
fn open() {
    INSIDE.fetch_and(!FORKING, Ordering::SeqCst);
}

#[cfg(unix)]
fn watch() {
    extern "C" fn before() {
        close();
    }
    extern "C" fn after() {
        open();
    }
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        // SAFETY: the first handler runs in a whole process, and may wait; the two others add to an atomic number, which is allowed in the
        // child of a process with several threads. They are code of this library, whose removal from the process removes them. Without
        // memory for them forks are not held, as without this module.
        unsafe { libc::pthread_atfork(Some(before), Some(after), Some(after)) };
    });
}

#[cfg(not(unix))]
fn watch() {}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[test]
    fn a_fork_waits_for_the_work_of_others_and_new_work_for_the_fork() {
        let (is_done, is_forked) = (AtomicBool::new(false), AtomicBool::new(false));
        let begun = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                hold_forks(|| {
                    begun.wait();
                    // Its own further work does not wait for the fork that waits for it.
                    while INSIDE.load(Ordering::SeqCst) & FORKING == 0 {
                        std::thread::yield_now();
                    }
                    hold_forks(|| is_done.store(true, Ordering::SeqCst));
                });
                hold_forks(|| assert!(is_forked.load(Ordering::SeqCst)));
            });
            begun.wait();
            close();
            assert!(is_done.load(Ordering::SeqCst));
            is_forked.store(true, Ordering::SeqCst);
            open();
        });
    }

    #[test]
    fn a_thread_may_fork_in_the_middle_of_its_own_work() {
        hold_forks(|| hold_forks(|| DEPTH.with(|depth| assert_eq!(depth.get(), 2))));
        assert_eq!(DEPTH.get(), 0);
    }
}
