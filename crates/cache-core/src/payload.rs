use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::envelope::{ENVELOPE_HEADER, verify};
use crate::{Fingerprint, Key, Rejected};

/// The verified bytes of a value, without its envelope: borrowed from the engine where the engine lends them.
#[derive(Clone)]
pub struct Payload<'a> {
    sealed: Sealed<'a>,
    length: usize,
}

#[derive(Clone)]
enum Sealed<'a> {
    Stored(Cow<'a, [u8]>),
    Pending(Arc<[u8]>),
}

impl<'a> Payload<'a> {
    pub(crate) fn stored(
        key: &Key,
        fingerprint: Fingerprint,
        sealed: Cow<'a, [u8]>,
    ) -> Result<Self, Rejected> {
        let length = verify(key, fingerprint, &sealed)?;
        Ok(Self { sealed: Sealed::Stored(sealed), length })
    }

    pub(crate) fn pending(key: &Key, fingerprint: Fingerprint, sealed: Arc<[u8]>) -> Result<Self, Rejected> {
        let length = verify(key, fingerprint, &sealed)?;
        Ok(Self { sealed: Sealed::Pending(sealed), length })
    }

    /// Whether the bytes begin at a multiple of 8 in memory: the promise that an archive needs to be read in
    /// place. It holds for engines that align their values; for others, copy into an aligned buffer first.
    pub fn is_aligned(&self) -> bool {
        self.as_ptr().addr().is_multiple_of(8)
    }

    /// Whether the bytes are the engine's own, not a copy.
    pub fn is_borrowed(&self) -> bool {
        matches!(self.sealed, Sealed::Stored(Cow::Borrowed(_)))
    }
}

impl Deref for Payload<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let sealed: &[u8] = match &self.sealed {
            Sealed::Stored(bytes) => bytes,
            Sealed::Pending(bytes) => bytes,
        };
        &sealed[ENVELOPE_HEADER..ENVELOPE_HEADER + self.length]
    }
}

impl AsRef<[u8]> for Payload<'_> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload")
            .field("length", &self.length)
            .field("borrowed", &self.is_borrowed())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal;

    #[test]
    fn the_bytes_are_the_payload_wherever_they_lie() {
        let (key, version) = (Key::new([1; 32]), Fingerprint::new(2));
        let sealed = seal(&key, version, b"abc");
        let borrowed = Payload::stored(&key, version, Cow::Borrowed(&sealed)).unwrap();
        let owned = Payload::stored(&key, version, Cow::Owned(sealed.clone())).unwrap();
        let pending = Payload::pending(&key, version, sealed.clone().into()).unwrap();
        for payload in [&borrowed, &owned, &pending] {
            assert_eq!(payload.as_ref(), b"abc");
        }
        assert_eq!(
            [borrowed.is_borrowed(), owned.is_borrowed(), pending.is_borrowed()],
            [true, false, false]
        );
    }

    #[test]
    fn an_odd_address_is_not_aligned() {
        let (key, version) = (Key::new([1; 32]), Fingerprint::new(2));
        let sealed = seal(&key, version, b"abc");
        let mut shifted = vec![0; sealed.len() + 8];
        let aligned = shifted.as_ptr().align_offset(8);
        for shift in 0..8 {
            let at = (aligned + shift) % 8;
            shifted[at..at + sealed.len()].copy_from_slice(&sealed);
            let payload =
                Payload::stored(&key, version, Cow::Borrowed(&shifted[at..at + sealed.len()])).unwrap();
            assert_eq!(payload.is_aligned(), shift == 0);
        }
    }
}
