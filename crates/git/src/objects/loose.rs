//! Objects that are files of their own.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::rc::Rc;

use gix_hash::{ObjectId, Prefix};
use gix_zlib::{Inflate, Status};
use repo_map_bounded_io::{Links, ReadError, open};

use super::stores::Stores;
use super::{Kind, Object, ObjectError, Objects};

/// `commit 18446744073709551615` and a zero are shorter.
const HEAD_BYTES: usize = 64;
/// Git packs what is loose long before a folder has so many.
const MAX_NAMES: usize = 1 << 17;

/// Reads an object of at most `limit` bytes, or as many of a larger one. The flag says whether it is whole.
pub(super) fn read(
    stores: &Stores,
    id: &ObjectId,
    limit: usize,
    may_cut: bool,
    inflate: &mut Inflate,
) -> Result<(Object, bool), ObjectError> {
    let name = id.to_hex().to_string();
    let (folder, file) = name.split_at(2);
    for store in &stores.0 {
        let mut path = store.join(folder);
        path.push(file);
        match packed_bytes(&path, limit, may_cut) {
            Err(ObjectError::Missing) => {}
            bytes => return inflated(&bytes?, limit, may_cut, inflate),
        }
    }
    Err(ObjectError::Missing)
}

/// The objects of a store whose names begin so. A name of another hash than the prefix's is none.
pub(super) fn beginning_with(store: &Path, prefix: Prefix, found: &mut BTreeSet<ObjectId>) {
    let folder = format!("{:02x}", prefix.as_oid().first_byte());
    let listing = store.join(&folder).read_dir().into_iter().flatten().flatten();
    let names = listing.take(MAX_NAMES).filter_map(|entry| {
        let name = entry.file_name();
        ObjectId::from_hex(format!("{folder}{}", name.to_str()?).as_bytes()).ok()
    });
    found.extend(names.filter(|id| id.kind() == prefix.as_oid().kind() && prefix.cmp_oid(id).is_eq()));
}

/// The file, or as much of it as can matter.
fn packed_bytes(path: &Path, limit: usize, may_cut: bool) -> Result<Vec<u8>, ObjectError> {
    let (file, metadata) = open(path, Links::Follow).map_err(|error| match error {
        ReadError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => ObjectError::Missing,
        _ => ObjectError::Damaged,
    })?;
    // What cannot be compressed grows a little.
    let most = limit.min(Objects::MAX_BYTES) as u64 * 2 + 1024;
    if metadata.len() > most && !may_cut {
        return Err(ObjectError::TooLarge);
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(|_| ObjectError::Damaged)?;
    Ok(bytes)
}

fn inflated(
    bytes: &[u8],
    limit: usize,
    may_cut: bool,
    inflate: &mut Inflate,
) -> Result<(Object, bool), ObjectError> {
    let mut head = [0; HEAD_BYTES];
    inflate.reset();
    let (status, used, held) = inflate.prefix(bytes, &mut head).map_err(|_| ObjectError::Damaged)?;
    if status == Status::BufError {
        return Err(ObjectError::Damaged);
    }
    let head = &head[..held];
    let (kind, size, start) = parse_head(head).ok_or(ObjectError::Damaged)?;
    let wanted = size.min(limit as u64) as usize;
    if size > limit as u64 && !may_cut {
        return Err(ObjectError::TooLarge);
    }
    if held - start > wanted && size <= limit as u64 {
        return Err(ObjectError::Damaged);
    }
    let mut data = Vec::new();
    if status == Status::StreamEnd || held - start >= wanted {
        data.extend_from_slice(&head[start..]);
        data.truncate(wanted);
    } else {
        inflate.rest(&bytes[used..], head, start, &mut data, wanted).map_err(|_| ObjectError::Damaged)?;
    }
    if data.len() != wanted {
        return Err(ObjectError::Damaged);
    }
    Ok((Object { kind, data: Rc::new(data) }, size <= limit as u64))
}

/// What it is, its size, and where it begins.
fn parse_head(head: &[u8]) -> Option<(Kind, u64, usize)> {
    let end = head.iter().position(|&byte| byte == 0)?;
    let (kind, size) = std::str::from_utf8(&head[..end]).ok()?.split_once(' ')?;
    let kind = match kind {
        "commit" => Kind::Commit,
        "tree" => Kind::Tree,
        "blob" => Kind::Blob,
        "tag" => Kind::Tag,
        _ => return None,
    };
    Some((kind, size.parse().ok()?, end + 1))
}
