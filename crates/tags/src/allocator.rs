//! tree-sitter's C heap: what is taken from it tells of the parser's work. Rust's `#[global_allocator]` does not reach it.
#![expect(unsafe_code, reason = "installs C functions, and tree-sitter says when that is sound")]

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::{Once, OnceLock};

use tree_sitter::Allocator;

/// What stands behind the counting functions.
static HEAP: OnceLock<Allocator> = OnceLock::new();
static COUNTED: Once = Once::new();

unsafe extern "C" {
    // Of tree-sitter's alloc.h: the functions in force.
    static mut ts_current_malloc: unsafe extern "C" fn(usize) -> *mut c_void;
    static mut ts_current_calloc: unsafe extern "C" fn(usize, usize) -> *mut c_void;
    static mut ts_current_realloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void;
    static mut ts_current_free: unsafe extern "C" fn(*mut c_void);
}

/// Puts a count before the heap that tree-sitter has, whoever gave it, once a process.
///
/// No pointer changes hands by it: what was allocated before is freed by the same function as what is allocated after.
pub(crate) fn count() {
    COUNTED.call_once(|| {
        // SAFETY: tree-sitter sets these four pointers when the program is loaded, and only `set_allocator` changes them, which
        // its callers run before any other use of tree-sitter. The same holds for the three below.
        let malloc = unsafe { ts_current_malloc };
        // SAFETY: see above.
        let calloc = unsafe { ts_current_calloc };
        // SAFETY: see above.
        let realloc = unsafe { ts_current_realloc };
        // SAFETY: see above.
        let free = unsafe { ts_current_free };
        if HEAP.set(Allocator { malloc, calloc, realloc, free }).is_ok() {
            let counting =
                Allocator { malloc: counted_malloc, calloc: counted_calloc, realloc: counted_realloc, free };
            // SAFETY: the functions pass everything on to those in force, so memory of before and after is of one family,
            // and a thread that sees some of the four pointers old and some new is served alike.
            unsafe { tree_sitter::set_allocator(Some(counting)) };
        }
    });
}

/// Makes tree-sitter allocate with mimalloc: parsing costs about 23 % less CPU time.
///
/// For the first lines of a program's `main`; a library leaves the choice to its host.
///
/// # Safety
/// No tree-sitter object may exist in the process and no other thread may use tree-sitter while this
/// runs: call it before [`extract`](crate::extract), before [`Language::fingerprint`](crate::Language::fingerprint)
/// and before anything else that parses.
#[cfg(feature = "mimalloc")]
pub unsafe fn use_mimalloc() {
    COUNTED.call_once(|| {
        let allocator = Allocator {
            malloc: mimalloc::malloc,
            calloc: mimalloc::calloc,
            realloc: mimalloc::realloc,
            free: libmimalloc_sys::mi_free,
        };
        // SAFETY: the four functions are mimalloc's, never return null and align as malloc does; the
        // caller vouches that tree-sitter is not in use yet.
        unsafe { tree_sitter::set_allocator(Some(allocator)) };
    });
}

thread_local! {
    /// A plain number without destructor: it can be used in any C function, at any time.
    static WORK: Cell<u64> = const { Cell::new(0) };
}

/// Bytes that cost as much to fill as an allocation does by itself.
const PAGE: u64 = 4 << 10;

/// What this thread has allocated for tree-sitter, in allocations of less than a page.
pub(crate) fn work() -> u64 {
    WORK.get()
}

fn note(size: usize) {
    WORK.set(WORK.get().wrapping_add(1 + size as u64 / PAGE));
}

fn heap() -> &'static Allocator {
    HEAP.get().expect("it is set before the functions that ask for it are")
}

unsafe extern "C" fn counted_malloc(size: usize) -> *mut c_void {
    note(size);
    // SAFETY: tree-sitter asks what it would have asked the function behind.
    unsafe { (heap().malloc)(size) }
}

unsafe extern "C" fn counted_calloc(count: usize, size: usize) -> *mut c_void {
    note(count.saturating_mul(size));
    // SAFETY: as above.
    unsafe { (heap().calloc)(count, size) }
}

unsafe extern "C" fn counted_realloc(pointer: *mut c_void, size: usize) -> *mut c_void {
    note(size);
    // SAFETY: as above; the pointer came from the functions behind.
    unsafe { (heap().realloc)(pointer, size) }
}

#[cfg(feature = "mimalloc")]
mod mimalloc {
    use std::ffi::c_void;

    use libmimalloc_sys::{mi_malloc, mi_realloc, mi_zalloc};

    use super::note;

    /// tree-sitter does not check for null.
    fn or_abort(pointer: *mut c_void) -> *mut c_void {
        if pointer.is_null() {
            std::process::abort();
        }
        pointer
    }

    pub(super) unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
        note(size);
        // SAFETY: mi_malloc takes any size.
        or_abort(unsafe { mi_malloc(size) })
    }

    pub(super) unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
        let Some(bytes) = count.checked_mul(size) else { std::process::abort() };
        note(bytes);
        // SAFETY: mi_zalloc takes any size.
        or_abort(unsafe { mi_zalloc(bytes) })
    }

    pub(super) unsafe extern "C" fn realloc(pointer: *mut c_void, size: usize) -> *mut c_void {
        note(size);
        // SAFETY: tree-sitter passes null or a pointer that came from this allocator and was not freed.
        or_abort(unsafe { mi_realloc(pointer, size) })
    }
}
