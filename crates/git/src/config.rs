//! The few settings of a repository that say how to read it.

/// No honest configuration is longer.
pub(crate) const MAX_BYTES: u64 = 1 << 20;

/// What a configuration says, as far as it is asked.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) is_bare: Option<bool>,
    pub(crate) work_tree: Option<Vec<u8>>,
    pub(crate) format_version: u64,
    pub(crate) object_format: Option<Vec<u8>>,
    pub(crate) reference_storage: Option<Vec<u8>>,
    pub(crate) has_worktree_config: bool,
    pub(crate) ignores_replacements: bool,
}

/// The text makes no sense as a configuration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Settings {
    /// Takes what a file sets; later values replace earlier ones.
    pub(crate) fn take(&mut self, text: &[u8]) -> Result<(), Malformed> {
        let mut lines = Lines { rest: text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text) };
        let mut section = Section::Other;
        while let Some(mut line) = lines.next_line() {
            line = line.trim_ascii_start();
            if let Some(head) = line.strip_prefix(b"[") {
                let end = header_end(head).ok_or(Malformed)?;
                section = Section::of(&head[..end])?;
                line = head[end + 1..].trim_ascii_start();
            }
            if line.is_empty() || line[0] == b'#' || line[0] == b';' {
                continue;
            }
            let key_end = line.iter().position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'-'));
            let (key, rest) = line.split_at(key_end.unwrap_or(line.len()));
            if key.first().is_none_or(|first| !first.is_ascii_alphabetic()) {
                return Err(Malformed);
            }
            let rest = rest.trim_ascii_start();
            let value = match rest.split_first() {
                None | Some((b'#' | b';', _)) => None,
                Some((b'=', value)) => Some(lines.value(value)?),
                Some(_) => return Err(Malformed),
            };
            self.set(section, &key.to_ascii_lowercase(), value)?;
        }
        Ok(())
    }

    fn set(&mut self, section: Section, key: &[u8], value: Option<Vec<u8>>) -> Result<(), Malformed> {
        match (section, key) {
            (Section::Core, b"bare") => self.is_bare = Some(boolean(value.as_deref())?),
            (Section::Core, b"worktree") => self.work_tree = value,
            (Section::Core, b"repositoryformatversion") => {
                let text = value.as_deref().and_then(|value| std::str::from_utf8(value).ok());
                self.format_version = text.and_then(|text| text.trim().parse().ok()).ok_or(Malformed)?;
            }
            (Section::Core, b"usereplacerefs") => self.ignores_replacements = !boolean(value.as_deref())?,
            (Section::Extensions, b"objectformat") => self.object_format = value,
            (Section::Extensions, b"refstorage") => self.reference_storage = value,
            (Section::Extensions, b"worktreeconfig") => {
                self.has_worktree_config = boolean(value.as_deref())?;
            }
            _ => {}
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Section {
    Core,
    Extensions,
    Other,
}

impl Section {
    fn of(head: &[u8]) -> Result<Self, Malformed> {
        let name_end = head.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-.".contains(byte)));
        match (head[..name_end.unwrap_or(head.len())].to_ascii_lowercase().as_slice(), name_end) {
            (b"", _) => Err(Malformed),
            (b"core", None) => Ok(Self::Core),
            (b"extensions", None) => Ok(Self::Extensions),
            _ => Ok(Self::Other),
        }
    }
}

/// Where a section's head ends: at a bracket that is not within its quotes.
fn header_end(head: &[u8]) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, &byte) in head.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b']' if !is_quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn boolean(value: Option<&[u8]>) -> Result<bool, Malformed> {
    match value.map(<[u8]>::to_ascii_lowercase).as_deref() {
        None | Some(b"true" | b"yes" | b"on" | b"1") => Ok(true),
        Some(b"false" | b"no" | b"off" | b"0" | b"") => Ok(false),
        Some(_) => Err(Malformed),
    }
}

struct Lines<'t> {
    rest: &'t [u8],
}

impl<'t> Lines<'t> {
    /// Without its end, be it of Unix or of Windows.
    fn next_line(&mut self) -> Option<&'t [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|&byte| byte == b'\n');
        let line = &self.rest[..end.unwrap_or(self.rest.len())];
        self.rest = end.map_or(&[], |end| &self.rest[end + 1..]);
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The value that a line begins, taking further lines where it goes on.
    fn value(&mut self, mut line: &'t [u8]) -> Result<Vec<u8>, Malformed> {
        let (mut value, mut is_quoted) = (Vec::new(), false);
        // White space at the end counts only within quotes.
        let mut kept = 0;
        line = line.trim_ascii_start();
        loop {
            let mut bytes = line.iter();
            let mut goes_on = false;
            while let Some(&byte) = bytes.next() {
                match byte {
                    b'"' => {
                        is_quoted = !is_quoted;
                        kept = value.len();
                    }
                    b'#' | b';' if !is_quoted => break,
                    b'\\' => {
                        match bytes.next() {
                            None => {
                                goes_on = true;
                                break;
                            }
                            Some(b'n') => value.push(b'\n'),
                            Some(b't') => value.push(b'\t'),
                            Some(b'b') => value.push(8),
                            Some(&escaped @ (b'"' | b'\\')) => value.push(escaped),
                            Some(_) => return Err(Malformed),
                        }
                        kept = value.len();
                    }
                    _ => {
                        value.push(byte);
                        if is_quoted || !byte.is_ascii_whitespace() {
                            kept = value.len();
                        }
                    }
                }
            }
            // No other line is taken.
            match goes_on.then(|| self.next_line()).flatten() {
                Some(next) => line = next,
                None if is_quoted => return Err(Malformed),
                None => break,
            }
        }
        value.truncate(kept);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<Settings, Malformed> {
        let mut settings = Settings::default();
        settings.take(text.as_bytes()).map(|()| settings)
    }

    #[test]
    fn values_are_read_as_git_reads_them() {
        let text = "\u{feff}# c\n[core]\n\tbare = false ; no\n\tworktree = \"../a \\\"b\\\" #c\"  \n[CORE] repositoryformatversion=1\r\n\
            [remote \"o]r\\\"i\"]\n\tbare = nonsense\n\turl\n[extensions]\nobjectFormat = sha\\\n256 # d\nworktreeConfig\n";
        let settings = settings(text).unwrap();
        assert_eq!((settings.is_bare, settings.format_version), (Some(false), 1));
        assert_eq!(settings.work_tree.unwrap(), b"../a \"b\" #c");
        assert_eq!(settings.object_format.unwrap(), b"sha256");
        assert!(settings.has_worktree_config);
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_never_panics() {
        for text in
            ["[core\n", "[]\n", "=a\n", "[core]\nbare = \"a\n", "[core]\nbare = maybe\n", "[core]\na b\n"]
        {
            assert!(settings(text).is_err(), "{text:?}");
        }
        let text = "[core \"a\\\"]\"]\r\n\tbare = \"t\\\\\\\n\" ; x\n[e.b]\nx\\=";
        for start in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            for end in (start..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let _ = settings(&text[start..end]);
            }
        }
    }
}
