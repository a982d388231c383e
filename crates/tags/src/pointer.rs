//! Files whose content is elsewhere: what a repository holds of them is a few lines that tell where.

/// No pointer is longer, by Git LFS's own rule.
const MOST_BYTES: usize = 1024;

const VERSIONS: &[&[u8]] =
    &[b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/"];

/// Whether a file is the pointer of Git LFS, or of git-annex, in the place of what its name promises.
pub(crate) fn is_pointer(source: &[u8]) -> bool {
    let has_line = |start: &[u8]| source.split(|byte| *byte == b'\n').any(|line| line.starts_with(start));
    let is_of_lfs =
        || VERSIONS.iter().any(|start| source.starts_with(start)) && has_line(b"oid ") && has_line(b"size ");
    let is_of_annex = || {
        source.starts_with(b"/annex/objects/")
            && memchr::memchr(b'\n', source).is_none_or(|end| end + 1 == source.len())
    };
    source.len() <= MOST_BYTES && (is_of_lfs() || is_of_annex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_told_from_what_speaks_of_them() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
        assert!(is_pointer(pointer.as_bytes()));
        assert!(is_pointer(b"/annex/objects/SHA256E-s10--ab.json\n"));
        assert!(!is_pointer(format!("# {pointer}").as_bytes()));
        assert!(!is_pointer(format!("{pointer}{}", "int a;\n".repeat(200)).as_bytes()));
        assert!(!is_pointer(b"version https://git-lfs.github.com/spec/v1\n"));
        assert!(!is_pointer(b"/annex/objects/a\nint b;\n"));
    }
}
