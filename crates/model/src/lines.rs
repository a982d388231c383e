//! Where a line ends: after `\n`, `\r\n` or a lone `\r`. Every stage counts lines with this.

/// The lines of a text without their ends. As with [`str::lines`], an end at the very end opens no further line.
///
/// ```
/// assert!(repo_map_model::lines("a\r\nb\rc\n").eq(["a", "b", "c"]));
/// ```
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = line_end(rest.as_bytes(), 0);
        let line = rest[..end].trim_end_matches(['\r', '\n']);
        rest = &rest[end..];
        Some(line)
    })
}

/// Where each line of a text begins, to tell the line of a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the text once.
    ///
    /// # Panics
    /// When the text has 2^32 bytes or more.
    pub fn new(text: &[u8]) -> Self {
        u32::try_from(text.len()).expect("offsets of a file fit 32 bits");
        let mut starts = vec![0];
        let mut start = line_end(text, 0);
        while start < text.len() {
            starts.push(start as u32);
            start = line_end(text, start);
        }
        Self { starts }
    }

    /// The line that holds the byte, from 0; the last line for bytes past the end.
    pub fn line_of(&self, offset: u32) -> u32 {
        (self.starts.partition_point(|&start| start <= offset) - 1) as u32
    }

    /// The byte that each line begins with. An empty text has one empty line.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }
}

/// The offset after the end of the line that begins at `start`.
fn line_end(text: &[u8], start: usize) -> usize {
    match memchr::memchr2(b'\n', b'\r', &text[start..]) {
        Some(end) => {
            let end = start + end;
            if text[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 }
        }
        None => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(lines(text).collect::<Vec<_>>(), expected, "{text:?}");
        let index = LineIndex::new(text.as_bytes());
        let starts: Vec<_> =
            lines(text).map(|line| (line.as_ptr() as usize - text.as_ptr() as usize) as u32).collect();
        assert_eq!(index.starts(), if starts.is_empty() { &[0][..] } else { &starts }, "{text:?}");
    }

    #[test]
    fn every_kind_of_end_ends_one_line() {
        check("", &[]);
        check("a", &["a"]);
        check("a\n", &["a"]);
        check("\n\n", &["", ""]);
        check("a\r\nb\rc\n\rd", &["a", "b", "c", "", "d"]);
        check("é\r", &["é"]);
    }

    #[test]
    fn bytes_past_the_end_are_on_the_last_line() {
        let index = LineIndex::new(b"a\nbc\n");
        assert_eq!([0, 1, 2, 4, 5, 99].map(|offset| index.line_of(offset)), [0, 0, 1, 1, 1, 1]);
    }
}
