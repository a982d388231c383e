//! What a package of Oracle holds, or the body of a type: routines with a body, and heads of such.

use super::ends::{Open, begins_anew, behind_end, closes, opens};
use super::token::{Kind, Tokens};

/// A routine of a package.
pub(super) struct Member {
    /// The place of the word that begins it, and of its name.
    pub(super) at: usize,
    pub(super) name: usize,
    /// Where its body begins; a declaration has none.
    pub(super) body: Option<usize>,
    /// The place behind its last token.
    pub(super) end: usize,
}

/// A package whose name stands before a place.
pub(super) struct Package {
    /// Where the part that holds the members begins.
    pub(super) body: Option<usize>,
    pub(super) members: Vec<Member>,
    pub(super) end: usize,
}

enum Level {
    /// One of a package's routines, or one within another; the member that it is, and whether its statements have begun.
    Routine(Option<usize>, bool),
    Other(Open),
}

pub(super) fn read(tokens: Tokens<'_>, after: usize) -> Package {
    let mut package = Package { body: None, members: Vec::new(), end: tokens.all.len() };
    let mut open: Vec<Level> = Vec::new();
    // The routine whose head is being read.
    let mut head: Option<(usize, usize)> = None;
    // The member that is written in another language: a semicolon ends it.
    let mut foreign: Option<usize> = None;
    let mut brackets = 0_usize;
    let mut at = after;
    while at < tokens.all.len() {
        match tokens.all[at].kind {
            Kind::Batch => break,
            Kind::Sign(b'(') => brackets += 1,
            Kind::Sign(b')') => brackets = brackets.saturating_sub(1),
            Kind::End => {
                if package.body.is_none() {
                    break;
                }
                if let Some((word, name)) = head.take().filter(|_| open.is_empty()) {
                    package.members.push(Member { at: word, name, body: None, end: at });
                }
                if let Some(member) = foreign.take() {
                    package.members[member].end = at;
                }
                brackets = 0;
            }
            Kind::Word if begins_anew(tokens, at, true) => break,
            Kind::Word if package.body.is_none() && brackets == 0 && tokens.is_any(at, &["AS", "IS"]) => {
                package.body = Some(at);
            }
            Kind::Word if package.body.is_none() => {}
            Kind::Word if closes(tokens, at) => {
                let is_last = match open.pop() {
                    None => true,
                    Some(Level::Routine(member, _)) => {
                        if let Some(member) = member.and_then(|member| package.members.get_mut(member)) {
                            member.end = behind_end(tokens, at);
                        }
                        false
                    }
                    Some(Level::Other(opened)) => opened == Open::Block && open.is_empty(),
                };
                if is_last {
                    at = behind_end(tokens, at);
                    break;
                }
            }
            Kind::Word => {
                if let Some(opened) = opens(tokens, at) {
                    match open.last_mut() {
                        Some(Level::Routine(_, begun)) if opened == Open::Block && !*begun => *begun = true,
                        _ => open.push(Level::Other(opened)),
                    }
                } else if tokens.is_any(at, &["PROCEDURE", "FUNCTION"])
                    && tokens.is_name(at + 1)
                    && is_declared(&open)
                {
                    head = Some((at, at + 1));
                    brackets = 0;
                } else if brackets == 0
                    && tokens.is_any(at, &["AS", "IS"])
                    && let Some((word, name)) = head.take()
                {
                    let member = open.is_empty().then_some(package.members.len());
                    if member.is_some() {
                        package.members.push(Member { at: word, name, body: Some(at), end: at + 1 });
                    }
                    if tokens.is_any(at + 1, &["LANGUAGE", "EXTERNAL"]) {
                        foreign = member;
                    } else {
                        open.push(Level::Routine(member, false));
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    package.end = at.min(tokens.all.len());
    // What nothing closed ends with all.
    for level in open {
        if let Level::Routine(Some(member), _) = level {
            package.members[member].end = package.end;
        }
    }
    package
}

/// Whether routines can be declared here: in the package itself, and before the statements of another.
fn is_declared(open: &[Level]) -> bool {
    !matches!(open.last(), Some(Level::Routine(_, true) | Level::Other(_)))
}
