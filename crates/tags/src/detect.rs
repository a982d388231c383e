//! What a name leaves open, the content tells.

use repo_map_model::RepoPath;

use crate::rows;

mod header;
mod shared;

pub(crate) use shared::SHARED;

/// Enough to meet the first declaration behind any licence.
const LOOK: usize = 64 << 10;

/// The lines at either end of a file in which an editor looks for a modeline.
const MODELINES: usize = 5;

/// The place of the row that a name and, if need be, the content tell.
pub(crate) fn row(path: &RepoPath, bytes: &[u8]) -> Option<usize> {
    let bytes = &bytes[..bytes.len().min(LOOK)];
    let by_name = rows::of_file_name(path);
    let Some(extension) = rows::extension(path) else {
        return by_name.or_else(|| by_interpreter(bytes)).or_else(|| by_modeline(bytes));
    };
    match SHARED.iter().find(|(shared, _)| *shared == extension) {
        Some((_, decide)) => decide(bytes).and_then(rows::of_id).or_else(|| if_left_out(extension, by_name)),
        None => by_name,
    }
}

/// A header of C++ counts as C in a build without C++, and the other way round; nothing else can be taken for
/// another language.
fn if_left_out(extension: &str, by_name: Option<usize>) -> Option<usize> {
    by_name.filter(|_| extension == "h")
}

/// The place of the row of the program that the first line calls: `#!/usr/bin/env -S python3.11 -u`.
fn by_interpreter(bytes: &[u8]) -> Option<usize> {
    let line = bytes.strip_prefix(b"#!")?.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    let mut program = file_name(words.next()?);
    if program == "env" {
        program = file_name(words.find(|word| !word.starts_with('-') && !word.contains('='))?);
    }
    let program = program.trim_end_matches(|digit: char| digit.is_ascii_digit() || digit == '.');
    rows::of_interpreter(program)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The place of the row that an editor's modeline names: `# vim: set ft=ruby:`, `# -*- mode: ruby -*-`.
fn by_modeline(bytes: &[u8]) -> Option<usize> {
    let lines: Vec<&[u8]> = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).collect();
    let ends = lines.len().saturating_sub(MODELINES).max(MODELINES.min(lines.len()));
    lines[..MODELINES.min(lines.len())].iter().chain(&lines[ends..]).find_map(|line| {
        let line = std::str::from_utf8(line).ok()?;
        rows::of_word(vim_type(line).or_else(|| emacs_mode(line))?)
    })
}

fn vim_type(line: &str) -> Option<&str> {
    let (_, options) =
        line.split_once(" vim:").or_else(|| line.split_once(" vi:")).or_else(|| line.split_once("\tvim:"))?;
    let mut words = options.split([' ', ':', '\t']);
    words.find_map(|word| {
        ["ft=", "filetype=", "syntax=", "syn="].iter().find_map(|option| word.strip_prefix(option))
    })
}

fn emacs_mode(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("-*-")?;
    let (variables, _) = rest.split_once("-*-")?;
    let mode = variables.split(';').find_map(|variable| {
        let (name, value) = variable.split_once(':')?;
        name.trim().eq_ignore_ascii_case("mode").then_some(value)
    });
    let mode = mode.or_else(|| (!variables.contains(':')).then_some(variables))?.trim();
    Some(mode.strip_suffix("-mode").unwrap_or(mode))
}

#[cfg(test)]
#[cfg(feature = "lang-python")]
mod tests {
    use super::*;

    #[test]
    fn interpreters_tell_scripts() {
        let path = RepoPath::new("bin/tool").unwrap();
        for line in [
            "#!/usr/bin/python3",
            "#! /usr/bin/env python",
            "#!/usr/bin/env -S A=1 python3.12 -u\n",
            "#!pypy3\r\n",
        ] {
            assert_eq!(
                row(&path, line.as_bytes()).map(|place| rows::ROWS[place].row.id),
                Some("python"),
                "{line}"
            );
        }
        assert!(row(&path, b"#!/bin/sed -f\n# python").is_none());
        assert!(row(&path, b"").is_none());
        assert!(row(&RepoPath::new("a.data").unwrap(), b"#!/usr/bin/python3").is_none());
    }

    #[test]
    fn modelines_tell_what_has_neither_extension_nor_interpreter() {
        let path = RepoPath::new("bin/tool").unwrap();
        for text in [
            "# vim: set ft=python:\nx",
            "x\n\n\n\n\n\n\n\n\n# vim:sw=4:filetype=python",
            "#\n# -*- mode: Python; coding: utf-8 -*-\n",
            "# -*- python -*-",
            "/* -*- python-mode -*- */",
        ] {
            assert_eq!(
                row(&path, text.as_bytes()).map(|place| rows::ROWS[place].row.id),
                Some("python"),
                "{text}"
            );
        }
        for text in ["vim:ft=", "# vim: ft=nothing", "-*-", "# -*- coding: utf-8 -*-", "a vim: b"] {
            assert!(row(&path, text.as_bytes()).is_none(), "{text}");
        }
    }
}
