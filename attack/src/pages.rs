//! Values in the data file of a store, found by their checksums and changed under right ones.

use twox_hash::XxHash3_64;

/// Where a value stands in the file, and its key.
pub(crate) struct Value {
    pub(crate) key: [u8; 32],
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What stands before the payload of a value: checksum, fingerprint, length.
pub(crate) const HEADER: usize = 24;

const PAGE: usize = 4096;

/// All values of all tables whose checksum is right, by a look at every leaf page, whether it is in use or not.
pub(crate) fn values(file: &[u8]) -> Vec<Value> {
    let mut found = Vec::new();
    for (number, page) in file.chunks_exact(PAGE).enumerate() {
        let number16 = |at: usize| u16::from_le_bytes([page[at], page[at + 1]]) as usize;
        let (flags, lower) = (number16(10), number16(12));
        if flags & 2 == 0 || !(16..=PAGE).contains(&lower) {
            continue;
        }
        for slot in (16..lower).step_by(2) {
            let node = number16(slot);
            if node + 40 > PAGE {
                continue;
            }
            let size = number16(node) | number16(node + 2) << 16;
            let (flags, key_size) = (number16(node + 4), number16(node + 6));
            let data = node + 8 + 32;
            if key_size != 32 || data + 8 > PAGE {
                continue;
            }
            let key: [u8; 32] = page[node + 8..data].try_into().expect("32 bytes");
            // A large value stands on pages of its own, after a header.
            let start = if flags & 1 == 0 {
                number * PAGE + data
            } else {
                let first = u64::from_le_bytes(page[data..data + 8].try_into().expect("8 bytes"));
                first as usize * PAGE + 16
            };
            let end = start.saturating_add(size);
            let is_whole = size >= HEADER && end <= file.len();
            if is_whole && file[start..start + 8] == checksum(&key, &file[start + 8..end]) {
                found.push(Value { key, start, end });
            }
        }
    }
    found
}

/// The checksum of what follows it in a value.
pub(crate) fn checksum(key: &[u8; 32], rest: &[u8]) -> [u8; 8] {
    XxHash3_64::oneshot_with_seed(XxHash3_64::oneshot(key), rest).to_le_bytes()
}

/// Gives a value that was changed the checksum that it must have.
pub(crate) fn seal(file: &mut [u8], value: &Value) {
    let sum = checksum(&value.key, &file[value.start + 8..value.end]);
    file[value.start..value.start + 8].copy_from_slice(&sum);
}

/// Puts one text in the place of another of its length, in all values; says in how many.
pub(crate) fn forge(file: &mut [u8], from: &[u8], to: &[u8]) -> usize {
    let mut forged = 0;
    for value in values(file) {
        let mut is_changed = false;
        for at in value.start + HEADER..(value.end + 1).saturating_sub(from.len()) {
            if file[at..].starts_with(from) {
                file[at..at + from.len()].copy_from_slice(to);
                is_changed = true;
            }
        }
        if is_changed {
            seal(file, &value);
            forged += 1;
        }
    }
    forged
}
