//! Branches of a condition of the preprocessor that each open or close the same braces.
//!
//! To a grammar both are there, and the second brace is never closed: all that follows is inside of it. The first branch stands
//! for all where each leaves as many braces open as it does. A condition and then its opposite, `#if A … #endif #if !A … #endif`, are branches of one.

use std::ops::Range;

use super::lexer::Lexer;
use crate::budget::Budget;

#[derive(Clone)]
struct Section {
    /// The first line, and each `#elif`, `#else` and `#endif`.
    lines: Vec<Range<usize>>,
    /// The braces that each branch leaves open.
    open: Vec<i64>,
    /// Whether anything but attributes stands in it.
    other: bool,
}

/// What is left out: all branches but the first, and the lines between them.
pub(super) fn others(source: &[u8], attributes: bool, budget: &Budget) -> Vec<Range<usize>> {
    let mut left_out = Vec::new();
    if memchr::memmem::find(source, b"#e").is_none() && memchr::memmem::find(source, b"# e").is_none() {
        return left_out;
    }
    let mut sections: Vec<Section> = Vec::new();
    // The one that ended last, if nothing has come since.
    let mut ended: Option<Section> = None;
    let mut lexer = Lexer::new(source, true, budget);
    let mut begins_line = true;
    while let Some(byte) = lexer.peek() {
        let start = lexer.at();
        match byte {
            b'#' if begins_line => {
                lexer.skip_directive();
                let line = start..lexer.at();
                match directive(&source[line.clone()]) {
                    b"if" | b"ifdef" | b"ifndef" => {
                        let opposite = ended.take().filter(|ended| ended.is_opposite(source, &line));
                        if let Some(mut section) = opposite {
                            // Its end and this line stand as an `#else` does.
                            let end = section.lines.pop().expect("it has ended");
                            if let Some(outer) = sections.last_mut() {
                                *outer.open.last_mut().expect("a branch is open") -= section.open[0];
                            }
                            section.lines.push(end.start..line.end);
                            section.open.push(0);
                            sections.push(section);
                        } else {
                            sections.push(Section { lines: vec![line], open: vec![0], other: false });
                        }
                    }
                    b"else" | b"elif" => {
                        if let Some(section) = sections.last_mut() {
                            section.lines.push(line);
                            section.open.push(0);
                        }
                    }
                    b"endif" => {
                        let Some(mut section) = sections.pop() else { continue };
                        section.lines.push(line);
                        section.leave_out(attributes, &mut left_out);
                        if let Some(outer) = sections.last_mut() {
                            outer.other |= section.other;
                            *outer.open.last_mut().expect("a branch is open") += section.open[0];
                        }
                        ended = Some(section);
                    }
                    _ => {}
                }
                begins_line = true;
                continue;
            }
            b'"' => lexer.skip_string(),
            b'\'' => lexer.skip_quote(),
            b'/' if lexer.skip_comment() => continue,
            _ => lexer.pass(1),
        }
        if !byte.is_ascii_whitespace() {
            ended = None;
        }
        if let Some(section) = sections.last_mut() {
            *section.open.last_mut().expect("a branch is open") += match byte {
                b'{' => 1,
                b'}' => -1,
                _ => 0,
            };
            if begins_line && byte != b'[' && byte != b'/' && !byte.is_ascii_whitespace() {
                section.other = true;
            }
        }
        begins_line = byte == b'\n' || begins_line && byte.is_ascii_whitespace();
    }
    left_out
}

impl Section {
    /// Whether it has one branch, which leaves a brace open, and the line begins the opposite of it.
    fn is_opposite(&self, source: &[u8], line: &Range<usize>) -> bool {
        let [open] = *self.open else { return false };
        let of = |line: &Range<usize>| condition(&source[line.clone()]);
        let (first, second) = (of(&self.lines[0]), of(line));
        open != 0 && (first.strip_prefix(b"!") == Some(&second) || second.strip_prefix(b"!") == Some(&first))
    }

    fn leave_out(&self, attributes: bool, left_out: &mut Vec<Range<usize>>) {
        let [first, others @ ..] = &*self.open else { return };
        let opens_alike = *first != 0 && !others.is_empty() && others.iter().all(|open| open == first);
        if opens_alike {
            let branches = self.lines[1].start..self.lines[self.lines.len() - 1].end;
            // What they hold goes with them, and is gone through once.
            while left_out.last().is_some_and(|inner| inner.start >= branches.start) {
                left_out.pop();
            }
            left_out.extend([self.lines[0].clone(), branches]);
        } else if attributes && !self.other {
            left_out.extend(self.lines.iter().cloned());
        }
    }
}

/// What a line asks, `#ifndef A` as `!defined A` does, without blanks and parentheses.
fn condition(line: &[u8]) -> Vec<u8> {
    let name = directive(line);
    let begins: &[u8] = match name {
        b"ifdef" => b"defined",
        b"ifndef" => b"!defined",
        _ => b"",
    };
    let asked = line[1..].trim_ascii_start()[name.len()..].iter();
    let said = asked.filter(|byte| !byte.is_ascii_whitespace() && !b"()".contains(byte));
    begins.iter().chain(said).copied().collect()
}

/// The word behind the `#` of a line.
pub(super) fn directive(line: &[u8]) -> &[u8] {
    let name = line[1..].trim_ascii_start();
    &name[..name.iter().take_while(|byte| byte.is_ascii_alphabetic()).count()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let budget = Budget::new(&crate::ExtractOptions::default(), source.len());
        let left_out = others(source.as_bytes(), true, &budget);
        let text = super::super::blanked(source.as_bytes().into(), &left_out, &budget);
        let lines: Vec<_> = std::str::from_utf8(&text).unwrap().lines().map(str::trim_end).collect();
        assert_eq!(lines.join("|"), expected, "{source}");
    }

    #[test]
    fn the_first_of_branches_that_open_alike_stands_for_all() {
        check("#if A\nvoid f() {\n#else\nvoid f(int a) {\n#endif\n}\n", "|void f() {||||}");
        check("#ifdef A\n} else {\n#else\nb();\n#endif\n", "#ifdef A|} else {|#else|b();|#endif");
        check("#if A\nx {\n#elif B\ny {\n#else\nz { '{' \"{\" // {\n#endif\n", "|x {|||||");
        check("#if A\n#if B\nx {\n#else\ny {\n#endif\n#else\nz {\n#endif\n", "||x {||||||");
    }

    #[test]
    fn a_condition_and_then_its_opposite_are_branches_of_one() {
        check("#if A\nf(a) {\n#endif\n#if !A\nf() {\n#endif\n}\n", "|f(a) {|||||}");
        check("#ifndef A\nf(a) {\n#endif\n// b\n#if defined(A)\nf() {\n#endif\n}\n", "|f(a) {||||||}");
        check(
            "#if X\n#if (A && B)\nf(a) {\n#endif\n\n#if !(A && B)\nf() {\n#endif\n}\n#endif\n",
            "#if X||f(a) {||||||}|#endif",
        );
        for text in [
            "#if A|f(a) {|#endif|#if B|f() {|#endif",
            "#if A|f(a) {|#endif|x();|#if !A|f() {|#endif",
            "#if A|f(a) { }|#endif|#if !A|f() { }|#endif",
            "#if A|f(a) {|#endif|#if !A|f() { }|#endif",
        ] {
            check(&text.replace('|', "\n"), text);
        }
    }

    #[test]
    fn branches_that_are_whole_or_open_differently_stay() {
        for text in
            ["#if A|int f() { }|#else|int g() { }|#endif", "#ifdef B|extern \"C\" {|#endif", "#else|}"]
        {
            check(&text.replace('|', "\n"), text);
        }
        check("#if A\n  [B]\n#endif\nint f;", "|  [B]||int f;");
    }
}
