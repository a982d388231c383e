//! Branches of a condition of the preprocessor that each open or close the same braces.
//!
//! To a grammar both are there, and the second brace is never closed: all that follows is inside of it. The first branch stands
//! for all where each leaves as many braces open as it does.

use std::ops::Range;

use super::lexer::Lexer;
use crate::budget::Budget;

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
                        sections.push(Section { lines: vec![line], open: vec![0], other: false });
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
                    }
                    _ => {}
                }
                begins_line = true;
                continue;
            }
            b'"' => lexer.skip_string(),
            b'\'' => lexer.skip_quote(),
            b'/' if lexer.skip_comment() => {}
            _ => lexer.pass(1),
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
    fn branches_that_are_whole_or_open_differently_stay() {
        for text in
            ["#if A|int f() { }|#else|int g() { }|#endif", "#ifdef B|extern \"C\" {|#endif", "#else|}"]
        {
            check(&text.replace('|', "\n"), text);
        }
        check("#if A\n  [B]\n#endif\nint f;", "|  [B]||int f;");
    }
}
