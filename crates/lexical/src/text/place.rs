use super::located::Located;

/// A place in a file that a task points to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The path with `/`, as far as the task tells it: it may have more or fewer folders than the repository's own.
    pub path: String,
    /// The first and the last line, counted from 1 as the task does.
    pub lines: Option<(u32, u32)>,
    /// Names that stand beside it and may be the definition around it: `show` of `File "views.py", line 7, in show`.
    pub names: Vec<String>,
    /// What points to it.
    pub origin: Origin,
    /// Whose file it may be.
    pub(crate) reach: Reach,
}

/// What points to a [`Place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// A link to a file of a code host.
    Link,
    /// A path with a line, in prose or in the output of a program.
    Line,
    /// A hunk of a diff.
    Hunk,
    /// A frame of a trace; places of one trace have its number and stand together, the innermost first.
    Frame(u32),
}

/// Whose file a path may name, by the folders that it begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Reach {
    /// Anybody's.
    #[default]
    Tree,
    /// That of an installed package, whose folder the path begins with.
    Package,
    /// That of the standard library of a language.
    Standard,
}

/// More names do not stand beside one place.
pub(super) const MAX_NAMES: usize = 8;

impl Place {
    pub(super) fn new(path: &str, lines: Option<(u32, u32)>, origin: Origin) -> Option<Self> {
        let (path, reach) = told(path)?;
        Some(Self { path, lines, names: Vec::new(), origin, reach })
    }

    pub(super) fn of(located: &Located<'_>, origin: Origin) -> Option<Self> {
        Self::new(located.path, Some(located.lines), origin)
    }
}

/// Folders below which packages of others are installed, each a package.
const INSTALLED: [&str; 5] = ["site-packages", "dist-packages", "node_modules", "gems", "bower_components"];

/// A path without scheme, drive, `.` and what stands before a package.
pub(crate) fn told(path: &str) -> Option<(String, Reach)> {
    let path = path.replace('\\', "/");
    let path = path.rsplit_once("://").map_or(path.as_str(), |(_, path)| path);
    let is_part = |part: &&str| !matches!(*part, "" | "." | ".." | "~") && !part.ends_with(':');
    let mut parts: Vec<&str> = path.split('/').filter(is_part).collect();
    let last = parts.len().checked_sub(1)?;
    let pair = |pair: [&str; 2]| parts.windows(2).position(|parts| parts == pair);
    let (begins, reach) = if let Some(at) = parts.iter().rposition(|part| INSTALLED.contains(part)) {
        (at + 1, Reach::Package)
    } else if let Some(at) = pair(["registry", "src"]) {
        // `~/.cargo/registry/src/INDEX/CRATE-1.2.3/src/lib.rs`
        (at + 3, Reach::Package)
    } else if let Some(at) = parts.iter().rposition(|part| is_versioned(part)) {
        // `~/go/pkg/mod/example.org/a/b@v1.2.3/c.go`
        (at, Reach::Package)
    } else if parts[0] == "rustc" {
        (2, Reach::Standard)
    } else if let Some(at) =
        pair(["go", "src"]).filter(|at| matches!(parts.get(at.wrapping_sub(1)), Some(&"local" | &"lib")))
    {
        (at + 2, Reach::Standard)
    } else if let Some(at) = parts.windows(2).position(is_python) {
        (at + 2, Reach::Standard)
    } else {
        (0, Reach::Tree)
    };
    parts.drain(..begins.min(last));
    let first = parts.first_mut()?;
    if reach == Reach::Package {
        *first = match first.contains('@') {
            true => first.split('@').find(|part| !part.is_empty())?,
            false => without_version(first),
        };
    }
    Some((parts.join("/"), reach))
}

/// `lib/python3.11`.
fn is_python(pair: &[&str]) -> bool {
    let version = pair[1].strip_prefix("python").unwrap_or_default();
    pair[0].to_ascii_lowercase().starts_with("lib") && version.starts_with(['2', '3'])
}

/// `name@v1.2.3`, as Go has its modules.
fn is_versioned(folder: &str) -> bool {
    let version = folder.split_once("@v").map_or("", |(_, version)| version);
    version.starts_with(|c: char| c.is_ascii_digit())
}

/// `name` of `name-1.2.3`.
fn without_version(folder: &str) -> &str {
    let version = |(name, version): (&'_ str, &str)| {
        (!name.is_empty() && version.starts_with(|c: char| c.is_ascii_digit())).then_some(name.len())
    };
    folder.rsplit_once('-').and_then(version).map_or(folder, |end| &folder[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &str, reach: Reach) {
        assert_eq!(told(path), Some((expected.to_owned(), reach)), "{path}");
    }

    #[test]
    fn what_stands_before_a_path_of_a_tree_is_left_out() {
        check("./src/../lib/a.js", "src/lib/a.js", Reach::Tree);
        check("C:\\work\\App\\Main.cs", "work/App/Main.cs", Reach::Tree);
        check("webpack:///./src/a.ts", "src/a.ts", Reach::Tree);
        check("file:///srv/a.mjs", "srv/a.mjs", Reach::Tree);
        check("/usr/lib/python3/site-packages/flask/app.py", "flask/app.py", Reach::Package);
        check("/a/node_modules/x/node_modules/koa/lib/a.js", "koa/lib/a.js", Reach::Package);
        check(
            "/u/.cargo/registry/src/index.crates.io-6f17/tokio-1.2.3/src/a.rs",
            "tokio/src/a.rs",
            Reach::Package,
        );
        check("/go/pkg/mod/example.org/a/cobra@v1.2.3/command.go", "cobra/command.go", Reach::Package);
        check("/gems/rack-3.0.1/lib/rack.rb", "rack/lib/rack.rb", Reach::Package);
        check("/rustc/0123/library/std/src/rt.rs", "library/std/src/rt.rs", Reach::Standard);
        check("/usr/local/go/src/net/http/server.go", "net/http/server.go", Reach::Standard);
        check("/usr/lib/python3.11/json/decoder.py", "json/decoder.py", Reach::Standard);
        check("site-packages", "site-packages", Reach::Package);
        assert_eq!(told("/"), None);
    }
}
