//! The rules that leave files out, level by level from the root down.

use std::iter;
use std::path::Path;
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The rules that hold for the entries of one directory. Directories without rules of their own share their parent's.
pub(crate) struct Rules {
    parent: Option<Arc<Rules>>,
    map: Gitignore,
    plain: Gitignore,
    git: Gitignore,
    /// A repository begins here: git's rules from further up do not reach in.
    repository: bool,
}

/// The text of a directory's rule files.
#[derive(Default)]
pub(crate) struct RuleText {
    /// Of `.aiderignore`, then `.repomapignore`.
    pub(crate) map: String,
    /// Of `.ignore`.
    pub(crate) plain: String,
    /// Of `.git/info/exclude`, then `.gitignore`.
    pub(crate) git: String,
    /// Whether a repository begins here.
    pub(crate) repository: bool,
}

/// What the rules say of an entry. The last matching line of the strongest kind of rules decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The map leaves it out, tracked or not.
    Excluded,
    /// Left out unless git tracks it.
    Ignored,
    /// Wanted by a `!` line.
    Wanted,
    /// No rule speaks of it.
    Unnamed,
}

impl Rules {
    /// Rules of the map that the caller adds, weaker than all that the tree holds.
    pub(crate) fn of_caller(map: &str) -> Arc<Self> {
        let empty = Gitignore::empty;
        Arc::new(Self {
            parent: None,
            map: compile("", map),
            plain: empty(),
            git: empty(),
            repository: false,
        })
    }

    /// The rules inside a directory, given relative to the root.
    pub(crate) fn enter(self: &Arc<Self>, directory: &str, text: &RuleText) -> Arc<Self> {
        if text.map.is_empty() && text.plain.is_empty() && text.git.is_empty() && !text.repository {
            return Arc::clone(self);
        }
        Arc::new(Self {
            parent: Some(Arc::clone(self)),
            map: compile(directory, &text.map),
            plain: compile(directory, &text.plain),
            git: compile(directory, &text.git),
            repository: text.repository,
        })
    }

    /// Judges an entry of the directory, given relative to the root.
    pub(crate) fn judge(&self, path: &str, is_dir: bool) -> Verdict {
        let path = Path::new(path);
        let levels = || iter::successors(Some(self), |rules| rules.parent.as_deref());
        let map = levels().map(|rules| rules.map.matched(path, is_dir)).find(|m| !m.is_none());
        if let Some(map) = map {
            return if map.is_ignore() { Verdict::Excluded } else { Verdict::Wanted };
        }
        let plain = levels().map(|rules| rules.plain.matched(path, is_dir)).find(|m| !m.is_none());
        let decided = plain.or_else(|| {
            let mut outside = false;
            levels()
                .take_while(|rules| !std::mem::replace(&mut outside, rules.repository))
                .map(|rules| rules.git.matched(path, is_dir))
                .find(|m| !m.is_none())
        });
        match decided {
            Some(decided) if decided.is_ignore() => Verdict::Ignored,
            Some(_) => Verdict::Wanted,
            None => Verdict::Unnamed,
        }
    }

    /// The pattern that hides an entry of the directory, and the ignore file that has it.
    pub(crate) fn pattern(&self, path: &str, is_dir: bool) -> Option<(String, String)> {
        let levels = || iter::successors(Some(self), |rules| rules.parent.as_deref());
        let of = |of_level: fn(&Self) -> &Gitignore, names: &str| {
            levels().find_map(|rules| {
                let rules = of_level(rules);
                let glob = rules.matched(Path::new(path), is_dir);
                let pattern = glob.inner()?.original().to_owned();
                let directory = rules.path().to_string_lossy();
                let file = match (directory.as_ref(), names.split_once(" or ")) {
                    ("" | ".", _) => names.to_owned(),
                    (directory, None) => format!("{directory}/{names}"),
                    (directory, Some(_)) => format!("{names} in {directory}"),
                };
                Some((pattern, file))
            })
        };
        of(|rules| &rules.map, ".aiderignore or .repomapignore")
            .or_else(|| of(|rules| &rules.plain, ".ignore"))
            .or_else(|| of(|rules| &rules.git, ".gitignore or .git/info/exclude"))
    }

    /// Whether a repository begins here or further up.
    pub(crate) fn in_repository(&self) -> bool {
        iter::successors(Some(self), |rules| rules.parent.as_deref()).any(|rules| rules.repository)
    }
}

/// Lines that make no sense are passed over, as git does.
fn compile(directory: &str, text: &str) -> Gitignore {
    if text.is_empty() {
        return Gitignore::empty();
    }
    let mut builder = GitignoreBuilder::new(directory);
    for line in text.lines() {
        if let Err(error) = builder.add_line(None, line) {
            tracing::debug!(directory, line, %error, "not a pattern");
        }
    }
    builder.build().unwrap_or_else(|error| {
        tracing::debug!(directory, %error, "the patterns cannot be compiled");
        Gitignore::empty()
    })
}
