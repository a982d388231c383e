//! Windows lets a program commit pages of a mapped file, which makes the file longer. Wine does not: it refuses, for
//! the file must be long enough before it is mapped (the cache sees to that) and its pages then are committed already.
//! LMDB, which commits each page before it uses it, would never write. So this program's `VirtualAlloc` takes it for done
//! where all of the pages are committed as it is.
//!
//! The C code calls system functions through pointers that the linker fills in; this is one of them, defined here.

use std::ffi::c_void;

const MEM_COMMIT: u32 = 0x1000;

type VirtualAlloc = unsafe extern "system" fn(*mut c_void, usize, u32, u32) -> *mut c_void;

// SAFETY: the name is that of the pointer to a function of this type.
#[used]
#[unsafe(export_name = "__imp_VirtualAlloc")]
static VIRTUAL_ALLOC: VirtualAlloc = virtual_alloc;

/// What the system says of a range of pages.
#[repr(C)]
struct Pages {
    start: *mut c_void,
    _allocation: *mut c_void,
    _allocated_as: u32,
    _partition: u16,
    length: usize,
    state: u32,
    _protection: u32,
    _kind: u32,
}

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetCurrentProcess() -> *mut c_void;
    fn GetLastError() -> u32;
    fn SetLastError(error: u32);
    fn VirtualAllocEx(
        process: *mut c_void,
        at: *mut c_void,
        length: usize,
        kind: u32,
        protection: u32,
    ) -> *mut c_void;
    fn VirtualQuery(at: *const c_void, pages: *mut Pages, size: usize) -> usize;
}

/// # Safety
/// As `VirtualAlloc`.
unsafe extern "system" fn virtual_alloc(
    at: *mut c_void,
    length: usize,
    kind: u32,
    protection: u32,
) -> *mut c_void {
    // SAFETY: it has no conditions.
    let process = unsafe { GetCurrentProcess() };
    // SAFETY: `VirtualAlloc` is this function for the own process.
    let allocated = unsafe { VirtualAllocEx(process, at, length, kind, protection) };
    if !allocated.is_null() || kind != MEM_COMMIT || at.is_null() {
        return allocated;
    }
    // SAFETY: it has no conditions.
    let error = unsafe { GetLastError() };
    let mut pages = std::mem::MaybeUninit::<Pages>::zeroed();
    // SAFETY: it writes no more than the size that it is given, and looks at no page.
    let written = unsafe { VirtualQuery(at, pages.as_mut_ptr(), size_of::<Pages>()) };
    // SAFETY: any bytes are numbers and pointers.
    let pages = unsafe { pages.assume_init() };
    let end = (pages.start as usize).saturating_add(pages.length);
    if written > 0 && pages.state == MEM_COMMIT && end >= (at as usize).saturating_add(length) {
        return at;
    }
    // SAFETY: it has no conditions.
    unsafe { SetLastError(error) };
    allocated
}
