//! What a `fork` must not fall into: a child in which the one thread is missing that makes what everybody waits for would wait for ever.
//!
//! Grammars' queries are compiled when they are first needed, once a process. The standard library takes a lock of the whole process for a
//! moment where a thread begins and where it ends. A `fork` waits until such work is done.

use std::cell::Cell;
use std::io;
#[cfg(unix)]
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{Builder, JoinHandle, Scope, ScopedJoinHandle};
use std::time::Duration;

/// How many threads are at such work; and whether one of them waits to fork, in the highest bit.
static INSIDE: AtomicU32 = AtomicU32::new(0);
const FORKING: u32 = 1 << 31;

const PAUSE: Duration = Duration::from_micros(100);

thread_local! {
    /// How often this thread is at such work, one in the other.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Given back by the last that runs on a thread, after the lock of its end.
    static ENDING: Cell<Option<Held>> = const { Cell::new(None) };
}

/// Does work during which no other thread forks the process: for what is made once, under a lock, and for all.
pub fn hold_forks<R>(work: impl FnOnce() -> R) -> R {
    watch();
    let _inside = Inside::enter();
    work()
}

/// Starts a thread that no child of a `fork` waits for: forks wait while it begins and while it ends, and not while it works.
///
/// # Errors
/// Where the system gives no thread.
pub fn start_thread<T: Send + 'static>(
    builder: Builder,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    builder.spawn(held_at_its_ends(work))
}

/// As [`start_thread`], for a thread that borrows.
///
/// # Errors
/// Where the system gives no thread.
pub fn start_scoped_thread<'scope, T: Send + 'scope>(
    builder: Builder,
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    builder.spawn_scoped(scope, held_at_its_ends(work))
}

fn held_at_its_ends<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    watch();
    let beginning = Held::new();
    move || {
        drop(beginning);
        let _ending = Ending;
        work()
    }
}

/// At the end of a thread's work, also of one that panicked.
struct Ending;

impl Drop for Ending {
    fn drop(&mut self) {
        ENDING.set(Some(Held::new()));
    }
}

/// While there is one no other thread forks.
struct Held;

impl Held {
    fn new() -> Self {
        loop {
            let inside = INSIDE.load(Ordering::SeqCst);
            // Who is at work already must come to its end: the fork waits for that.
            if inside & FORKING != 0 && DEPTH.get() == 0 {
                std::thread::sleep(PAUSE);
            } else if INSIDE.compare_exchange(inside, inside + 1, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            {
                return Self;
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One that its own thread counts.
struct Inside(Held);

impl Inside {
    fn enter() -> Self {
        let held = Held::new();
        DEPTH.set(DEPTH.get() + 1);
        Self(held)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
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
    fn a_fork_waits_while_a_thread_begins_and_ends_and_not_while_it_works() {
        let (work, is_at_work) = (std::sync::Barrier::new(2), std::sync::Barrier::new(2));
        for _ in 0..100 {
            std::thread::scope(|scope| {
                let thread = start_scoped_thread(Builder::new(), scope, || {
                    is_at_work.wait();
                    work.wait();
                    DEPTH.get()
                });
                is_at_work.wait();
                close();
                open();
                work.wait();
                assert_eq!(thread.unwrap().join().unwrap(), 0);
            });
            let panicked = start_thread(Builder::new(), || std::panic::resume_unwind(Box::new(())));
            assert!(panicked.unwrap().join().is_err());
        }
        // All that was taken was given back.
        close();
        open();
    }

    #[test]
    fn a_thread_that_the_system_does_not_give_holds_no_fork() {
        let refused = start_thread(Builder::new().stack_size(usize::MAX >> 4), || ());
        assert!(refused.is_err());
        close();
        open();
    }

    #[test]
    fn a_thread_may_fork_in_the_middle_of_its_own_work() {
        hold_forks(|| hold_forks(|| DEPTH.with(|depth| assert_eq!(depth.get(), 2))));
        assert_eq!(DEPTH.get(), 0);
    }
}
