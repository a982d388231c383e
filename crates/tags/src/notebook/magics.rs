//! What notebooks of Python have that Python has not: `%magic`, `!command`, `help?`. Each becomes a comment of the same length.

/// Cells behind these are Python all the same.
const OF_PYTHON: &[&str] = &["capture", "debug", "prun", "pypy", "python", "python3", "time", "timeit"];

/// Writes over what is not Python in the text of cells that begin at these places.
pub(super) fn comment_out(text: &mut [u8], cells: &[usize]) {
    for (index, &start) in cells.iter().enumerate() {
        let end = cells.get(index + 1).copied().unwrap_or(text.len());
        of_cell(&mut text[start..end]);
    }
}

fn of_cell(cell: &mut [u8]) {
    let (mut is_foreign, mut goes_on, mut is_first) = (false, false, true);
    for line in cell.split_mut(|byte| *byte == b'\n') {
        let code = line.trim_ascii();
        if code.is_empty() {
            goes_on = false;
            continue;
        }
        if is_first && let Some(magic) = code.strip_prefix(b"%%") {
            let name = magic.split(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
            is_foreign = !OF_PYTHON.iter().any(|of| of.as_bytes() == name);
        }
        is_first = false;
        let is_other = is_foreign || goes_on || is_magic(code);
        goes_on = is_other && code.ends_with(b"\\");
        if is_other {
            let indentation = line.len() - line.trim_ascii_start().len();
            line[indentation..].fill(b' ');
            line[indentation] = b'#';
        }
    }
}

fn is_magic(code: &[u8]) -> bool {
    let ends_string = [&b"\"\"\""[..], b"'''"].iter().any(|end| memchr::memmem::find(code, end).is_some());
    match code {
        // Within a string that a line of it ends.
        _ if ends_string => false,
        [b'%', next, ..] => (next.is_ascii_alphabetic() || *next == b'%') && closes_nothing(code),
        [b'!' | b'?', ..] => true,
        [name @ .., b'?'] => name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._?*".contains(byte)),
        _ => false,
    }
}

/// Whether no bracket of a line before ends here: what goes on with a sign of Python is no command.
fn closes_nothing(code: &[u8]) -> bool {
    let count = |brackets: &[u8]| code.iter().filter(|byte| brackets.contains(byte)).count();
    count(b")]}") <= count(b"([{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_python_becomes_a_comment() {
        for (cell, expected) in [
            ("%matplotlib inline\nimport a\n", "#                 \nimport a\n"),
            ("if x:\n    !ls \\\n  -l\n    f()\n", "if x:\n    #    \n  # \n    f()\n"),
            ("\n%%time\nf()\n", "\n#     \nf()\n"),
            ("%%bash\nls\n\ndef f():\n", "#     \n# \n\n#       \n"),
            ("a.b?\n?c\nd??\n", "#   \n# \n#  \n"),
            ("x = (a\n  % b\n  %c)\ns = \"\"\"\n%s\"\"\"\n", "x = (a\n  % b\n  %c)\ns = \"\"\"\n%s\"\"\"\n"),
            ("# why?\ns = 'a?'\n", "# why?\ns = 'a?'\n"),
            ("", ""),
        ] {
            let mut text = cell.as_bytes().to_vec();
            comment_out(&mut text, &[0]);
            assert_eq!(String::from_utf8_lossy(&text), expected, "{cell}");
        }
    }

    #[test]
    fn a_cell_of_another_language_ends_with_it() {
        let mut text = b"%%bash\nls\nx = 1\n".to_vec();
        comment_out(&mut text, &[0, 10]);
        assert_eq!(String::from_utf8_lossy(&text), "#     \n# \nx = 1\n");
    }
}
