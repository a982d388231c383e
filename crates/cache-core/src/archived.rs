//! rkyv archives, read where they lie.

use rkyv::Portable;
use rkyv::api::high::HighValidator;
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor;
use rkyv::util::AlignedVec;

use crate::{Error, ErrorKind, Fingerprint, Key, Keyspace, Payload, ReadTxn, Rejected, Result};

/// Conveniences of a snapshot; implemented for each, and by nobody else.
pub trait ReadTxnExt: ReadTxn {
    /// Hands over the archive of a key as its archived type: in place where the engine aligns its values, on an aligned
    /// copy elsewhere. `None` where nothing is stored, or something for another fingerprint.
    ///
    /// The checksum is verified first and the archive's structure after it, so no bytes make this
    /// panic. That check is what it costs: about half again as much as the checksum for a record of 50 tags.
    ///
    /// ```
    /// use repo_map_cache_core::{Fingerprint, Key, Keyspace, MemoryBackend, ReadTxnExt, StorageBackend, seal};
    ///
    /// const POINTS: Keyspace = Keyspace::new("points");
    /// let (key, version) = (Key::new([1; 32]), Fingerprint::new(1));
    /// let archive = rkyv::to_bytes::<rkyv::rancor::Error>(&(3u32, 4u32))?;
    /// let backend = MemoryBackend::new();
    /// let mut write = backend.write()?;
    /// write.put(POINTS, &key, &seal(&key, version, &archive))?;
    /// write.commit()?;
    ///
    /// type Point = rkyv::Archived<(u32, u32)>;
    /// let read = backend.read()?;
    /// let sum = read.get_archived(POINTS, &key, version, |point: &Point| point.0 + point.1)?;
    /// assert_eq!(sum, Some(7));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`ReadTxn::get`]; [`Corrupt`](ErrorKind::Corrupt) where the bytes are damaged or no such archive.
    fn get_archived<T, R>(
        &self,
        keyspace: Keyspace,
        key: &Key,
        fingerprint: Fingerprint,
        visit: impl FnOnce(&T) -> R,
    ) -> Result<Option<R>>
    where
        T: Portable + for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
    {
        let corrupt = || Error::new(ErrorKind::Corrupt, "archive", "read");
        let Some(sealed) = self.get(keyspace, key)? else { return Ok(None) };
        match Payload::stored(key, fingerprint, sealed) {
            Ok(payload) => payload.archived(visit).map(Some).ok_or_else(corrupt),
            Err(Rejected::Stale) => Ok(None),
            Err(Rejected::Corrupt) => Err(corrupt()),
        }
    }
}

impl<R: ReadTxn + ?Sized> ReadTxnExt for R {}

impl Payload<'_> {
    /// Hands over the archive that the bytes are: in place where they are aligned, on an aligned copy elsewhere. `None` for
    /// bytes that are no archive of that type.
    pub fn archived<T, R>(&self, visit: impl FnOnce(&T) -> R) -> Option<R>
    where
        T: Portable + for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
    {
        if self.is_aligned() {
            rkyv::access::<T, rancor::Error>(self).ok().map(visit)
        } else {
            let mut copy: AlignedVec = AlignedVec::with_capacity(self.len());
            copy.extend_from_slice(self);
            rkyv::access::<T, rancor::Error>(&copy).ok().map(visit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryBackend, StorageBackend, seal};

    const SPACE: Keyspace = Keyspace::new("space");
    const KEY: Key = Key::new([1; 32]);
    const VERSION: Fingerprint = Fingerprint::new(1);

    fn with(payload: &[u8]) -> MemoryBackend {
        let backend = MemoryBackend::new();
        let mut write = backend.write().unwrap();
        write.put(SPACE, &KEY, &seal(&KEY, VERSION, payload)).unwrap();
        write.commit().unwrap();
        backend
    }

    fn names(backend: &MemoryBackend, key: &Key, version: Fingerprint) -> Result<Option<Vec<String>>> {
        let read = backend.read()?;
        read.get_archived(SPACE, key, version, |names: &rkyv::Archived<Vec<String>>| {
            names.iter().map(ToString::to_string).collect()
        })
    }

    #[test]
    fn an_archive_is_read_for_its_fingerprint_alone() {
        let value = vec!["a name that is not stored inline".to_owned(), String::new()];
        let backend = with(&rkyv::to_bytes::<rancor::Error>(&value).unwrap());
        assert_eq!(names(&backend, &KEY, VERSION).unwrap(), Some(value));
        assert_eq!(names(&backend, &KEY, Fingerprint::new(2)).unwrap(), None);
        assert_eq!(names(&backend, &Key::new([2; 32]), VERSION).unwrap(), None);
    }

    #[test]
    fn foreign_bytes_are_corrupt_and_do_no_harm() {
        for payload in [&b""[..], b"x", &[0xff; 64], &[7; 4096]] {
            let error = names(&with(payload), &KEY, VERSION).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupt);
        }
    }

    #[test]
    fn an_archive_at_an_odd_address_is_copied() {
        let value = vec!["a name that is not stored inline".to_owned()];
        let sealed = seal(&KEY, VERSION, &rkyv::to_bytes::<rancor::Error>(&value).unwrap());
        let mut shifted = vec![0; sealed.len() + 8];
        let odd = (shifted.as_ptr().align_offset(8) + 1) % 8;
        shifted[odd..odd + sealed.len()].copy_from_slice(&sealed);
        let payload = Payload::stored(&KEY, VERSION, shifted[odd..odd + sealed.len()].into()).unwrap();
        assert!(!payload.is_aligned());
        let read = payload.archived(|names: &rkyv::Archived<Vec<String>>| names[0].to_string());
        assert_eq!(read, Some(value[0].clone()));
    }
}
