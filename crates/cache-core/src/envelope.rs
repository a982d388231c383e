//! The bytes around each stored value.
//!
//! ```text
//! 0   8 bytes  XXH3-64 of everything from byte 8 on, seeded by the XXH3-64 of the key
//! 8   8 bytes  fingerprint
//! 16  8 bytes  length of the payload
//! 24  payload, then zeroes up to a multiple of 8
//! ```
//!
//! Numbers are little-endian. The length of the whole is a multiple of 8 and so is the payload's offset.

use twox_hash::XxHash3_64;

use crate::{Fingerprint, Key};

/// The bytes before the payload.
pub const ENVELOPE_HEADER: usize = 24;

/// Why sealed bytes are no value of that key and fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rejected {
    /// The bytes are whole and were stored under this key, for another fingerprint.
    Stale,
    /// The bytes are not what was stored under this key.
    Corrupt,
}

/// Puts the envelope around a payload. One allocation, one pass of XXH3 (about 20 GB/s).
pub fn seal(key: &Key, fingerprint: Fingerprint, payload: &[u8]) -> Vec<u8> {
    let length = sealed_len(payload);
    let mut sealed = Vec::with_capacity(length);
    sealed.extend_from_slice(&[0; 8]);
    sealed.extend_from_slice(&fingerprint.get().to_le_bytes());
    sealed.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    sealed.extend_from_slice(payload);
    sealed.resize(length, 0);
    let checksum = checksum(key, &sealed);
    sealed[..8].copy_from_slice(&checksum.to_le_bytes());
    sealed
}

/// The length of a payload's envelope.
pub(crate) fn sealed_len(payload: &[u8]) -> usize {
    ENVELOPE_HEADER + payload.len().next_multiple_of(8)
}

/// The payload of sealed bytes, once the checksum and the fingerprint hold.
///
/// # Errors
/// [`Rejected::Corrupt`] before [`Rejected::Stale`]: a fingerprint means something only in whole bytes.
pub fn open<'a>(key: &Key, fingerprint: Fingerprint, sealed: &'a [u8]) -> Result<&'a [u8], Rejected> {
    let length = verify(key, fingerprint, sealed)?;
    Ok(&sealed[ENVELOPE_HEADER..ENVELOPE_HEADER + length])
}

/// The length of the payload of sealed bytes that hold.
pub(crate) fn verify(key: &Key, fingerprint: Fingerprint, sealed: &[u8]) -> Result<usize, Rejected> {
    if sealed.len() < ENVELOPE_HEADER || number(sealed, 0) != checksum(key, sealed) {
        return Err(Rejected::Corrupt);
    }
    let length = usize::try_from(number(sealed, 16)).map_err(|_| Rejected::Corrupt)?;
    let padded = length.checked_next_multiple_of(8).ok_or(Rejected::Corrupt)?;
    if padded != sealed.len() - ENVELOPE_HEADER {
        return Err(Rejected::Corrupt);
    }
    if number(sealed, 8) != fingerprint.get() {
        return Err(Rejected::Stale);
    }
    Ok(length)
}

/// What sealed bytes say that they were stored for; means something only once they [verify](verify).
pub(crate) fn claimed(sealed: &[u8]) -> Fingerprint {
    Fingerprint::new(if sealed.len() < ENVELOPE_HEADER { 0 } else { number(sealed, 8) })
}

fn checksum(key: &Key, sealed: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(XxHash3_64::oneshot(key.as_bytes()), &sealed[8..])
}

fn number(bytes: &[u8], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: Key = Key::new([9; 32]);
    const VERSION: Fingerprint = Fingerprint::new(0x0102_0304_0506_0708);

    #[test]
    fn the_bytes_stay_as_they_are() {
        let sealed = seal(&KEY, VERSION, b"payload!+");
        let (checksum, rest) = sealed.split_at(8);
        assert_eq!(rest[..16], [8, 7, 6, 5, 4, 3, 2, 1, 9, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(&rest[16..], b"payload!+\0\0\0\0\0\0\0");
        assert_eq!(checksum, [212, 243, 150, 87, 213, 18, 225, 47]);
    }

    #[test]
    fn short_and_empty_bytes_are_corrupt() {
        for length in 0..ENVELOPE_HEADER {
            assert_eq!(open(&KEY, VERSION, &vec![0; length]), Err(Rejected::Corrupt));
        }
    }

    #[test]
    fn a_whole_value_of_another_fingerprint_is_stale() {
        let sealed = seal(&KEY, VERSION, b"x");
        assert_eq!(open(&KEY, Fingerprint::new(1), &sealed), Err(Rejected::Stale));
        assert_eq!(open(&Key::new([8; 32]), VERSION, &sealed), Err(Rejected::Corrupt));
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(payload: Vec<u8>, key: [u8; 32], fingerprint: u64) {
            let (key, fingerprint) = (Key::new(key), Fingerprint::new(fingerprint));
            let sealed = seal(&key, fingerprint, &payload);
            prop_assert_eq!(sealed.len() % 8, 0);
            prop_assert_eq!(open(&key, fingerprint, &sealed), Ok(&payload[..]));
        }

        #[test]
        fn any_changed_bit_is_corrupt(payload: Vec<u8>, at: prop::sample::Index, bit in 0..8u8) {
            let mut sealed = seal(&KEY, VERSION, &payload);
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(open(&KEY, VERSION, &sealed), Err(Rejected::Corrupt));
        }

        #[test]
        fn any_other_length_is_corrupt(payload: Vec<u8>, at: prop::sample::Index, more: Vec<u8>) {
            let sealed = seal(&KEY, VERSION, &payload);
            prop_assert_eq!(open(&KEY, VERSION, &sealed[..at.index(sealed.len())]), Err(Rejected::Corrupt));
            if !more.is_empty() {
                let longer = [&sealed[..], &more].concat();
                prop_assert_eq!(open(&KEY, VERSION, &longer), Err(Rejected::Corrupt));
            }
        }
    }
}
