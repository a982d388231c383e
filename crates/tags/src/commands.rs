//! Commands without parentheses, such as Groovy's `println total`.
//!
//! Such a line can be read as a declaration as well, of `total` with the type `println`. The parser reads it both ways,
//! and then compares all that it has read before, once for each such line: a thousand of them cost no time, ten thousand a
//! quarter of a minute, and nothing that can be counted meanwhile.

/// So many tokens that are compared cost as much as a progress call.
const TOKENS_A_CALL: u64 = 100;

/// In a text where fewer tokens than one of so many are of such lines, most of them are inside of something that is closed before
/// much stands in it (a method, a string), and are compared with that alone.
const RARE: u64 = 4;

/// What the parser will compare, in progress calls; rather too much.
pub(crate) fn work_to_compare(source: &[u8]) -> u64 {
    let (mut tokens, mut of_commands, mut compared) = (0_u64, 0_u64, 0_u64);
    for line in source.split(|byte| *byte == b'\n') {
        let count = tokens_of(line);
        tokens += count;
        if is_ambiguous(line) {
            of_commands += count;
            compared = compared.saturating_add(tokens);
        }
    }
    let calls = compared / TOKENS_A_CALL;
    if of_commands < tokens / RARE { calls.saturating_mul(RARE * of_commands) / tokens } else { calls }
}

/// Words, and signs outside of them.
fn tokens_of(line: &[u8]) -> u64 {
    let mut before = b' ';
    let mut begins = |byte: &u8| {
        let goes_on = byte.is_ascii_whitespace() || is_of_word(*byte) && is_of_word(before);
        before = *byte;
        !goes_on
    };
    line.iter().filter(|byte| begins(byte)).count() as u64
}

/// Whether a line holds names alone, two or more, as far as its comment; a bracket, a string or a semicolon leaves one reading.
fn is_ambiguous(line: &[u8]) -> bool {
    let end = memchr::memmem::find(line, b"//").into_iter().chain(memchr::memmem::find(line, b"/*")).min();
    let code = line[..end.unwrap_or(line.len())].trim_ascii();
    let is_name = |byte: &u8| is_of_word(*byte) || matches!(byte, b'.' | b',') || byte.is_ascii_whitespace();
    code.iter().all(is_name) && code.iter().any(u8::is_ascii_whitespace)
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_names_alone_have_two_readings() {
        for line in ["println total", "  a.b c", "unless a, b // c", "String name /* of", "a b c\r", "é ü"]
        {
            assert!(is_ambiguous(line.as_bytes()), "{line}");
        }
        for line in ["", "total", "// a b", "println(total)", "println 'a'", "a b;", "x = y", "foo { a b }"] {
            assert!(!is_ambiguous(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn work_grows_with_what_stands_before() {
        let of = |count: usize| work_to_compare("println total\n".repeat(count).as_bytes());
        assert!(of(50) < 50, "{}", of(50));
        assert!(of(8_000) > 100_000, "{}", of(8_000));
        assert_eq!(work_to_compare("println(total)\n".repeat(8_000).as_bytes()), 0);
        assert_eq!(tokens_of(b"a.b(c1, 'd')"), 10);
    }
}
