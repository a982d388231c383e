//! Extensions that several languages share: the content decides.

use super::header;

/// What decides, by extension: it gives the id of a language, or nothing where no language of the table fits.
pub(crate) static SHARED: &[(&str, Decide)] = &[
    ("cl", decide_cl),
    ("engine", decide_php),
    ("h", decide_h),
    ("inc", decide_inc),
    ("install", decide_php),
    ("m", decide_m),
    ("module", decide_php),
    ("pl", decide_pl),
    ("pp", decide_pp),
    ("profile", decide_php),
    ("t", decide_t),
    ("test", decide_php),
    ("theme", decide_php),
    ("v", decide_v),
];

type Decide = fn(&[u8]) -> Option<&'static str>;

fn decide_h(bytes: &[u8]) -> Option<&'static str> {
    let mut in_comment = false;
    if lines(bytes).any(|line| is_objc_line(header::code_of(line, &mut in_comment).trim_ascii())) {
        return Some("objc");
    }
    Some(if header::is_cpp_header(bytes) { "cpp" } else { "c" })
}

/// Objective-C, MATLAB; Mathematica and Mercury are neither.
fn decide_m(bytes: &[u8]) -> Option<&'static str> {
    for line in lines(bytes) {
        if is_objc_line(line) || starts(line, &["#include", "#define", "#if", "//", "/*"]) {
            return Some("objc");
        }
        if starts(line, &["%", "function ", "function[", "classdef ", "end"]) || line.ends_with(b";") {
            return Some("matlab");
        }
        if starts(line, &["(*", ":-"]) {
            return None;
        }
    }
    None
}

fn is_objc_line(line: &[u8]) -> bool {
    starts(line, &["#import", "@import ", "@interface ", "@implementation ", "@protocol ", "@class ", "@end"])
}

/// Perl; Prolog is not.
fn decide_pl(bytes: &[u8]) -> Option<&'static str> {
    if any_line(bytes, is_perl_line) {
        return Some("perl");
    }
    let is_clause = |line: &[u8]| line.starts_with(b":-") || line.ends_with(b":-") || starts(line, &["%"]);
    if any_line(bytes, is_clause) { Some("prolog") } else { Some("perl") }
}

/// Tests of Perl; many another thing ends so as well.
fn decide_t(bytes: &[u8]) -> Option<&'static str> {
    any_line(bytes, is_perl_line).then_some("perl")
}

fn is_perl_line(line: &[u8]) -> bool {
    let is_shebang = line.starts_with(b"#!") && memchr::memmem::find(line, b"perl").is_some();
    is_shebang
        || starts(
            line,
            &["use strict", "use warnings", "use Test::", "package ", "my $", "my @", "my %", "=head"],
        )
        || (starts(line, &["use ", "require ", "sub "]) && (line.ends_with(b";") || line.ends_with(b"{")))
}

/// Verilog; Coq and V are not.
fn decide_v(bytes: &[u8]) -> Option<&'static str> {
    for line in lines(bytes) {
        if starts(
            line,
            &["module ", "`timescale", "`include", "`define", "`ifdef", "endmodule", "primitive "],
        ) {
            return Some("systemverilog");
        }
        if starts(
            line,
            &["(*", "Require ", "From ", "Theorem ", "Lemma ", "Definition ", "Section ", "fn ", "pub fn "],
        ) {
            return None;
        }
    }
    None
}

/// Common Lisp, or OpenCL, which is C.
fn decide_cl(bytes: &[u8]) -> Option<&'static str> {
    let line = lines(bytes).next()?;
    Some(if starts(line, &["(", ";", "#|", "#+", "#-", "#:"]) { "commonlisp" } else { "c" })
}

/// Pascal, or Puppet, which is not.
fn decide_pp(bytes: &[u8]) -> Option<&'static str> {
    let is_pascal = |line: &[u8]| {
        let word = line.split(|byte| !byte.is_ascii_alphabetic()).next().unwrap_or_default();
        line.starts_with(b"{$")
            || ["unit", "program", "uses", "interface", "procedure", "library"]
                .iter()
                .any(|keyword| word.eq_ignore_ascii_case(keyword.as_bytes()))
    };
    any_line(bytes, is_pascal).then_some("pascal")
}

/// PHP of Drupal; many another thing ends so as well.
fn decide_php(bytes: &[u8]) -> Option<&'static str> {
    memchr::memmem::find(bytes, b"<?php").is_some().then_some("php")
}

/// What is included: PHP, C, C++ or Pascal.
fn decide_inc(bytes: &[u8]) -> Option<&'static str> {
    if let php @ Some(_) = decide_php(bytes) {
        return php;
    }
    for line in lines(bytes) {
        if starts(line, &["#include", "#define", "#if", "#pragma", "/*", "//", "static ", "typedef "]) {
            return decide_h(bytes);
        }
        if starts(line, &["{$", "{ ", "procedure ", "function ", "(*"]) {
            return Some("pascal");
        }
    }
    None
}

/// The lines that are not blank, without the blanks around them.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}

fn any_line(bytes: &[u8], fits: fn(&[u8]) -> bool) -> bool {
    lines(bytes).any(fits)
}

fn starts(line: &[u8], prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| line.starts_with(prefix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(extension: &str, text: &str, expected: Option<&str>) {
        let (_, decide) = SHARED.iter().find(|(shared, _)| *shared == extension).unwrap();
        assert_eq!(decide(text.as_bytes()), expected, "{extension}: {text}");
    }

    #[test]
    fn content_decides_between_languages_that_share_an_extension() {
        check("h", "#import <UIKit/UIKit.h>\n@interface A : B\n@end", Some("objc"));
        check("h", "/**\n@class A\n*/\nclass A;", Some("cpp"));
        check("h", "struct a;", Some("c"));
        check("m", "\n// A queue.\n#import \"A.h\"", Some("objc"));
        check("m", "% Adds.\nfunction y = f(x)\n", Some("matlab"));
        check("m", "x = 3;\n", Some("matlab"));
        check("m", "(* ::Package:: *)\nf[x_] := x", None);
        check("pl", "use strict;\nmy $x = 1;", Some("perl"));
        check("pl", "% Facts.\n:- module(family, [parent/2]).\nparent(a, b).", Some("prolog"));
        check("pl", "print 1", Some("perl"));
        check("t", "use Test::More;\nok(1);", Some("perl"));
        check("t", "Some text.", None);
        check("v", "// Counts.\nmodule counter(input clk);\nendmodule", Some("systemverilog"));
        check("v", "(* Proofs. *)\nTheorem t : True.", None);
        check("v", "fn main() {\n}", None);
        check("cl", ";; A queue.\n(defun add (x) x)", Some("commonlisp"));
        check("cl", "__kernel void add(void) {}", Some("c"));
        check("pp", "unit Queue;\ninterface", Some("pascal"));
        check("pp", "class apache { package { 'httpd': } }", None);
        check("inc", "<?php\nfunction f() {}", Some("php"));
        check("inc", "#define A 1\n", Some("c"));
        check("inc", "{$IFDEF A}\nprocedure F;", Some("pascal"));
        check("module", "<?php\nfunction f() {}", Some("php"));
        check("module", "module a;", None);
        check("inc", "SUMMARY = \"x\"", None);
    }
}
