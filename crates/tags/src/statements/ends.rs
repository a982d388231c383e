//! Where a statement ends: at a semicolon, but for those of the routine that it holds.

use super::heads::{Head, Of, head};
use super::token::{Kind, Token, Tokens};

/// A statement, without what ends it.
pub(super) struct Extent {
    /// The place behind its last token.
    pub(super) end: usize,
    /// Where the body of a routine begins that is no text, if it has one.
    pub(super) body: Option<usize>,
}

/// Words after `BEGIN` that begin a transaction.
#[rustfmt::skip]
const TRANSACTION: &[&str] = &[
    "TRANSACTION", "TRAN", "WORK", "DISTRIBUTED", "ISOLATION", "READ", "DEFERRABLE", "DEFERRED", "IMMEDIATE",
    "EXCLUSIVE",
];

/// Words after `END` that it ends and that open nothing here.
const ENDED: &[&str] = &["IF", "LOOP", "WHILE", "REPEAT", "FOR", "CONVERSATION"];

/// Words that begin the statements of a body, without declarations.
#[rustfmt::skip]
const STATEMENTS: &[&str] = &[
    "BEGIN", "RETURN", "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "SET", "EXEC", "EXECUTE", "IF", "MERGE",
    "PRINT", "EXTERNAL", "LANGUAGE", "DECLARE", "TRUNCATE", "RAISERROR", "THROW",
];

/// What is open: a block that ends the body with it, or another, or a `CASE`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Block,
    Case,
}

pub(super) fn opens(tokens: Tokens<'_>, at: usize) -> Option<Open> {
    if tokens.is(at, "BEGIN") && tokens.kind(at + 1) != Some(Kind::End) && !tokens.is_any(at + 1, TRANSACTION)
    {
        return Some(Open::Block);
    }
    (tokens.is(at, "CASE") && !tokens.is(at.wrapping_sub(1), "END")).then_some(Open::Case)
}

pub(super) fn closes(tokens: Tokens<'_>, at: usize) -> bool {
    tokens.is(at, "END") && !tokens.is_any(at + 1, ENDED)
}

/// Whether another definition begins here, whatever seems to be open.
pub(super) fn begins_anew(tokens: Tokens<'_>, at: usize, is_within: bool) -> bool {
    let is_first = |token: &Token| token.is_first && (token.at_margin || !is_within);
    tokens.all.get(at).is_some_and(is_first)
        && tokens.is(at, "CREATE")
        && head(tokens, at)
            .is_some_and(|head| !is_within || head.of.has_routine_body() || head.of == Of::Package)
}

/// The statement that begins at this place.
pub(super) fn extent(tokens: Tokens<'_>, from: usize, head: Option<&Head>) -> Extent {
    let is_routine = head.is_some_and(|head| head.of.has_routine_body());
    let is_block = head.is_none() && opens(tokens, from) == Some(Open::Block);
    let mut open: Vec<Open> = Vec::new();
    let mut body = None;
    let mut declares = false;
    let mut is_batch = false;
    let mut brackets = 0_usize;
    let mut refers = false;
    let mut at = from + usize::from(!is_block);
    while at < tokens.all.len() {
        match tokens.all[at].kind {
            Kind::Batch => break,
            Kind::End if open.is_empty() && !declares && !is_batch => break,
            Kind::Sign(b'(') => brackets += 1,
            Kind::Sign(b')') => brackets = brackets.saturating_sub(1),
            Kind::Word if begins_anew(tokens, at, !open.is_empty()) => break,
            Kind::Word if is_routine || is_block => {
                let is_before_body =
                    body.is_none() && brackets == 0 && !is_block && head.is_some_and(|head| at >= head.after);
                refers |= tokens.is(at, "REFERENCING");
                if closes(tokens, at) {
                    let closed = open.pop();
                    if closed == Some(Open::Block)
                        && open.is_empty()
                        && !is_batch
                        && !tokens.is_any(at + 1, &["TRY", "CATCH"])
                    {
                        return Extent { end: behind_end(tokens, at), body };
                    }
                } else if let Some(opened) = opens(tokens, at) {
                    if opened == Open::Block {
                        body = body.or(Some(at));
                        declares = false;
                    }
                    open.push(opened);
                } else if is_before_body
                    && tokens.is_any(at, &["AS", "IS"])
                    && !refers
                    && is_of_body(tokens, at)
                {
                    body = Some(at);
                    is_batch = tokens.batched;
                    declares = tokens.is_name(at + 1)
                        && tokens.is_name(at + 2)
                        && !tokens.is_any(at + 1, STATEMENTS);
                } else if is_before_body && tokens.is(at, "DECLARE") {
                    body = Some(at);
                    declares = true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    Extent { end: at.max(from + 1).min(tokens.all.len()), body }
}

/// Whether what follows `AS` is a body that is no text: `@a AS int` and `AS 'text'` have none.
fn is_of_body(tokens: Tokens<'_>, at: usize) -> bool {
    let is_of_variable = at >= 2 && tokens.is_sign(at - 2, b'@');
    let is_text = matches!(tokens.kind(at + 1), None | Some(Kind::Text | Kind::Dollar | Kind::End));
    // `E'text'`
    let is_prefixed = tokens.kind(at + 2) == Some(Kind::Text) && tokens.adjoins(at + 2);
    !is_of_variable && !is_text && !is_prefixed
}

/// The place behind `END name`, with its semicolon or without.
pub(super) fn behind_end(tokens: Tokens<'_>, at: usize) -> usize {
    let is_name = tokens.is_name(at + 1) && matches!(tokens.kind(at + 2), Some(Kind::End | Kind::Batch));
    at + 1 + usize::from(is_name)
}
