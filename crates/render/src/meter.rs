//! What lines cost, in units that add up.
//!
//! The vocabularies `o200k` and `cl100k` cut a text into pieces before they encode it, and no piece goes on past a
//! line break unless blank lines or, for `o200k`, a `/` follow. The lines of a map begin with a bar, the gap mark or a
//! relative path, and a blank line is counted with the line before it: so the tokens of a map are the sum over its
//! lines. `bytes4` adds up in bytes. Only a counter of the caller's is an estimate here; [`Meter::exact`] corrects it.

use crate::costs::LineCosts;
use crate::tokens::{Kind, TokenCounter, Tokenizer};

/// Counts lines in units of which a budget holds so many.
pub(crate) struct Meter<'a> {
    tokenizer: &'a Tokenizer,
    costs: Option<&'a LineCosts>,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(tokenizer: &'a Tokenizer) -> Self {
        Self { tokenizer, costs: None }
    }

    /// Remembers what was counted.
    pub(crate) fn remembering(self, costs: Option<&'a LineCosts>) -> Self {
        Self { costs, ..self }
    }

    /// The units of a line with its line break, and of the blank lines after it that are in the text.
    pub(crate) fn line(&self, text: &str) -> i64 {
        let units = match self.tokenizer.kind() {
            Kind::Bytes4 => text.len(),
            kind => match self.costs {
                Some(costs) => costs.of(kind, text, || self.tokenizer.count(text)),
                None => self.tokenizer.count(text),
            },
        };
        saturate(units)
    }

    /// The units that fit into so many tokens.
    pub(crate) fn units(&self, tokens: usize) -> i64 {
        match self.tokenizer.kind() {
            Kind::Bytes4 => saturate(tokens.saturating_mul(4)),
            _ => saturate(tokens),
        }
    }

    /// The sum over lines may differ from the count of the whole text.
    pub(crate) fn is_estimate(&self) -> bool {
        matches!(self.tokenizer.kind(), Kind::Custom(_))
    }

    /// The tokens of a whole text.
    pub(crate) fn exact(&self, text: &str) -> usize {
        self.tokenizer.count(text)
    }
}

/// Units are signed, since closing a gap can make a map cheaper. A quarter of the range leaves room for sums.
fn saturate(units: usize) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX).min(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::printable::{GAP, path_line, row};

    /// Lines as maps have them: rows of any text, gap marks, paths with and without a colon; each with its line break
    /// and perhaps a blank line after it.
    fn lines() -> impl Strategy<Value = Vec<String>> {
        let code = prop_oneof![
            "[ \t]{0,9}[a-zA-Z_]{0,12}[(){}:;,./'\"!*#-]{0,4}[ a-z0-9]{0,9}[(){}:;,./]{0,3}",
            "\\PC{0,40}",
            any::<String>(),
        ];
        let path = prop_oneof!["[a-zA-Z0-9_. -]{1,9}(/[a-zA-Z0-9_.-]{1,9}){0,4}", "[^/][^/]{0,9}"];
        let line = prop_oneof![
            4 => code.prop_map(|code| row(&code, 100)),
            1 => (any::<u32>(), "[a-z ]{0,9}").prop_map(|(line, code)| format!("{line}{}", row(&code, 100))),
            1 => Just(GAP.to_string()),
            1 => path.clone().prop_map(|path| path_line(&path).into_owned()),
            1 => path.prop_map(|path| format!("{}:", path_line(&path))),
        ];
        let line = (line, any::<bool>()).prop_map(|(line, blank)| line + if blank { "\n\n" } else { "\n" });
        prop::collection::vec(line, 0..40)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn tokens_add_up_over_lines(lines in lines()) {
            for tokenizer in [Tokenizer::o200k(), Tokenizer::cl100k()] {
                let meter = Meter::new(&tokenizer);
                let sum: i64 = lines.iter().map(|line| meter.line(line)).sum();
                prop_assert_eq!(sum, meter.exact(&lines.concat()) as i64, "{}: {:?}", tokenizer.name(), lines);
            }
        }
    }

    #[test]
    fn a_line_that_begins_with_a_slash_would_not_add_up() {
        let tokenizer = Tokenizer::o200k();
        let meter = Meter::new(&tokenizer);
        let sum = meter.line("│//\n") + meter.line("/bin/a\n");
        assert_ne!(
            sum,
            meter.exact("│//\n/bin/a\n") as i64,
            "paths of a repository are relative for a reason"
        );
    }
}
