//! Words that a scanner reads to their ends from many places.
//!
//! That of reStructuredText looks behind each bracket and quote for the end of a reference, as far as the next blank, within a step
//! of the parser: a line of 400 signs costs as much as 200 lines, and a megabyte of them seven seconds.

/// So many bytes of it cost as much as a progress call: each is looked for in several lists.
const BYTES_A_CALL: u64 = 50;

/// What the scanner will look through, in progress calls; rather too much.
pub(crate) fn work_to_look_through(source: &[u8]) -> u64 {
    let (mut looked, mut starts) = (0_u64, 0_u64);
    for byte in source {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => starts = 0,
            b'<' | b'(' | b'[' | b'{' | b'"' | b'\'' => starts += 1,
            _ => {}
        }
        looked += starts;
    }
    looked / BYTES_A_CALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_words_of_signs_cost() {
        let cost = |text: &str, count: usize| work_to_look_through(text.repeat(count).as_bytes());
        for sound in
            ["`a <https://example.org/b/c(d)?e=[f]>`_ ", "+-----+\n| (a) |\n", ":ref:`f <g>`, \"h\". "]
        {
            let work = cost(sound, 2_000);
            assert!(work < 4_000, "{sound}: {work}");
        }
        assert!(cost(&"<#".repeat(200), 400) > 100_000);
    }
}
