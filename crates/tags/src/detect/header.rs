//! A header is C, C++ or Objective-C.

/// Whether a header is C++: code outside comments, strings and `#ifdef __cplusplus` that no C has.
pub(super) fn is_cpp_header(bytes: &[u8]) -> bool {
    let mut in_comment = false;
    // How deep the conditions are, and at which depth one asks for C++.
    let mut depth = 0_usize;
    let mut guarded: Option<usize> = None;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let code = code_of(line, &mut in_comment);
        let code = code.trim_ascii();
        if let Some(directive) = code.strip_prefix(b"#") {
            let directive = directive.trim_ascii_start();
            if directive.starts_with(b"if") {
                depth += 1;
                let asks = memchr::memmem::find(directive, b"__cplusplus").is_some();
                if asks && !directive.starts_with(b"ifndef") && guarded.is_none() {
                    guarded = Some(depth);
                }
            } else if directive.starts_with(b"el") && guarded == Some(depth) {
                guarded = None;
            } else if directive.starts_with(b"endif") {
                if guarded == Some(depth) {
                    guarded = None;
                }
                depth = depth.saturating_sub(1);
            } else if guarded.is_none() && includes_cpp(directive) {
                return true;
            }
        } else if guarded.is_none() && is_cpp_line(code) {
            return true;
        }
    }
    false
}

/// `<vector>`: the headers of C have an extension.
fn includes_cpp(directive: &[u8]) -> bool {
    let Some(path) = directive.strip_prefix(b"include").map(<[u8]>::trim_ascii_start) else { return false };
    path.strip_prefix(b"<").and_then(|path| path.split(|byte| *byte == b'>').next()).is_some_and(|name| {
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
    })
}

fn is_cpp_line(code: &[u8]) -> bool {
    let word = code.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').next().unwrap_or_default();
    let rest = code[word.len()..].trim_ascii_start();
    let named = rest.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    match word {
        b"template" => rest.starts_with(b"<"),
        b"public" | b"private" | b"protected" => rest.starts_with(b":"),
        b"namespace" => named || rest.starts_with(b"{"),
        b"enum" => rest.starts_with(b"class ") || rest.starts_with(b"struct "),
        b"class" | b"using" | b"virtual" | b"friend" | b"constexpr" | b"explicit" => named,
        _ => has_qualified_name(code) || has_constant_method(code),
    }
}

/// `std::string`: only attributes of C are written so, in brackets of their own.
fn has_qualified_name(code: &[u8]) -> bool {
    let of_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    memchr::memmem::find_iter(code, b"::").any(|at| {
        code[..at].last().is_some_and(|byte| of_word(byte) || *byte == b'>')
            && code.get(at + 2).is_some_and(of_word)
    }) && memchr::memmem::find(code, b"[[").is_none()
}

/// `size() const;`
fn has_constant_method(code: &[u8]) -> bool {
    const END: &[u8] = b") const";
    memchr::memmem::find_iter(code, END)
        .any(|at| matches!(code[at + END.len()..].trim_ascii_start(), [] | [b';' | b'{' | b'=', ..]))
}

/// The line without comments and string literals.
pub(super) fn code_of(line: &[u8], in_comment: &mut bool) -> Vec<u8> {
    let mut code = Vec::with_capacity(line.len());
    let mut rest = line;
    loop {
        if *in_comment {
            let Some(end) = memchr::memmem::find(rest, b"*/") else { return code };
            *in_comment = false;
            rest = &rest[end + 2..];
        }
        match rest {
            [] | [b'/', b'/', ..] => return code,
            [b'/', b'*', after @ ..] => {
                *in_comment = true;
                rest = after;
            }
            [b'"', after @ ..] => {
                let end = after.iter().position(|byte| *byte == b'"').map_or(after.len(), |end| end + 1);
                rest = &after[end..];
            }
            [byte, after @ ..] => {
                code.push(*byte);
                rest = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_header(text: &str, cpp: bool) {
        assert_eq!(is_cpp_header(text.as_bytes()), cpp, "{text}");
    }

    #[test]
    fn headers_of_c_stay_c() {
        check_header("", false);
        check_header(
            "/* class Foo\n namespace bar */\nint class;\n// template <x>\nstruct list { int public; };",
            false,
        );
        check_header("#ifdef __cplusplus\nextern \"C\" {\nnamespace a {}\n#endif\nint f(void);", false);
        check_header(
            "#if defined(__cplusplus) && 1\n#if X\nclass A;\n#endif\nclass B;\n#endif\nint x;",
            false,
        );
        check_header("#include <stdio.h>\nchar *s = \"std::string\";", false);
        check_header("[[gnu::packed]] struct a;\nstatic __attribute__((unused)) const int x;", false);
    }

    #[test]
    fn headers_of_cpp_are_seen() {
        check_header("#pragma once\nclass Foo;", true);
        check_header("#include <vector>\n", true);
        check_header("#ifdef __cplusplus\nextern \"C\"\n#endif\nnamespace a {", true);
        check_header("#ifndef __cplusplus\n#error C++ only\n#endif\ntemplate<class T> struct A;", true);
        check_header("struct A {\n  public:\n int x; };", true);
        check_header("inline std::string f();", true);
        check_header("struct A {\n  static const map<B::C, int>& f();\n};", true);
        check_header("struct A {\n  int f() const;\n};", true);
        check_header("enum class A { B };", true);
    }
}
