//! Packs on a server: their bytes in parts, each a record like all others, and a head that names them. So what is sealed, signed, refused and
//! counted of records holds for packs, and no engine knows of them.

use repo_map_cache_core::Key;

use super::{Pack, PackId};
use crate::tier::RemoteTier;

const MARK: &[u8; 8] = b"rmpkhead";
const VERSION: u16 = 1;
const HEADER: usize = 52;

/// What a part has at most, in bytes.
const PART: usize = 4 << 20;
/// Parts of a pack: 4 GiB.
const MOST_PARTS: usize = 1 << 10;

/// What a server has of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackHead {
    /// What tells it from others.
    pub id: PackId,
    /// Its size in bytes.
    pub bytes: u64,
    /// The key of its base's head, where records were left to one.
    pub base: Option<Key>,
    /// The hashes of its parts.
    parts: Vec<[u8; 32]>,
}

impl PackHead {
    fn of(pack: &[u8], id: PackId, base: Option<Key>) -> Self {
        let parts = pack.chunks(PART).map(|part| *blake3::hash(part).as_bytes()).collect();
        Self { id, bytes: pack.len() as u64, base, parts }
    }

    /// 8 bytes of a mark, 2 of a version, 1 for whether there is a base, 1 of zero, 8 of a length, 32 of a mark of the pack; the base's key, where
    /// there is one; the hashes of the parts.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&[u8::from(self.base.is_some()), 0]);
        bytes.extend_from_slice(&self.bytes.to_le_bytes());
        bytes.extend_from_slice(&self.id);
        self.base.iter().for_each(|base| bytes.extend_from_slice(base.as_bytes()));
        self.parts.iter().for_each(|part| bytes.extend_from_slice(part));
        bytes
    }

    /// `None` for what is no head of this version, or names other parts than its length has.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (header, rest) = bytes.split_first_chunk::<HEADER>()?;
        let version = u16::from_le_bytes([header[8], header[9]]);
        if !header.starts_with(MARK) || version != VERSION || header[10] > 1 || header[11] != 0 {
            return None;
        }
        let (base, rest) = match header[10] {
            0 => (None, rest),
            _ => rest.split_first_chunk::<32>().map(|(base, rest)| (Some(Key::new(*base)), rest))?,
        };
        let length = u64::from_le_bytes(header[12..20].try_into().ok()?);
        let (parts, odd) = rest.as_chunks::<32>();
        let is_even = odd.is_empty() && length.div_ceil(PART as u64) == parts.len() as u64;
        let id = header[20..52].try_into().ok()?;
        (is_even && parts.len() <= MOST_PARTS).then(|| Self {
            id,
            bytes: length,
            base,
            parts: parts.to_vec(),
        })
    }
}

/// The first of these keys that a server has the head of a pack of, with its place among them. Costs one batch.
///
/// # Errors
/// A line, where the server cannot be asked.
pub fn nearest_pack(tier: &RemoteTier, heads: &[Key]) -> Result<Option<(usize, PackHead)>, String> {
    let found = tier.fetch(heads);
    answered(tier)?;
    let read = |(at, head): (usize, Option<Vec<u8>>)| Some((at, PackHead::from_bytes(&head?)?));
    Ok(found.into_iter().enumerate().find_map(read))
}

/// The pack of a head, in memory. Costs a request for each 4 MiB.
///
/// # Errors
/// A line, where the server cannot be asked, or has not all of it.
pub fn fetch_pack(tier: &RemoteTier, head: &PackHead, shown: &str) -> Result<Pack, String> {
    let lacks = || format!("the server has no longer all of {shown}");
    let mut bytes = Vec::new();
    for hash in &head.parts {
        let part = tier.fetch(&[key(hash)]).pop().flatten();
        answered(tier)?;
        let part = part.filter(|part| part.len() <= PART && blake3::hash(part) == *hash);
        bytes.extend_from_slice(&part.ok_or_else(lacks)?);
    }
    let pack = Pack::of_bytes(shown, bytes)?;
    let is_it = pack.id() == head.id && pack.bytes() == head.bytes;
    if is_it { Ok(pack) } else { Err(lacks()) }
}

/// Stores a pack under a key, its head when all else is there.
///
/// # Errors
/// A line, where the server takes it not, or not all.
pub fn store_pack(
    tier: &RemoteTier,
    at: &Key,
    pack: &[u8],
    id: PackId,
    base: Option<Key>,
) -> Result<(), String> {
    let head = PackHead::of(pack, id, base);
    if head.parts.len() > MOST_PARTS {
        return Err("the pack is larger than 4 GiB, and no server is given such".to_owned());
    }
    let parts = head.parts.iter().map(key).zip(pack.chunks(PART));
    for (key, part) in parts.chain([(*at, &head.to_bytes()[..])]) {
        let before = tier.statistics().stored;
        tier.put(&key, part);
        tier.flush();
        if tier.statistics().stored == before {
            let refused = || "the shared cache did not take all of the pack".to_owned();
            return Err(tier.take_warning().unwrap_or_else(refused));
        }
    }
    Ok(())
}

/// Of equal bytes a server has one.
fn key(hash: &[u8; 32]) -> Key {
    Key::new(blake3::derive_key("repo-map-cache 2026-11-30 part of a pack", hash))
}

fn answered(tier: &RemoteTier) -> Result<(), String> {
    match tier.is_asked() {
        true => Ok(()),
        false => Err(tier.take_warning().unwrap_or_else(|| "the shared cache answers too slowly".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_that_was_cut_or_changed_in_its_numbers_is_none() {
        let pack = vec![7; PART + 1];
        for base in [None, Some(Key::new([5; 32]))] {
            let head = PackHead::of(&pack, [3; 32], base);
            let bytes = head.to_bytes();
            assert_eq!(PackHead::from_bytes(&bytes), Some(head));
            for end in 0..bytes.len() {
                assert_eq!(PackHead::from_bytes(&bytes[..end]), None, "{end}");
            }
            for at in 0..12 {
                let mut changed = bytes.clone();
                changed[at] ^= 1;
                assert_eq!(PackHead::from_bytes(&changed), None, "{at}");
            }
            let mut longer = bytes.clone();
            longer[16] = 1;
            assert_eq!(PackHead::from_bytes(&longer), None, "a length that the parts have not");
        }
    }
}
