//! Heads with a body, as Python has them.

use super::lines::Statement;
use super::parts::{Kind, Part, declared, items};
use super::{Reader, is_colon};

impl Reader<'_> {
    /// `cdef public class A [object B]:` becomes `class` in its place.
    pub(super) fn class(&mut self, statement: &Statement, parts: &[Part], class: usize) {
        let at = statement.range.start;
        // `a.b.C` is declared here and defined in another module.
        let mut last = class;
        while parts.get(last + 2).is_some_and(|part| part.kind == Kind::Sign(b'.')) {
            last += 2;
        }
        self.blanks
            .push(at..parts[last].range.end.max(parts.get(last + 1).map_or(0, |name| name.range.start)));
        self.writes.push((at, b"class"));
        let is = |part: &&Part, sign| part.depth == 0 && part.kind == Kind::Sign(sign);
        let opens = parts.iter().find(|part| is(part, b'['));
        let closes = parts.iter().rfind(|part| is(part, b']'));
        if let (Some(opens), Some(closes)) = (opens, closes) {
            self.blanks.push(opens.range.start..closes.range.end.max(opens.range.end));
        }
    }

    /// Leaves names and defaults of arguments, and takes away what stands between them and the colon.
    pub(super) fn arguments(&mut self, parts: &[Part], is_python: bool) {
        let is = |part: &Part, sign| part.depth == 0 && part.kind == Kind::Sign(sign);
        let Some(opens) = parts.iter().position(|part| is(part, b'(')) else { return };
        let Some(closes) = parts[opens..].iter().position(|part| is(part, b')')).map(|at| opens + at) else {
            return;
        };
        for item in items(&parts[opens + 1..closes], 1) {
            self.argument(item);
        }
        let after = parts.get(closes + 1);
        let keeps = is_python && after.is_none_or(|part| part.kind != Kind::Word);
        if let Some(colon) = parts[closes..].iter().find(|part| is_colon(part)).filter(|_| !keeps) {
            self.blanks.push(parts[closes].range.end..colon.range.start);
        }
    }

    fn argument(&mut self, item: &[Part]) {
        let Some(first) = item.first() else { return };
        let default =
            item.iter().position(|part| part.depth == 1 && matches!(part.kind, Kind::Sign(b'=' | b':')));
        let mut before = &item[..default.unwrap_or(item.len())];
        if let [.., or, none] = before
            && matches!(self.word(Some(or)), b"not" | b"or")
            && self.word(Some(none)) == b"None"
        {
            self.blanks.push(or.range.start..none.range.end);
            before = &before[..before.len() - 2];
        }
        if let Some(at) = default
            && let [Part { kind: Kind::Sign(b'*'), range, .. }] = &item[at + 1..]
        {
            self.blanks.push(item[at].range.start..range.end);
        }
        let Some(name) = declared(before) else { return };
        let is_plain = matches!(first.kind, Kind::Sign(b'*')) || name.range.start == first.range.start;
        if !is_plain {
            self.blanks.push(first.range.start..name.range.start);
        }
    }
}
