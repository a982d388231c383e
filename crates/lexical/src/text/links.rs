//! Links to files of code hosts.

use super::decode::decoded;
use super::located::lines_of_fragment;
use super::place::{Origin, Place};

/// A longer link is data.
const MAX_LINK: usize = 2_048;

/// The places that links point to, in the order of the text. Cost: linear.
pub(super) fn links(text: &str) -> Vec<Place> {
    let is_border = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\'' | '`' | '<' | '>' | '|' | '\\' | '^' | '{' | '}' | '(' | ')' | '[' | ']'
            )
    };
    let chunks = text.split(is_border).filter(|chunk| (8..=MAX_LINK).contains(&chunk.len()));
    chunks.filter_map(link).collect()
}

/// Reads a chunk as a link to a file.
fn link(chunk: &str) -> Option<Place> {
    let chunk = chunk.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '…']);
    let address = match chunk.rfind("://") {
        Some(scheme) => &chunk[scheme + 3..],
        // `github.com/…` without a scheme.
        None => chunk.find("/blob/").and(Some(chunk))?,
    };
    let (address, fragment) =
        address.split_once('#').map_or((address, None), |(address, of)| (address, Some(of)));
    let (address, query) =
        address.split_once('?').map_or((address, None), |(address, of)| (address, Some(of)));
    let (host, path) = address.split_once('/')?;
    if !host.contains('.') && !host.starts_with("localhost") {
        return None;
    }
    let (path, own_lines) = path_of(host, path, query)?;
    let told = |text: Option<&str>| text.and_then(lines_of_fragment);
    let lines = told(fragment).or(own_lines).or_else(|| told(query.filter(|query| is_of_lines(query))));
    Place::new(&decoded(&path), lines, Origin::Link).filter(|place| place.path.len() < 1_024)
}

/// The path of the file in the repository; where a branch may have `/` in its name, its parts stand before. Lines that the path itself tells.
fn path_of<'a>(host: &str, path: &'a str, query: Option<&str>) -> Option<(String, Option<(u32, u32)>)> {
    let parts: Vec<&'a str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let from =
        |at: usize| parts.get(at..).filter(|parts| !parts.is_empty()).map(|parts| (parts.join("/"), None));
    let find = |word: &str| parts.iter().position(|part| *part == word);
    const VIEWS: [&str; 7] = ["blob", "blame", "raw", "edit", "tree", "commits", "rendered"];
    // GitLab, and Sourcegraph, where the revision stands before.
    if let Some(at) = find("-").filter(|at| parts.get(at + 1).is_some_and(|view| VIEWS.contains(view))) {
        let is_of_host = parts[..at].iter().any(|part| part.contains('.') || part.contains('@'));
        return from(if is_of_host && !parts[0].starts_with('~') && host.contains("sourcegraph") {
            at + 2
        } else {
            at + 3
        });
    }
    // Gitiles: `/REPOSITORY/+/REV/PATH`, and its code search `/+/REV:PATH;l=12`.
    if let Some(at) = find("+") {
        let (path, _) = from(at + 1)?;
        let (path, line) =
            path.split_once(";l=").map_or((path.as_str(), None), |(path, line)| (path, Some(line)));
        let lines = line.and_then(lines_of_fragment);
        return match path.split_once(':') {
            Some((_, path)) => Some((path.to_owned(), lines)),
            None => from(at + if parts.get(at + 1) == Some(&"refs") { 4 } else { 2 }),
        };
    }
    if host.starts_with("raw.") || host.starts_with("rawgit") || host.starts_with("rawcdn") {
        let is_ref = parts.get(2) == Some(&"refs");
        return from(if is_ref { 5 } else { 3 });
    }
    if host.ends_with("jsdelivr.net") && parts.first() == Some(&"gh") {
        return from(3);
    }
    // Bitbucket's own server.
    if let Some(at) = find("browse").filter(|_| find("repos").is_some()) {
        return from(at + 1);
    }
    // Gitea and its kin: `/src/branch/REF/PATH`.
    const KINDS: [&str; 3] = ["branch", "commit", "tag"];
    let of_gitea = |at: &usize| {
        matches!(parts[*at], "src" | "raw" | "blame" | "media")
            && parts.get(at + 1).is_some_and(|kind| KINDS.contains(kind))
    };
    if let Some(at) = (2..parts.len()).find(of_gitea) {
        return from(at + 3);
    }
    // cgit: `/REPOSITORY.git/tree/PATH?h=…`.
    if let Some(at) = find("tree").filter(|at| *at > 0 && parts[at - 1].ends_with(".git")) {
        return from(at + 1);
    }
    // GitHub: `/OWNER/NAME/blob/REV/PATH`, on its editors' hosts too.
    if let Some(at) = (2..parts.len().min(5)).find(|at| VIEWS.contains(&parts[*at])) {
        let is_item = parts.get(at + 2) == Some(&"item");
        let has_ref = parts[at + 1..].first() == Some(&"refs") && parts.len() > at + 4;
        return from(if is_item || has_ref { at + if has_ref { 4 } else { 3 } } else { at + 2 });
    }
    // Bitbucket: `/OWNER/NAME/src/REV/PATH`.
    if parts.get(2) == Some(&"src")
        && (host.contains("bitbucket") || parts.get(3).is_some_and(|of| is_revision(of)))
    {
        return from(4);
    }
    // Mercurial: `/file/REV/PATH`.
    if let Some(at) =
        find("file").filter(|at| parts.get(at + 1).is_some_and(|of| is_revision(of) || *of == "tip"))
    {
        return from(at + 2);
    }
    // Linux cross references: `/linux/v6.1/source/PATH`.
    if let Some(at) = find("source").filter(|_| host.contains("bootlin")) {
        return from(at + 1);
    }
    // Sphinx shows sources: `/_modules/package/module.html`.
    if let Some(at) = find("_modules") {
        let (path, _) = from(at + 1)?;
        return Some((path.strip_suffix(".html")?.to_owned(), None));
    }
    // gitweb and Azure: the path is a part of the query.
    let of_query =
        query?.split(['&', ';']).find_map(|part| part.strip_prefix("path=").or(part.strip_prefix("f=")))?;
    Some((decoded(of_query).trim_start_matches('/').to_owned(), None))
}

/// Whether a name is that of a commit.
fn is_revision(name: &str) -> bool {
    name.len() >= 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Of Sourcegraph and Azure; other queries have numbers too.
fn is_of_lines(query: &str) -> bool {
    let is_line = |part: &str| {
        part.starts_with("line=")
            || part.strip_prefix('L').is_some_and(|of| of.starts_with(|c: char| c.is_ascii_digit()))
    };
    query.split('&').any(is_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, Option<(u32, u32)>)>) {
        let found = links(text);
        let found: Vec<_> = found.iter().map(|place| (place.path.as_str(), place.lines)).collect();
        assert_eq!(found, Vec::from_iter(expected), "{text}");
    }

    #[test]
    fn files_of_code_hosts_are_told_by_their_links() {
        const REV: &str = "0123456789abcdef0123456789abcdef01234567";
        for (link, lines) in [
            ("https://github.com/o/n/blob/main/src/a.py#L10-L20", Some((10, 20))),
            ("https://github.com/o/n/blob/REV/src/a.py#L10C3-L20C9", Some((10, 20))),
            ("https://github.com/o/n/blob/v1.2/src/a.py?plain=1#L10", Some((10, 10))),
            ("https://github.com/o/n/blame/main/src/a.py#L10", Some((10, 10))),
            ("https://www.github.com/o/n/tree/main/src/a.py", None),
            ("https://github.com/o/n/raw/refs/heads/main/src/a.py", None),
            ("github.com/o/n/blob/main/src/a.py#L3", Some((3, 3))),
            ("https://github.dev/o/n/blob/main/src/a.py", None),
            ("https://vscode.dev/github/o/n/blob/main/src/a.py", None),
            ("https://raw.githubusercontent.com/o/n/main/src/a.py", None),
            ("https://raw.githubusercontent.com/o/n/refs/heads/main/src/a.py", None),
            ("https://gitlab.com/g/sub/n/-/blob/REV/src/a.py#L10-20", Some((10, 20))),
            ("https://gitlab.example.org/g/n/-/raw/main/src/a.py", None),
            ("https://gitlab.com/g/n/blob/main/src/a.py#L10", Some((10, 10))),
            ("https://bitbucket.org/o/n/src/REV/src/a.py#lines-10:20", Some((10, 20))),
            ("https://bitbucket.org/o/n/src/main/src/a.py#a.py-10", Some((10, 10))),
            ("https://bitbucket.org/o/n/raw/REV/src/a.py", None),
            ("https://bits.example.org/projects/P/repos/n/browse/src/a.py?at=main#10-20", Some((10, 20))),
            ("https://codeberg.org/o/n/src/branch/main/src/a.py#L10-L20", Some((10, 20))),
            ("https://gitea.com/o/n/src/commit/REV/src/a.py#L10", Some((10, 10))),
            ("https://git.example.org/o/n/raw/tag/v1/src/a.py", None),
            ("https://sourcegraph.com/github.com/o/n/-/blob/src/a.py?L10-20", Some((10, 20))),
            ("https://sourcegraph.com/github.com/o/n@REV/-/blob/src/a.py?L10:3-20:5", Some((10, 20))),
            ("https://sourcegraph.com/github.com/o/n/-/blob/src/a.py#L10", Some((10, 10))),
            ("https://go.googlesource.com/n/+/REV/src/a.py#10", Some((10, 10))),
            ("https://go.googlesource.com/n/+/refs/heads/main/src/a.py", None),
            ("https://cs.opensource.google/o/n/+/main:src/a.py;l=10", Some((10, 10))),
            ("https://git.sr.ht/~o/n/tree/main/item/src/a.py#L10", Some((10, 10))),
            ("https://git.kernel.org/pub/n.git/tree/src/a.py?h=v6.1#n10", Some((10, 10))),
            ("https://elixir.bootlin.com/linux/v6.1/source/src/a.py#L10", Some((10, 10))),
            ("https://hg.example.org/n/file/REV/src/a.py#l10", Some((10, 10))),
            ("https://git.example.org/?p=n.git;a=blob;f=src/a.py;hb=HEAD#l10", Some((10, 10))),
            (
                "https://dev.azure.com/o/p/_git/n?path=/src/a.py&version=GBmain&line=10&lineEnd=20",
                Some((10, 10)),
            ),
            ("https://cdn.jsdelivr.net/gh/o/n@1.2/src/a.py", None),
            ("[here](https://github.com/o/n/blob/main/src/a.py#L10).", Some((10, 10))),
            ("<https://github.com/o/n/blob/main/src%2Fa.py#L10>", Some((10, 10))),
        ] {
            check(&link.replace("REV", REV), Some(("src/a.py", lines)));
        }
        check("https://github.com/o/n/blob/main/my%20dir/gr%C3%B6.c", Some(("my dir/grö.c", None)));
        check(
            "https://x.example.org/en/stable/_modules/pkg/io/ascii.html#read",
            Some(("pkg/io/ascii", None)),
        );
        // Which parts belong to the branch is not told.
        check("https://github.com/o/n/blob/fix/x/src/a.py", Some(("x/src/a.py", None)));
    }

    #[test]
    fn other_links_point_to_no_file() {
        for link in [
            "https://example.org/a/b.html",
            "https://github.com/o/n/issues/12",
            "https://github.com/o/n/pull/12/files#diff-0123456789ab",
            "https://github.com/o/n/blob/main",
            "https://github.com/o/n",
            "https://user-images.example.org/1/2.png",
            "https://",
            "://///",
            "https://gitlab.com/g/n/-/blob/main",
        ] {
            check(link, None);
        }
    }
}
