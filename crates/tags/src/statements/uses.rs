//! What the body of a routine uses: calls, and tables that it reads or writes.

use repo_map_model::ReferenceKind;

use super::token::{Kind, Tokens};
use crate::found::FoundReference;

/// Words before brackets that call nothing, types among them. Sorted.
#[rustfmt::skip]
const NO_CALLS: &[&str] = &[
    "ALL", "AND", "ANY", "ARRAY", "AS", "BEGIN", "BETWEEN", "BIGINT", "BINARY", "BIT", "BY", "CASE", "CAST",
    "CHAR", "CHARACTER", "CHECK", "CLUSTERED", "CROSS", "DATETIME2", "DATETIMEOFFSET", "DECIMAL", "DECLARE",
    "DEFAULT", "DISTINCT", "DO", "ELSE", "ELSIF", "END", "ENUM", "EXCEPT", "EXECUTE", "EXISTS", "EXTRACT",
    "FILTER", "FLOAT", "FOR", "FROM", "FUNCTION", "GROUP", "HAVING", "IDENTITY", "IF", "IN", "INDEX", "INNER",
    "INT", "INTEGER", "INTERSECT", "INTERVAL", "INTO", "IS", "JOIN", "KEY", "LATERAL", "LEFT", "LIKE",
    "LIMIT", "LOOP", "NCHAR", "NONCLUSTERED", "NOT", "NULL", "NUMBER", "NUMERIC", "NVARCHAR", "OBJECT", "OF",
    "OFFSET", "ON", "OPERATOR", "OR", "ORDER", "OUTER", "OVER", "OVERLAY", "PARTITION", "POSITION", "PRIMARY",
    "PROCEDURE", "QUERY", "RAW", "RECORD", "REFERENCES", "RETURN", "RETURNING", "RETURNS", "RIGHT", "ROW",
    "SELECT", "SET", "SETOF", "SOME", "STRUCT", "SUBSTRING", "TABLE", "THEN", "TIME", "TIMESTAMP", "TINYINT",
    "TOP", "TRIM", "UNION", "UNIQUE", "UPDATE", "USING", "VALUES", "VARBINARY", "VARCHAR", "VARCHAR2",
    "VARRAY", "VARYING", "WHEN", "WHERE", "WHILE", "WITH", "WITHIN",
];

/// Options of an aggregate, an operator or a type that name a function.
#[rustfmt::skip]
const FUNCTIONS: &[&str] = &[
    "ANALYZE", "COMBINEFUNC", "DESERIALFUNC", "FINALFUNC", "FUNCTION", "INPUT", "MFINALFUNC", "MINVFUNC",
    "MSFUNC", "OUTPUT", "PROCEDURE", "RECEIVE", "SEND", "SERIALFUNC", "SFUNC", "TYPMOD_IN", "TYPMOD_OUT",
];

/// Words that cannot be the name of a table.
const NO_TABLES: &[&str] = &[
    "ALL",
    "AS",
    "DISTINCT",
    "IF",
    "LATERAL",
    "ONLY",
    "SELECT",
    "SET",
    "STATISTICS",
    "UNNEST",
    "VALUES",
    "WHERE",
];

/// Adds what is used between two places.
pub(super) fn collect(tokens: Tokens<'_>, from: usize, end: usize, found: &mut Vec<FoundReference>) {
    // Whether each bracket that is open is of a call, where `FROM` reads no table.
    let mut calls: Vec<bool> = Vec::new();
    let mut at = from;
    while at < end {
        match tokens.all[at].kind {
            Kind::Sign(b'(') => {
                calls.push(at > from && tokens.is_any(at - 1, &["EXTRACT", "OVERLAY", "SUBSTRING", "TRIM"]));
            }
            Kind::Sign(b')') => drop(calls.pop()),
            Kind::Word | Kind::Quoted => {
                let is_of_call = calls.last() == Some(&true);
                let before = at.checked_sub(1).filter(|before| *before >= from);
                if let Some(table) = table(tokens, at, before, is_of_call) {
                    if let Some((name, behind)) = tokens.qualified(table).filter(|(name, behind)| {
                        *behind <= end
                            && tokens.kind(*name) != Some(Kind::Text)
                            && !tokens.is_any(*name, NO_TABLES)
                    }) {
                        let is_call = tokens.is_sign(behind, b'(') && tokens.is_any(at, &["FROM", "JOIN"]);
                        let kind = if is_call { ReferenceKind::Call } else { ReferenceKind::Type };
                        found.push(FoundReference { name: tokens.name(name), kind });
                        at = behind;
                        continue;
                    }
                } else if let Some(name) = called(tokens, at, before) {
                    found.push(FoundReference { name: tokens.name(name), kind: ReferenceKind::Call });
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The place behind a word that the name of a table follows.
fn table(tokens: Tokens<'_>, at: usize, before: Option<usize>, is_of_call: bool) -> Option<usize> {
    let follows = |words: &[&str]| before.is_some_and(|before| tokens.is_any(before, words));
    let is_before = tokens.is(at, "FROM") && !is_of_call && !follows(&["DISTINCT"])
        || tokens.is_any(at, &["JOIN", "REFERENCES"])
        || tokens.is(at, "INTO") && follows(&["INSERT", "MERGE", "IGNORE", "REPLACE"])
        || tokens.is(at, "UPDATE") && !follows(&["FOR", "ON", "BEFORE", "AFTER", "OR", "NO"])
        || tokens.is(at, "TABLE") && follows(&["ALTER", "TRUNCATE", "DROP", "LOCK"]);
    let skipped = usize::from(tokens.is(at + 1, "ONLY"));
    is_before.then_some(at + 1 + skipped)
}

/// The name that is called here, if one is.
fn called(tokens: Tokens<'_>, at: usize, before: Option<usize>) -> Option<usize> {
    let is_executed = before.is_some_and(|before| tokens.is_any(before, &["CALL", "EXEC"]));
    if is_executed && tokens.is_name(at) {
        return tokens.qualified(at).map(|(name, _)| name);
    }
    if tokens.is_sign(at + 1, b'=') && tokens.is_any(at, FUNCTIONS) {
        return tokens.qualified(at + 2).map(|(name, _)| name).filter(|name| tokens.is_name(*name));
    }
    let is_word = tokens.kind(at) == Some(Kind::Word);
    let is_reserved = is_word && {
        let word = tokens.word(at).to_ascii_uppercase();
        NO_CALLS.binary_search_by(|other| other.as_bytes().cmp(&word)).is_ok()
    };
    // Quoted names before brackets are mostly tables that are written to.
    (is_word && tokens.is_sign(at + 1, b'(') && tokens.is_name(at) && !is_reserved).then_some(at)
}

#[cfg(test)]
mod tests {
    #[test]
    fn reserved_words_can_be_searched() {
        assert!(super::NO_CALLS.is_sorted());
    }
}
