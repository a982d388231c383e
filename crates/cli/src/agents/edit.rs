//! A text with something put in, and the same text without it.

/// What was put in and where, in the text as it is afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Put {
    pub(crate) at: usize,
    pub(crate) text: String,
}

/// A text with what was put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edited {
    pub(crate) text: String,
    pub(crate) puts: Vec<Put>,
}

/// Puts texts in, each at a place of the text as it is before; the places rise.
pub(crate) fn put(before: &str, pieces: Vec<(usize, String)>) -> Edited {
    let (mut text, mut from, mut puts) = (String::new(), 0, Vec::new());
    for (at, piece) in pieces {
        text.push_str(&before[from..at]);
        puts.push(Put { at: text.len(), text: piece.clone() });
        text.push_str(&piece);
        from = at;
    }
    text.push_str(&before[from..]);
    Edited { text, puts }
}

/// The text without what was put in; `None` where it does not stand there any more.
pub(crate) fn take_out(text: &str, puts: &[Put]) -> Option<String> {
    let (mut before, mut from) = (String::new(), 0);
    for put in puts {
        before.push_str(text.get(from..put.at)?);
        from = put.at + put.text.len();
        if text.get(put.at..from)? != put.text {
            return None;
        }
    }
    before.push_str(text.get(from..)?);
    Some(before)
}

/// How the lines of a text end.
pub(crate) fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out_and_the_rest_stays() {
        let edited = put("abc", vec![(1, "X".to_owned()), (3, "YZ".to_owned())]);
        assert_eq!(edited.text, "aXbcYZ");
        assert_eq!(take_out(&edited.text, &edited.puts).as_deref(), Some("abc"));
        assert_eq!(take_out("aXbcYZ and more", &edited.puts).as_deref(), Some("abc and more"));
        assert_eq!(take_out("aXbc", &edited.puts), None);
        assert_eq!(take_out("é", &[Put { at: 1, text: String::new() }]), None);
    }
}
