//! What `HEAD` and other references stand for.

use std::collections::BTreeMap;
use std::path::Path;

use gix_hash::ObjectId;

use crate::repository::read_optional;
use crate::{Error, Repository};

/// Of a reference's file.
const MAX_BYTES: u64 = 4 << 10;
/// Git's own bound for references to references.
const MAX_STEPS: usize = 5;
/// Half a million references and more.
const MAX_PACKED_BYTES: u64 = 64 << 20;
const MAX_REPLACEMENTS: usize = 1 << 16;

const REPLACE: &str = "refs/replace/";

impl Repository {
    /// The object that `HEAD` names; `None` where its branch has no commit.
    ///
    /// # Errors
    /// When a file on the way cannot be read or makes no sense.
    pub fn head(&self) -> Result<Option<ObjectId>, Error> {
        self.target("HEAD")
    }

    /// The object that a reference names, by its whole name or as git completes a short one: `main`, `v1.0`, `origin/main`. `None` where
    /// there is none of the name.
    ///
    /// # Errors
    /// As [`head`](Self::head).
    pub fn reference(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        if name == "HEAD" {
            return self.head();
        }
        let whole =
            ["refs/", "refs/tags/", "refs/heads/", "refs/remotes/"].map(|folder| format!("{folder}{name}"));
        let names = whole.into_iter().chain([format!("refs/remotes/{name}/HEAD")]);
        for name in [name.to_owned()].into_iter().chain(names).filter(|name| is_name(name)) {
            if let Some(found) = self.target(&name)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn target(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        let mut name = name.to_owned();
        let git_dir = self.git_dir();
        let damaged = |what| Error::damaged(git_dir, what);
        if self.has_reftable {
            return Err(damaged("its references are in a format that is not read"));
        }
        for _ in 0..=MAX_STEPS {
            let path = self.folder_of(&name).join(&name);
            let loose = match read_optional(&path, MAX_BYTES) {
                // A folder, where the branch `a` was deleted and `a/b` is there.
                Err(_) if path.is_dir() => None,
                loose => loose?,
            };
            let Some(text) = loose else {
                return if name == "HEAD" { Err(damaged("it has no HEAD")) } else { self.packed(&name) };
            };
            let text = text.trim_ascii();
            match text.strip_prefix(b"ref:") {
                Some(target) => {
                    let target = std::str::from_utf8(target.trim_ascii_start()).ok();
                    let target = target.filter(|target| is_name(target));
                    name = target.ok_or_else(|| damaged("a reference names none"))?.to_owned();
                }
                None => {
                    return id(self, text).map(Some).ok_or_else(|| damaged("a reference names no object"));
                }
            }
        }
        Err(damaged("its references go round in circles"))
    }

    /// Objects that others stand for: those of `refs/replace`.
    ///
    /// # Errors
    /// When the packed references cannot be read.
    pub(crate) fn replacements(&self) -> Result<BTreeMap<ObjectId, ObjectId>, Error> {
        let mut found = BTreeMap::new();
        if self.ignores_replacements || self.has_reftable {
            return Ok(found);
        }
        if let Some(text) = self.packed_text()? {
            for line in text.split(|&byte| byte == b'\n') {
                if let Some((from, to)) = self.packed_replacement(line) {
                    found.insert(from, to);
                }
            }
        }
        let folder = self.common_dir().join(REPLACE);
        for entry in folder.read_dir().into_iter().flatten().flatten().take(MAX_REPLACEMENTS) {
            let from = id(self, entry.file_name().as_encoded_bytes());
            let to = read_optional(&entry.path(), MAX_BYTES).ok().flatten();
            if let (Some(from), Some(to)) = (from, to.and_then(|text| id(self, text.trim_ascii()))) {
                found.insert(from, to);
            }
        }
        Ok(found)
    }

    fn packed_replacement(&self, line: &[u8]) -> Option<(ObjectId, ObjectId)> {
        let (to, name) = line.split_at_checked(self.object_hash().len_in_hex())?;
        let from = name.strip_prefix(b" ")?.strip_prefix(REPLACE.as_bytes())?;
        Some((id(self, from.trim_ascii_end())?, id(self, to)?))
    }

    fn packed(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        let Some(text) = self.packed_text()? else { return Ok(None) };
        let hex = self.object_hash().len_in_hex();
        let found = text.split(|&byte| byte == b'\n').find_map(|line| {
            let (to, rest) = line.split_at_checked(hex)?;
            (rest.strip_prefix(b" ")?.trim_ascii_end() == name.as_bytes()).then(|| id(self, to))?
        });
        Ok(found)
    }

    fn packed_text(&self) -> Result<Option<Vec<u8>>, Error> {
        read_optional(&self.common_dir().join("packed-refs"), MAX_PACKED_BYTES)
    }

    /// Branches are shared; `HEAD` and what bisects or rewrites belong to a work tree.
    fn folder_of(&self, name: &str) -> &Path {
        let own = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"];
        if !name.starts_with("refs/") || own.iter().any(|own| name.starts_with(own)) {
            self.git_dir()
        } else {
            self.common_dir()
        }
    }
}

fn id(repository: &Repository, hex: &[u8]) -> Option<ObjectId> {
    ObjectId::from_hex(hex).ok().filter(|id| id.kind() == repository.object_hash())
}

/// Whether a name stays below the repository's folder.
fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.contains(['\\', ':', '\0'])
            && !part.contains("..")
    };
    name.starts_with("refs/") && name.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for name in ["refs/heads/main", "refs/heads/a/b-c_d", "refs/heads/größe"] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "HEAD",
            "refs/../config",
            "refs/heads/..",
            "/etc/passwd",
            "refs//a",
            "refs/heads/a/",
            "refs/heads/.invalid",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }
}
