//! The columns of a table.

use super::token::{Kind, Tokens};

/// Words that begin something else among columns.
const CONSTRAINTS: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "FOREIGN",
    "EXCLUDE",
    "LIKE",
    "FULLTEXT",
    "SPATIAL",
    "SUPPLEMENTAL",
];

/// The same, if brackets follow: columns may have these names.
const INDICES: &[&str] = &["KEY", "INDEX", "PERIOD"];

/// The first and the last place of each column between two places.
pub(super) fn columns(tokens: Tokens<'_>, from: usize, end: usize) -> Vec<(usize, usize)> {
    let mut columns = Vec::new();
    let mut start = from;
    let mut depth = 0_usize;
    for at in from..end {
        match tokens.all[at].kind {
            Kind::Sign(b'(' | b'{') => depth += 1,
            Kind::Sign(b')' | b'}') => depth = depth.saturating_sub(1),
            Kind::Sign(b',') if depth == 0 => {
                columns.extend(column(tokens, start, at));
                start = at + 1;
            }
            _ => {}
        }
    }
    columns.extend(column(tokens, start, end));
    columns
}

fn column(tokens: Tokens<'_>, start: usize, end: usize) -> Option<(usize, usize)> {
    let is_index = || {
        tokens.is_any(start, INDICES)
            && (start + 1..end.min(start + 4)).any(|at| tokens.is_sign(at, b'('))
            && !tokens.is_any(
                start + 1,
                &["CHAR", "VARCHAR", "NVARCHAR", "NUMERIC", "DECIMAL", "INT", "BIGINT", "NUMBER", "VARCHAR2"],
            )
    };
    let is_column = start < end && tokens.is_name(start) && !tokens.is_any(start, CONSTRAINTS) && !is_index();
    is_column.then(|| (start, end - 1))
}
