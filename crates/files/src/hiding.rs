//! Why a file that is there is none of the tree's: who asks for it is told which rule it was.

use std::fmt;

use repo_map_model::RepoPath;

use crate::read::contents_at;
use crate::rules::{RuleText, Rules, Verdict};
use crate::scan::caller_rules;
use crate::walk::{RULE_FILE_LIMIT, rule_text};
use crate::{Root, ScanOptions};

/// What hides a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hiding {
    /// The pattern of an ignore file.
    Rule {
        /// The pattern as written.
        pattern: String,
        /// The ignore file, relative to the root: where several of one directory may have it, all of them.
        file: String,
    },
    /// The name of the file, or of a folder on the way, begins with a dot, and git does not track it.
    Dot {
        /// That file or folder.
        path: String,
    },
}

/// The rule that hides a path, by the same rules as a [`scan`](crate::scan) of files that git does not track. `None` where none does. Reads the
/// ignore files on the way.
pub fn hiding(root: &Root, options: &ScanOptions, path: &RepoPath) -> Option<Hiding> {
    let mut rules = Rules::of_caller(&caller_rules(options).ok()?);
    let mut directory = String::new();
    let parts: Vec<&str> = path.as_str().split('/').collect();
    for (at, part) in parts.iter().enumerate() {
        rules = rules.enter(&directory, &text(root, &directory, rules.in_repository()));
        let child = if directory.is_empty() { (*part).to_owned() } else { [&directory, *part].join("/") };
        let is_dir = at + 1 < parts.len();
        match rules.judge(&child, is_dir) {
            Verdict::Excluded | Verdict::Ignored => {
                let (pattern, file) = rules.pattern(&child, is_dir)?;
                return Some(Hiding::Rule { pattern, file });
            }
            Verdict::Unnamed if part.starts_with('.') => return Some(Hiding::Dot { path: child }),
            Verdict::Wanted | Verdict::Unnamed => directory = child,
        }
    }
    None
}

fn text(root: &Root, directory: &str, in_repository: bool) -> RuleText {
    let folder = root.path().join(directory);
    let read = |name: &str| {
        contents_at(&folder.join(name), RULE_FILE_LIMIT)
            .map_or_else(|_| String::new(), |(bytes, _)| rule_text(&bytes))
    };
    let repository = folder.join(".git").symlink_metadata().is_ok();
    let of_git = repository || in_repository;
    RuleText {
        map: read(".aiderignore") + &read(".repomapignore"),
        plain: read(".ignore"),
        git: if of_git { read(".git/info/exclude") + &read(".gitignore") } else { String::new() },
        repository,
    }
}

/// A sentence without its subject.
impl fmt::Display for Hiding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { pattern, file } => write!(f, "the rule `{pattern}` of {file} hides it"),
            Self::Dot { path } => {
                write!(
                    f,
                    "{path} begins with a dot and is not tracked by git; a rule `!{path}` in .repomapignore takes it in"
                )
            }
        }
    }
}
