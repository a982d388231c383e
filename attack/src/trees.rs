//! Trees of plain sources, as a benign user has them.

use std::fs;

use anyhow::Result;

use crate::attempt::Attempt;

/// Writes a tree of a few files in several languages that refer to each other.
pub(crate) fn small(attempt: &mut Attempt<'_>, root: &str) -> Result<()> {
    let files = attempt.random.between(2, 7);
    let names: Vec<String> = (0..files).map(|i| format!("good{i}")).collect();
    for (i, name) in names.iter().enumerate() {
        let other = &names[attempt.random.below(files)];
        let (file, text) = match attempt.random.below(4) {
            0 => (
                format!("src/m{i}.rs"),
                format!("pub struct {name}S;\n\npub fn {name}() {{\n    {other}();\n}}\n"),
            ),
            1 => (
                format!("lib/m{i}.js"),
                format!("function {name}(a) {{ return {other}(a); }}\nclass K{i} {{ run() {{}} }}\n"),
            ),
            _ => (
                format!("m{i}.py"),
                format!(
                    "import os\n\n\ndef {name}(a, b=1):\n    return {other}(b)\n\n\nclass K{i}:\n    pass\n"
                ),
            ),
        };
        attempt.write(&format!("{root}/{file}"), text)?;
    }
    attempt.write(&format!("{root}/README.md"), "# A tree\n\n## good parts\n")?;
    Ok(())
}

/// A source that a parser works on for a while: functions by the thousand.
pub(crate) fn large_source(functions: usize) -> String {
    let mut text = String::new();
    for i in 0..functions {
        text += &format!("def f{i}(a, b=[1, 2, 3]):\n    return [g(x) for x in b if x]\n");
    }
    text
}

/// Changes one thing in a tree: a file is written, removed, renamed, or hidden.
pub(crate) fn change(attempt: &mut Attempt<'_>, root: &str) -> Result<()> {
    let mut files: Vec<_> = fs::read_dir(attempt.path(root))?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    let word = attempt.random.word();
    match attempt.random.below(6) {
        0 if files.len() > 2 => fs::remove_file(&files[attempt.random.below(files.len())])?,
        1 if !files.is_empty() => {
            let from = &files[attempt.random.below(files.len())];
            fs::rename(from, from.with_file_name(format!("{word}.py")))?;
        }
        2 => drop(attempt.write(&format!("{root}/.gitignore"), format!("{word}*\nlib/\n"))?),
        3 => drop(attempt.write(&format!("{root}/sub/{word}.py"), format!("class {word}:\n    pass\n"))?),
        4 => attempt.link(format!("{word}.py"), &format!("{root}/{word}-link.py"))?,
        _ => drop(
            attempt.write(&format!("{root}/{word}.py"), format!("def {word}():\n    return good0()\n"))?,
        ),
    }
    Ok(())
}
