//! What tree-sitter allocates for one file, one object behind the other, and given back all at once.
//!
//! ```text
//! start            next                                  end
//!   │ size object … │ free                                │   what does not fit: the heap
//! ```
//!
//! A tree is made of many small objects that are used together and die together. Next to each other they are
//! nearer to the processor than in the lists of an allocator, and nobody has to go through the tree once more to
//! free it: parsing costs 9 % less.
#![expect(unsafe_code, reason = "gives C parts of one piece of memory")]

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr;

use tree_sitter::Tree;

/// What a thread keeps for its files. Source of 100 KB takes 3 to 4 MB.
const BYTES: usize = 8 << 20;

/// Before each object stands its size.
const HEADER: usize = size_of::<usize>();

/// As of malloc.
const ALIGNMENT: usize = 16;

/// Null, where no arena is open.
struct Arena {
    start: Cell<*mut u8>,
    /// Where the next header goes: the object behind it is aligned.
    next: Cell<*mut u8>,
    end: Cell<*mut u8>,
    /// Something did not fit.
    spilled: Cell<bool>,
}

thread_local! {
    /// Without destructor: it can be used in any C function, at any time.
    static ARENA: Arena = const {
        Arena {
            start: Cell::new(ptr::null_mut()),
            next: Cell::new(ptr::null_mut()),
            end: Cell::new(ptr::null_mut()),
            spilled: Cell::new(false),
        }
    };
    /// Never written as a list: its capacity is what the arena hands out.
    static MEMORY: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Does the work on one file; what tree-sitter allocates for it on this thread is gone when it is done.
///
/// # Safety
/// Nothing that tree-sitter allocates inside may be used afterwards, not even to be freed.
pub(crate) unsafe fn with<R>(work: impl FnOnce() -> R) -> R {
    struct Closed;
    impl Drop for Closed {
        fn drop(&mut self) {
            ARENA.with(|arena| arena.set(ptr::null_mut(), ptr::null_mut()));
        }
    }
    MEMORY.with_borrow_mut(|memory| {
        // Where memory is short, all comes from the heap.
        if memory.try_reserve_exact(BYTES).is_err() {
            return work();
        }
        let memory = memory.spare_capacity_mut().as_mut_ptr_range();
        let lead = memory.start.align_offset(ALIGNMENT) + ALIGNMENT - HEADER;
        ARENA.with(|arena| arena.set(memory.start.cast::<u8>().wrapping_add(lead), memory.end.cast()));
        let _closed = Closed;
        work()
    })
}

/// Frees the tree, or leaves it to the end of the arena that holds all of it.
pub(crate) fn discard(tree: Tree) {
    if ARENA.with(|arena| arena.next.get() > arena.start.get() && !arena.spilled.get()) {
        std::mem::forget(tree);
    }
}

/// Uninitialised memory in the arena; `None` where none is open or it is full.
pub(crate) fn allocate(size: usize) -> Option<*mut c_void> {
    ARENA.with(|arena| arena.allocate(size))
}

/// Frees what is in the arena; false for what is not.
///
/// # Safety
/// What is in the arena was allocated by it and is not used any more.
pub(crate) unsafe fn free(pointer: *mut c_void) -> bool {
    ARENA.with(|arena| {
        let pointer = pointer.cast::<u8>();
        let is_inside = arena.holds(pointer);
        // SAFETY: as the caller vouches.
        if is_inside && arena.is_last(pointer, unsafe { size(pointer) }) {
            arena.next.set(pointer.wrapping_sub(HEADER));
        }
        is_inside
    })
}

/// The size of what is in the arena, once it has at least `wanted` bytes or cannot have them where it is; `None`
/// for what is not in the arena.
///
/// # Safety
/// What is in the arena was allocated by it and is not freed.
pub(crate) unsafe fn stretch(pointer: *mut c_void, wanted: usize) -> Option<usize> {
    ARENA.with(|arena| {
        let pointer = pointer.cast::<u8>();
        if !arena.holds(pointer) {
            return None;
        }
        // SAFETY: as the caller vouches.
        let had = unsafe { size(pointer) };
        if wanted > had && arena.is_last(pointer, had) {
            arena.next.set(pointer.wrapping_sub(HEADER));
            if arena.allocate(wanted).is_some() {
                return Some(wanted);
            }
            arena.next.set(end(pointer, had));
        }
        Some(had)
    })
}

impl Arena {
    fn set(&self, start: *mut u8, end: *mut u8) {
        self.start.set(start);
        self.next.set(start);
        self.end.set(end);
        self.spilled.set(false);
    }

    fn holds(&self, pointer: *mut u8) -> bool {
        self.start.get() < pointer && pointer < self.end.get()
    }

    fn is_last(&self, pointer: *mut u8, size: usize) -> bool {
        end(pointer, size) == self.next.get()
    }

    fn allocate(&self, size: usize) -> Option<*mut c_void> {
        let next = self.next.get();
        let left = self.end.get().addr() - next.addr();
        if left < HEADER + ALIGNMENT || size > left - HEADER - ALIGNMENT {
            self.spilled.set(true);
            return None;
        }
        let pointer = next.wrapping_add(HEADER);
        // SAFETY: header and object are within the arena's memory, and the header is aligned: objects begin at
        // multiples of 16.
        unsafe { next.cast::<usize>().write(size) };
        self.next.set(end(pointer, size));
        Some(pointer.cast())
    }
}

/// Where the header behind an object stands.
fn end(pointer: *mut u8, size: usize) -> *mut u8 {
    pointer.wrapping_add((size + HEADER).next_multiple_of(ALIGNMENT) - HEADER)
}

/// # Safety
/// The pointer is of an object in an arena.
unsafe fn size(pointer: *mut u8) -> usize {
    // SAFETY: a header stands before each object.
    unsafe { pointer.wrapping_sub(HEADER).cast::<usize>().read() }
}
