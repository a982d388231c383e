//! Objects of packs: whole, or as changes of others.

use std::rc::Rc;

use gix_pack::data::Entry;
use gix_pack::data::entry::Header;
use gix_zlib::Status;

use super::packs::{Pack, Place};
use super::{Kind, Object, ObjectError, Objects};

/// Git makes no longer chains.
const MAX_DELTAS: usize = 4096;
/// What all steps of one chain may write: a text of a megabyte behind the usual fifty deltas writes fifty.
const MAX_CHAIN_BYTES: u64 = 512 << 20;

/// Changes of a base.
struct Delta {
    place: Place,
    entry: Entry,
}

/// Reads the object at a place.
pub(super) fn packed(
    objects: &mut Objects,
    place: Place,
    limit: usize,
    may_cut: bool,
) -> Result<Object, ObjectError> {
    let mut deltas: Vec<Delta> = Vec::new();
    // What is asked for stands at the end of the chain, so its size is known before any base is read.
    let mut last = None;
    let mut place = place;
    let (mut base, mut chain) = loop {
        if let Some((object, chain)) = objects.cache.packed(place.pack.number, place.offset) {
            break (object, chain);
        }
        let entry = entry(&place)?;
        if let Some(kind) = kind(&entry.header) {
            let is_asked = deltas.is_empty();
            let most = if is_asked { limit } else { Objects::MAX_BYTES };
            if is_asked && may_cut && entry.decompressed_size > limit as u64 {
                return beginning(objects, &place, &entry, kind, limit);
            }
            let object = Object { kind, data: Rc::new(whole(objects, &place, &entry, most)?) };
            objects.cache.put_packed(place.pack.number, place.offset, object.clone(), 0);
            break (object, 0);
        }
        if deltas.is_empty() {
            let delta = whole(objects, &place, &entry, Objects::MAX_BYTES)?;
            let (_, size, _) = sizes(&delta).ok_or(ObjectError::Damaged)?;
            let most = if may_cut { limit.saturating_mul(4) } else { limit };
            if size > most as u64 {
                return Err(ObjectError::TooLarge);
            }
            last = Some(delta);
        }
        if deltas.len() == MAX_DELTAS {
            return Err(ObjectError::TooLarge);
        }
        let next = base_of(&place, &entry)?;
        deltas.push(Delta { place, entry });
        place = next;
    };
    while let Some(Delta { place, entry }) = deltas.pop() {
        let delta = match last.take().filter(|_| deltas.is_empty()) {
            Some(delta) => delta,
            None => whole(objects, &place, &entry, Objects::MAX_BYTES)?,
        };
        let data = applied(&base.data, &delta)?;
        objects.work += data.len() as u64;
        chain += (data.len() + delta.len()) as u64;
        if chain > MAX_CHAIN_BYTES {
            return Err(ObjectError::TooLarge);
        }
        base = Object { kind: base.kind, data: Rc::new(data) };
        objects.cache.put_packed(place.pack.number, place.offset, base.clone(), chain);
    }
    if base.data.len() > limit {
        if !may_cut {
            return Err(ObjectError::TooLarge);
        }
        base.data = Rc::new(base.data[..limit].to_vec());
    }
    Ok(base)
}

fn entry(place: &Place) -> Result<Entry, ObjectError> {
    let data = &place.pack.data;
    if place.offset >= data.pack_end() as u64 {
        return Err(ObjectError::Damaged);
    }
    data.entry(place.offset).map_err(|_| ObjectError::Damaged)
}

fn kind(header: &Header) -> Option<Kind> {
    match header {
        Header::Commit => Some(Kind::Commit),
        Header::Tree => Some(Kind::Tree),
        Header::Blob => Some(Kind::Blob),
        Header::Tag => Some(Kind::Tag),
        Header::RefDelta { .. } | Header::OfsDelta { .. } => None,
    }
}

/// Where the base of a delta is: in the same pack.
fn base_of(place: &Place, entry: &Entry) -> Result<Place, ObjectError> {
    match entry.header {
        Header::OfsDelta { base_distance } => {
            let offset = place.offset.checked_sub(base_distance).filter(|_| base_distance > 0);
            let offset = offset.ok_or(ObjectError::Damaged)?;
            Ok(Place { pack: Rc::clone(&place.pack), offset })
        }
        Header::RefDelta { base_id } => Pack::find(&place.pack, &base_id).ok_or(ObjectError::Missing),
        _ => Err(ObjectError::Damaged),
    }
}

/// All bytes of an entry, as many as it says.
fn whole(objects: &mut Objects, place: &Place, entry: &Entry, most: usize) -> Result<Vec<u8>, ObjectError> {
    let size = usize::try_from(entry.decompressed_size).ok().filter(|size| *size <= most);
    let mut bytes = vec![0; size.ok_or(ObjectError::TooLarge)?];
    let inflate = &mut objects.inflate;
    place.pack.data.decompress_entry(entry, inflate, &mut bytes).map_err(|_| ObjectError::Damaged)?;
    objects.work += bytes.len() as u64;
    Ok(bytes)
}

/// The first bytes of an entry that has more.
fn beginning(
    objects: &mut Objects,
    place: &Place,
    entry: &Entry,
    kind: Kind,
    limit: usize,
) -> Result<Object, ObjectError> {
    let data = &place.pack.data;
    // What cannot be compressed grows a little.
    let end = (data.pack_end() as u64).min(entry.data_offset.saturating_add(limit as u64 * 2 + 1024));
    let input = data.entry_slice(entry.data_offset..end).ok_or(ObjectError::Damaged)?;
    let mut bytes = vec![0; limit];
    objects.inflate.reset();
    let (status, _, held) = objects.inflate.prefix(input, &mut bytes).map_err(|_| ObjectError::Damaged)?;
    objects.work += held as u64;
    if status == Status::StreamEnd || held != limit {
        return Err(ObjectError::Damaged);
    }
    Ok(Object { kind, data: Rc::new(bytes) })
}

/// The size of a delta's base, of its result, and where its instructions begin.
fn sizes(delta: &[u8]) -> Option<(u64, u64, usize)> {
    let mut rest = delta;
    let (base, result) = (size(&mut rest)?, size(&mut rest)?);
    Some((base, result, delta.len() - rest.len()))
}

fn size(bytes: &mut &[u8]) -> Option<u64> {
    let mut size = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        size |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(size);
        }
    }
    None
}

/// What a delta makes of its base. Grows as instructions are carried out.
fn applied(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, ObjectError> {
    let (base_size, size, start) = sizes(delta).ok_or(ObjectError::Damaged)?;
    if base_size != base.len() as u64 {
        return Err(ObjectError::Damaged);
    }
    let size = usize::try_from(size).ok().filter(|size| *size <= Objects::MAX_BYTES);
    let size = size.ok_or(ObjectError::TooLarge)?;
    let mut result = Vec::with_capacity(size);
    let mut rest = &delta[start..];
    while !rest.is_empty() {
        let bytes = instruction(base, &mut rest).ok_or(ObjectError::Damaged)?;
        if result.len() + bytes.len() > size {
            return Err(ObjectError::Damaged);
        }
        result.extend_from_slice(bytes);
    }
    if result.len() == size { Ok(result) } else { Err(ObjectError::Damaged) }
}

/// Takes an instruction off the front: the bytes that it adds.
fn instruction<'d>(base: &'d [u8], rest: &mut &'d [u8]) -> Option<&'d [u8]> {
    let (&command, after) = rest.split_first()?;
    *rest = after;
    if command & 0x80 == 0 {
        let (bytes, after) = rest.split_at_checked(command.into()).filter(|_| command > 0)?;
        *rest = after;
        return Some(bytes);
    }
    let mut number = |first: u32, bytes: u32| -> Option<usize> {
        let mut value = 0_usize;
        for at in 0..bytes {
            if command >> (first + at) & 1 == 1 {
                let (&byte, after) = rest.split_first()?;
                *rest = after;
                value |= usize::from(byte) << (8 * at);
            }
        }
        Some(value)
    };
    let (start, length) = (number(0, 4)?, number(4, 3)?);
    let length = if length == 0 { 0x10000 } else { length };
    base.get(start..start.checked_add(length)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_additions_make_the_result() {
        assert_eq!(applied(b"hello world", b"\x0b\x0b\x90\x06\x05thereX"), Err(ObjectError::Damaged));
        assert_eq!(applied(b"hello world", b"\x0b\x0b\x90\x06\x05there").unwrap(), b"hello there");
        assert_eq!(applied(b"abc", b"\x03\x02\x91\x01\x02").unwrap(), b"bc");
    }

    #[test]
    fn what_lies_about_its_sizes_is_damaged() {
        let damaged = |base: &[u8], delta: &[u8]| assert_eq!(applied(base, delta), Err(ObjectError::Damaged));
        damaged(b"ab", b"\x03\x02\x90\x02");
        damaged(b"abc", b"\x03\x02\x90\x03");
        damaged(b"abc", b"\x03\x04\x90\x03");
        damaged(b"abc", b"\x03\x02\x91\x02\x02");
        damaged(b"abc", b"\x03\x02\x00");
        damaged(b"abc", b"\x03");
        let huge = b"\x03\xff\xff\xff\xff\xff\x7f\x90\x03";
        assert_eq!(applied(b"abc", huge), Err(ObjectError::TooLarge));
    }
}
