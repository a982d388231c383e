//! The name by which a path is known to the caches.

use std::path::{Component, Path};

/// A path as it was given, but for `.` components, doubled separators and one at its end: those name the same file.
/// It is not made absolute: it may be no file at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name(Vec<u8>);

impl Name {
    pub(super) fn of(path: &Path) -> Self {
        let mut name = Vec::new();
        for component in path.components().filter(|component| *component != Component::CurDir) {
            // After the root, which is a separator itself, comes none.
            if !name.is_empty() && name != b"/" {
                name.push(b'/');
            }
            match component {
                Component::RootDir => name.push(b'/'),
                component => name.extend_from_slice(component.as_os_str().as_encoded_bytes()),
            }
        }
        Self(name)
    }
}

impl AsRef<[u8]> for Name {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_path_have_one_name_and_others_their_own() {
        let name = |path: &str| String::from_utf8(Name::of(Path::new(path)).0).unwrap();
        for same in ["a/b.py", "./a/b.py", "a//b.py", "a/./b.py", "a/b.py/"] {
            assert_eq!(name(same), "a/b.py", "{same}");
        }
        assert_eq!(name("/a//b.py"), "/a/b.py");
        assert_eq!(name("../a"), "../a", "where it leads is the file system's to say");
        assert_eq!((name("."), name("")), (String::new(), String::new()));
    }
}
