//! `.env` files: `NAME=value` a line.

/// The variables of a text, with their lines from 1. Lines that are no assignment mean nothing to us: other programs read
/// the file too. A value may be quoted; `#` begins a comment at the start of a line or after a space; nothing is expanded.
pub(super) fn parse(text: &str) -> impl Iterator<Item = (&str, &str, usize)> {
    (1..).zip(text.lines()).filter_map(|(number, line)| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
        Some((name.trim(), unquoted(value.trim()), number))
    })
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some((quoted, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return quoted;
        }
    }
    value.split_once(" #").map_or(value, |(value, _)| value.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_mean_what_shells_and_other_readers_take_them_for() {
        let text = "# A=0\nA=1\n export B = two words # said\n\nC=\"x # y\"\nD='z'\nnothing\nE=\nF=a#b\n";
        let found: Vec<_> = parse(text).collect();
        let expected = [
            ("A", "1", 2),
            ("B", "two words", 3),
            ("C", "x # y", 5),
            ("D", "z", 6),
            ("E", "", 8),
            ("F", "a#b", 9),
        ];
        assert_eq!(found, expected);
    }
}
