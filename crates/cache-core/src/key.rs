use std::cmp::Ordering;
use std::fmt;

/// What a value is found by: 32 bytes, in practice a hash of everything that the value depends on.
///
/// The fixed length is part of the format: with values padded to a multiple of 8 it lets an engine place
/// every value on an 8-byte boundary. Keys order by their bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 32]);

/// A named table of a backend: equal keys of different keyspaces are different entries.
///
/// Names are lower-case ASCII letters, digits, `-` and `_`, 1 to 32 of them, so that each is also a
/// file name and a table name of every engine.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Keyspace(&'static str);

/// What a value was made by or from, beyond its key: a layout version, the state of a file.
///
/// It stands in the envelope and is compared on each read. A checksum alone cannot tell a value
/// from an older one that was stored under the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Key {
    /// The key of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the key.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Keyspace {
    /// The keyspace of that name; meant for constants.
    ///
    /// # Panics
    /// On a name that is no keyspace name: at compile time where the keyspace is a constant.
    pub const fn new(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty() && bytes.len() <= 32, "a keyspace name has 1 to 32 bytes");
        let mut at = 0;
        while at < bytes.len() {
            assert!(
                matches!(bytes[at], b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'),
                "a keyspace name is lower-case letters, digits, - and _"
            );
            at += 1;
        }
        Self(name)
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl Ord for Keyspace {
    /// By name. Most that are compared are one and the same constant.
    fn cmp(&self, other: &Self) -> Ordering {
        if std::ptr::eq(self.0, other.0) { Ordering::Equal } else { self.0.cmp(other.0) }
    }
}

impl PartialOrd for Keyspace {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Fingerprint {
    /// The fingerprint of that number.
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<[u8; 32]> for Key {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

impl fmt::Display for Keyspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for Keyspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyspace_name_is_a_file_name() {
        for bad in ["", "Tags", "a/b", "a b", "..", "ü", "abcdefghijklmnopqrstuvwxyz0123456"] {
            assert!(std::panic::catch_unwind(|| Keyspace::new(bad)).is_err(), "{bad:?}");
        }
        assert_eq!(Keyspace::new("tags-1_b").name(), "tags-1_b");
    }

    #[test]
    fn keys_order_by_their_bytes() {
        let mut high = [0; 32];
        high[0] = 1;
        let mut low = [0xff; 32];
        low[0] = 0;
        assert!(Key::new(low) < Key::new(high));
        assert!(Key::new(low).to_string().starts_with("00ffff"));
    }
}
