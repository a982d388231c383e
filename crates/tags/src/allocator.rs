//! tree-sitter's C heap: what is taken from it tells of the parser's work. Rust's `#[global_allocator]` does not reach it.
#![expect(unsafe_code, reason = "installs C functions, and tree-sitter says when that is sound")]

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::{Once, OnceLock};

use tree_sitter::Allocator;

use crate::arena;

/// What stands behind the functions that count, and gives what no arena has.
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
        // SAFETY: the functions pass on to those in force what is not of an arena, so memory of before and after is of one
        // family, and a thread that sees some of the four pointers old and some new is served alike: it has no arena.
        unsafe { install(Allocator { malloc, calloc, realloc, free }) };
    });
}

/// # Safety
/// What tree-sitter holds now is of this heap.
unsafe fn install(heap: Allocator) {
    if HEAP.set(heap).is_ok() {
        // SAFETY: as the caller vouches.
        unsafe { tree_sitter::set_allocator(Some(Allocator { malloc, calloc, realloc, free })) };
    }
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
        let heap = Allocator {
            malloc: mimalloc::malloc,
            calloc: mimalloc::calloc,
            realloc: mimalloc::realloc,
            free: libmimalloc_sys::mi_free,
        };
        // SAFETY: the four functions are mimalloc's, never return null and align as malloc does; the
        // caller vouches that tree-sitter is not in use yet.
        unsafe { install(heap) };
    });
}

thread_local! {
    /// A plain number without destructor: it can be used in any C function, at any time.
    static WORK: Cell<u64> = const { Cell::new(0) };
    /// The same.
    static ERRORS: Cell<u64> = const { Cell::new(0) };
}

/// What tree-sitter allocates for the summary of its stack that it makes at each error: a pointer and two numbers. Hardly anything
/// else has this size.
const SUMMARY: usize = size_of::<*mut c_void>() + 2 * size_of::<u32>();

/// Bytes that cost as much to fill as an allocation does by itself.
const PAGE: u64 = 512;

/// What this thread has allocated for tree-sitter, in allocations of less than a page.
pub(crate) fn work() -> u64 {
    WORK.get()
}

/// How many errors this thread's parsers have met, or somewhat more.
pub(crate) fn errors() -> u64 {
    ERRORS.get()
}

fn note(size: usize) {
    WORK.set(WORK.get().wrapping_add(1 + size as u64 / PAGE));
}

fn heap() -> &'static Allocator {
    HEAP.get().expect("it is set before the functions that ask for it are")
}

unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    note(size);
    if size == SUMMARY {
        ERRORS.set(ERRORS.get().wrapping_add(1));
    }
    // SAFETY: tree-sitter asks what it would have asked the function behind.
    arena::allocate(size).unwrap_or_else(|| unsafe { (heap().malloc)(size) })
}

unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    let bytes = count.saturating_mul(size);
    note(bytes);
    let Some(pointer) = arena::allocate(bytes) else {
        // SAFETY: as above.
        return unsafe { (heap().calloc)(count, size) };
    };
    // SAFETY: so many bytes were allocated for nobody else.
    unsafe { pointer.write_bytes(0, bytes) };
    pointer
}

unsafe extern "C" fn realloc(pointer: *mut c_void, size: usize) -> *mut c_void {
    if pointer.is_null() {
        // SAFETY: this is malloc, with any size.
        return unsafe { malloc(size) };
    }
    // SAFETY: tree-sitter passes what these functions or those behind gave it and was not freed.
    match unsafe { arena::stretch(pointer, size) } {
        None => {
            note(size);
            // SAFETY: the pointer is not of an arena, so it came from the functions behind.
            unsafe { (heap().realloc)(pointer, size) }
        }
        Some(had) if had >= size => {
            note(size);
            pointer
        }
        Some(had) => {
            // SAFETY: any size.
            let larger = unsafe { malloc(size) };
            // SAFETY: both are as long as that and apart, since the old one is not freed.
            unsafe { larger.copy_from_nonoverlapping(pointer, had) };
            larger
        }
    }
}

unsafe extern "C" fn free(pointer: *mut c_void) {
    // SAFETY: tree-sitter passes null, or what these functions or those behind gave it and was not freed.
    if !unsafe { arena::free(pointer) } {
        // SAFETY: as above, and it is not of an arena.
        unsafe { (heap().free)(pointer) };
    }
}

#[cfg(feature = "mimalloc")]
mod mimalloc {
    use std::ffi::c_void;

    use libmimalloc_sys::{mi_malloc, mi_realloc, mi_zalloc};

    /// tree-sitter does not check for null.
    fn or_abort(pointer: *mut c_void) -> *mut c_void {
        if pointer.is_null() {
            std::process::abort();
        }
        pointer
    }

    pub(super) unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
        // SAFETY: mi_malloc takes any size.
        or_abort(unsafe { mi_malloc(size) })
    }

    pub(super) unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
        let Some(bytes) = count.checked_mul(size) else { std::process::abort() };
        // SAFETY: mi_zalloc takes any size.
        or_abort(unsafe { mi_zalloc(bytes) })
    }

    pub(super) unsafe extern "C" fn realloc(pointer: *mut c_void, size: usize) -> *mut c_void {
        // SAFETY: tree-sitter passes null or a pointer that came from this allocator and was not freed.
        or_abort(unsafe { mi_realloc(pointer, size) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Allocate(usize, bool),
        Resize(usize, usize),
        Free(usize),
    }

    struct Object {
        pointer: *mut c_void,
        size: usize,
        byte: u8,
    }

    impl Object {
        fn fill(&mut self, byte: u8) {
            self.byte = byte;
            assert!(self.pointer.addr().is_multiple_of(if self.size < 16 { 8 } else { 16 }));
            // SAFETY: the object has this size.
            unsafe { self.pointer.write_bytes(byte, self.size) };
        }

        fn check(&self, size: usize) {
            // SAFETY: the object has at least this size and was filled.
            let bytes = unsafe { std::slice::from_raw_parts(self.pointer.cast::<u8>(), size) };
            assert_eq!(bytes[0], self.byte);
            // Each is like the one before it.
            assert!(bytes[1..] == bytes[..size - 1]);
        }
    }

    fn run(steps: &[Step]) {
        let mut objects: Vec<Object> = Vec::new();
        for (step, byte) in steps.iter().zip((1..=u8::MAX).cycle()) {
            match *step {
                Step::Allocate(size, zeroed) => {
                    let pointer = if zeroed {
                        // SAFETY: any size.
                        unsafe { calloc(size, 1) }
                    } else {
                        // SAFETY: any size.
                        unsafe { malloc(size) }
                    };
                    let mut object = Object { pointer, size, byte: 0 };
                    if zeroed {
                        object.check(size);
                    }
                    object.fill(byte);
                    objects.push(object);
                }
                Step::Resize(index, size) if !objects.is_empty() => {
                    let index = index % objects.len();
                    let object = &mut objects[index];
                    // SAFETY: it is from this allocator and not freed.
                    object.pointer = unsafe { realloc(object.pointer, size) };
                    object.check(object.size.min(size));
                    object.size = size;
                    object.fill(byte);
                }
                Step::Free(index) if !objects.is_empty() => {
                    let object = objects.swap_remove(index % objects.len());
                    object.check(object.size);
                    // SAFETY: it is from this allocator and not freed.
                    unsafe { free(object.pointer) };
                }
                Step::Resize(..) | Step::Free(_) => {}
            }
        }
        for object in objects {
            object.check(object.size);
            // SAFETY: it is from this allocator and not freed.
            unsafe { free(object.pointer) };
        }
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let size = || prop_oneof![8 => 1_usize..300, 2 => 300_usize..70_000, 1 => 1_000_000_usize..4_000_000];
        let step = prop_oneof![
            4 => (size(), any::<bool>()).prop_map(|(size, zeroed)| Step::Allocate(size, zeroed)),
            2 => (any::<usize>(), size()).prop_map(|(index, size)| Step::Resize(index, size)),
            2 => any::<usize>().prop_map(Step::Free),
        ];
        proptest::collection::vec(step, 0..60)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn objects_keep_their_bytes_in_the_arena_and_beyond_it(steps in steps()) {
            count();
            run(&steps);
            // SAFETY: all that the steps allocate they free.
            unsafe { arena::with(|| run(&steps)) };
            run(&steps);
        }
    }
}
