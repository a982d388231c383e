use std::fmt;

use repo_map_model::{ContentHash, RepoPath};

/// The identity of a set of files: their paths and contents.
///
/// Displayed as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeDigest(pub [u8; 32]);

/// The BLAKE3 hash of the bytes.
pub fn hash(bytes: &[u8]) -> ContentHash {
    ContentHash(*blake3::hash(bytes).as_bytes())
}

/// The digest of files in path order, each path once. The order is part of the digest.
pub fn tree_digest<'a>(files: impl IntoIterator<Item = (&'a RepoPath, &'a ContentHash)>) -> TreeDigest {
    let mut hasher = blake3::Hasher::new_derive_key("repo-map-files 1 tree digest");
    for (path, content) in files {
        let path = path.as_str().as_bytes();
        // The length keeps "a" + "bc" apart from "ab" + "c".
        hasher.update(&(path.len() as u64).to_le_bytes());
        hasher.update(path);
        hasher.update(content.as_bytes());
    }
    TreeDigest(*hasher.finalize().as_bytes())
}

impl TreeDigest {
    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for TreeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for TreeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TreeDigest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(files: &[(&str, &str)]) -> TreeDigest {
        let files: Vec<_> =
            files.iter().map(|(path, text)| (RepoPath::new(path).unwrap(), hash(text.as_bytes()))).collect();
        tree_digest(files.iter().map(|(path, hash)| (path, hash)))
    }

    #[test]
    fn a_rename_an_edit_and_a_removal_each_change_the_digest() {
        let base = digest(&[("a", "1"), ("b", "2")]);
        assert_eq!(base, digest(&[("a", "1"), ("b", "2")]));
        for other in [
            &[("a", "1"), ("c", "2")][..],
            &[("a", "1"), ("b", "3")],
            &[("a", "1")],
            &[],
            &[("a", "2"), ("b", "1")],
        ] {
            assert_ne!(base, digest(other), "{other:?}");
        }
    }

    #[test]
    fn the_digest_is_the_same_in_every_release() {
        assert_eq!(
            digest(&[("a", "1"), ("b/c", "2")]).to_string(),
            "a0696e70c2e266bc304f1544a77bcfc32d6ae321dbef4d55551fa0fe91f58fe3"
        );
    }

    #[test]
    fn the_hash_is_plain_blake3() {
        assert_eq!(hash(b"").to_string(), "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    }
}
