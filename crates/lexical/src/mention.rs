//! Paths in prose and in stack traces.

/// A path or a file name that a task mentions; it may have more or fewer folders than the repository's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathMention {
    /// The path with `/`, without a leading `/`, `./`, drive or scheme.
    pub path: String,
    /// The line that it names (`path:12`, `path:12:5`, `path#L12`), counted from 1 as the task does.
    pub line: Option<u32>,
}

/// Reads a chunk between spaces and brackets as a path: one with a folder, or a file name with an extension.
pub(crate) fn path_mention(chunk: &str) -> Option<PathMention> {
    let chunk = chunk.trim_matches(|c: char| matches!(c, '*' | '_' | '!' | '?' | ':' | '@') || c == '#');
    let chunk = chunk.trim_end_matches('.');
    let (chunk, line) = split_line(chunk);
    if is_address(chunk) {
        return None;
    }
    let path = chunk.strip_prefix("file://").unwrap_or(chunk).replace('\\', "/");
    let parts: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && *part != "." && !part.ends_with(':')).collect();
    let name = *parts.last()?;
    let shaped = parts.iter().all(|part| part.chars().all(|c| c.is_alphanumeric() || "._-+@~".contains(c)));
    let folder = parts.len() > 1 && parts.iter().any(|part| part.chars().any(char::is_alphabetic));
    if !shaped || !(folder || has_extension(name)) {
        return None;
    }
    Some(PathMention { path: parts.join("/"), line })
}

/// What stands between paths in prose.
pub(crate) fn is_border(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | '(' | ')' | '<' | '>' | '[' | ']' | '{' | '}' | ',' | ';' | '|' | '='
        )
        // Marks of scripts without spaces, whole and of full width.
        || matches!(c, '、' | '。' | '「' | '」' | '『' | '』' | '《' | '》' | '【' | '】' | '，' | '：' | '；' | '（' | '）' | '！' | '？')
}

/// Longer names are data.
const MAX_NAME: usize = 200;

/// `package.module.name`, without what follows it.
pub(crate) fn dotted_name(chunk: &str) -> Option<&str> {
    let name = chunk.trim_end_matches(['.', ':', '!', '?', '*']).trim_start_matches(['*', '@', '~']);
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    (name.len() <= MAX_NAME && name.contains('.') && name.split('.').all(is_part)).then_some(name)
}

/// A name that is too short to be told from the words of a text, but for its quotes.
pub(crate) fn is_quoted_name(chunk: &str) -> bool {
    (3..8).contains(&chunk.len())
        && chunk.starts_with(|c: char| c.is_ascii_alphabetic())
        && chunk.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A link that is no file, or a mail address.
pub(crate) fn is_address(chunk: &str) -> bool {
    let link = chunk.contains("://") && !chunk.contains("file://");
    link || chunk
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('/'))
}

/// `name.ext`: a name, a dot and a short extension with a letter; no version (`1.2`), no abbreviation (`e.g`).
pub(crate) fn has_extension(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let letters = extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && extension.bytes().any(|byte| byte.is_ascii_alphabetic());
    letters
        && extension.len() <= 8
        && stem.chars().any(char::is_alphabetic)
        && (stem.len() > 1 || extension.len() <= 2 && stem != "e" && stem != "i")
}

/// Takes `:12`, `:12:5` or `#L12` off the end.
fn split_line(chunk: &str) -> (&str, Option<u32>) {
    if let Some((path, line)) = chunk.split_once("#L") {
        let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
        return (path, line[..digits].parse().ok());
    }
    let mut rest = chunk;
    let mut line = None;
    while let Some((path, number)) = rest.rsplit_once(':') {
        let Ok(number) = number.parse() else { break };
        line = Some(number);
        rest = path;
    }
    (rest, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(chunk: &str, expected: Option<(&str, Option<u32>)>) {
        let found = path_mention(chunk);
        let found = found.as_ref().map(|mention| (mention.path.as_str(), mention.line));
        assert_eq!(found, expected, "{chunk}");
    }

    #[test]
    fn paths_of_prose_and_traces() {
        check("src/engine/start.rs", Some(("src/engine/start.rs", None)));
        check("./lib/a.js:10:5", Some(("lib/a.js", Some(10))));
        check("/home/u/app/views.py:7", Some(("home/u/app/views.py", Some(7))));
        check("C:\\src\\main.cs:3", Some(("src/main.cs", Some(3))));
        check("file:///srv/x.mjs:1:2", Some(("srv/x.mjs", Some(1))));
        check("t_zset.c.", Some(("t_zset.c", None)));
        check("core.py#L12-L20", Some(("core.py", Some(12))));
        check("src/engine/", Some(("src/engine", None)));
    }

    #[test]
    fn other_words_are_no_paths() {
        for chunk in [
            "word",
            "e.g.",
            "i.e",
            "1.2.3",
            "v2.10",
            "https://example.org/a/b.html",
            "1/2",
            "...",
            "a->b.c",
            "",
        ] {
            check(chunk, None);
        }
    }
}
