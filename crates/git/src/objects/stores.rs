//! The folders of objects: a repository's own, and those that it shares.

use std::path::{Path, PathBuf};

use crate::repository::{os_path, read_optional};
use crate::{Error, Repository};

/// Of a list of further stores.
const MAX_BYTES: u64 = 1 << 20;
/// Git's own bound for stores that name stores.
const MAX_DEPTH: usize = 5;
const MAX_STORES: usize = 64;

/// The folders of objects, the repository's own first.
#[derive(Debug)]
pub(crate) struct Stores(pub(crate) Vec<PathBuf>);

impl Stores {
    pub(crate) fn of(repository: &Repository) -> Result<Self, Error> {
        let mut found = vec![repository.common_dir().join("objects")];
        let mut start = 0;
        for _ in 0..MAX_DEPTH {
            let end = found.len();
            for store in start..end {
                let more = alternates(&found[store].clone())?;
                for path in more {
                    if found.len() < MAX_STORES && !found.contains(&path) {
                        found.push(path);
                    }
                }
            }
            start = end;
        }
        Ok(Self(found))
    }
}

/// The folders that a store names.
fn alternates(store: &Path) -> Result<Vec<PathBuf>, Error> {
    let Some(text) = read_optional(&store.join("info").join("alternates"), MAX_BYTES)? else {
        return Ok(Vec::new());
    };
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    let paths = lines.filter(|line| !line.contains(&0)).filter_map(|line| os_path(&unquoted(line)));
    Ok(paths.map(|path| store.join(path)).filter(|path| path.is_dir()).take(MAX_STORES).collect())
}

/// Names with odd bytes stand in quotes, as in C.
fn unquoted(line: &[u8]) -> Vec<u8> {
    let Some(inner) = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")) else {
        return line.to_vec();
    };
    let mut bytes = inner.iter().copied().peekable();
    let mut path = Vec::new();
    while let Some(byte) = bytes.next() {
        let escaped = if byte == b'\\' { bytes.next() } else { None };
        path.push(match escaped {
            None => byte,
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'a') => 7,
            Some(b'b') => 8,
            Some(b'v') => 11,
            Some(b'f') => 12,
            Some(digit @ b'0'..=b'3') => {
                let mut value = digit - b'0';
                for _ in 0..2 {
                    if let Some(digit) = bytes.next_if(|byte| (b'0'..=b'7').contains(byte)) {
                        value = value.wrapping_mul(8).wrapping_add(digit - b'0');
                    }
                }
                value
            }
            Some(other) => other,
        });
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_are_read_as_git_writes_them() {
        assert_eq!(unquoted(b"/a b"), b"/a b");
        assert_eq!(unquoted(b"\"/gr\\303\\266\\\"\\n\\\\\""), "/grö\"\n\\".as_bytes());
        assert_eq!(unquoted(b"\"\\"), b"\"\\");
        assert_eq!(unquoted(b"\"\\\""), b"\\");
    }
}
