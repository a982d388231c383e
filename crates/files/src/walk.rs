//! One pass over the directories below the root, many at a time.
//!
//! `ignore`'s own walker is not used, only its patterns: it opens rule files whatever they are (a FIFO would hang it), reads
//! those of every directory above the root, and cannot keep a tracked file that a rule hides. Here the listing of
//! a directory says which rule files there are, and what rules hide is entered for the tracked files in it alone.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, FileType};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::Scope;
use repo_map_model::{Interrupt, RepoPath};

use crate::again::{Marks, mark};
use crate::file_system::device;
use crate::git::Tracked;
use crate::read::contents_at;
use crate::rules::{RuleText, Rules, Verdict};
use crate::{ScannedFile, SkipReason, Skipped, StatFingerprint};

/// No honest rule file is longer.
pub(crate) const RULE_FILE_LIMIT: u64 = 1 << 20;

pub(crate) struct Walk<'a> {
    root: &'a Path,
    tracked: Option<&'a Tracked>,
    /// Where the repository at the root keeps the rules that are not in the tree.
    exclude: Option<&'a Path>,
    use_git: bool,
    subtree: Option<&'a str>,
    /// The device of the root, where marks are wanted.
    marked: Option<Option<u64>>,
    interrupt: Interrupt<'a>,
    found: Mutex<Found>,
}

/// In no order.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) files: Vec<ScannedFile>,
    pub(crate) skipped: Vec<Skipped>,
    /// Where they are wanted.
    pub(crate) marks: Marks,
}

struct Directory {
    /// Relative to the root; empty for the root.
    path: String,
    full: PathBuf,
    /// The rules of the directories above.
    rules: Arc<Rules>,
    /// The index entries below.
    tracked: Range<usize>,
    /// Rules hide the directory: only tracked files below it are in.
    hidden: bool,
}

/// An entry of a directory. Its name is asked for many times and is a fresh copy each time.
struct Entry {
    name: OsString,
    kind: FileType,
    listed: DirEntry,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(root: &'a Path) -> Self {
        Self {
            root,
            tracked: None,
            exclude: None,
            use_git: true,
            subtree: None,
            marked: None,
            interrupt: Interrupt::NEVER,
            found: Mutex::default(),
        }
    }

    pub(crate) fn git(self, use_git: bool, tracked: Option<&'a Tracked>, exclude: Option<&'a Path>) -> Self {
        Self { use_git, tracked, exclude, ..self }
    }

    pub(crate) fn subtree(self, subtree: Option<&'a str>) -> Self {
        Self { subtree, ..self }
    }

    /// Marks what decides on the list of files.
    pub(crate) fn marked(self, wanted: bool) -> Self {
        Self { marked: wanted.then(|| device(self.root)), ..self }
    }

    /// Ends early where nobody waits any more.
    pub(crate) fn interrupt(self, interrupt: Interrupt<'a>) -> Self {
        Self { interrupt, ..self }
    }

    /// Runs on the current thread pool.
    pub(crate) fn run(self, rules: Arc<Rules>) -> Found {
        let root = Directory {
            path: String::new(),
            full: self.root.to_owned(),
            rules,
            tracked: self.tracked.map_or(0..0, Tracked::all),
            hidden: false,
        };
        rayon::scope(|scope| self.visit(scope, root));
        self.found.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn visit<'scope>(&'scope self, scope: &Scope<'scope>, mut directory: Directory) {
        if self.interrupt.is_due() {
            return;
        }
        let mut found = Found::default();
        if let Some(root) = self.marked {
            found.marks.directories.push((directory.full.clone(), mark(&directory.full)));
            found.marks.unsure |= root.is_none() || device(&directory.full) != root;
        }
        let (entries, failure) = list(&directory.full);
        if let Some(reason) = failure {
            found.marks.unsure = true;
            let path = if directory.path.is_empty() { "." } else { &directory.path };
            found.skipped.push(Skipped::new(path, reason));
        }
        // A bare repository below the root: of its objects and hooks only those that are tracked are files of this tree.
        directory.hidden |= !directory.path.is_empty() && is_git_directory(&entries);
        let directory = &directory;
        let text = self.rule_text(directory, &entries, &mut found);
        let rules = directory.rules.enter(&directory.path, &text);
        for entry in &entries {
            if self.interrupt.is_due() {
                break;
            }
            if let Some(child) = self.consider(directory, &rules, entry, &mut found) {
                scope.spawn(move |scope| self.visit(scope, child));
            }
        }
        let mut all = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        all.files.append(&mut found.files);
        all.skipped.append(&mut found.skipped);
        all.marks.directories.append(&mut found.marks.directories);
        all.marks.files.append(&mut found.marks.files);
        all.marks.unsure |= found.marks.unsure;
    }

    /// Takes a file, or says which directory to enter.
    fn consider(
        &self,
        parent: &Directory,
        rules: &Arc<Rules>,
        entry: &Entry,
        found: &mut Found,
    ) -> Option<Directory> {
        let Entry { name, kind, .. } = entry;
        if name.eq_ignore_ascii_case(".git") {
            return None;
        }
        let path = join(&parent.path, &name.to_string_lossy());
        if !self.is_in_subtree(&path, kind.is_dir()) {
            return None;
        }
        let below = match self.tracked {
            Some(tracked) if kind.is_dir() => tracked.below(&parent.tracked, &path),
            _ => 0..0,
        };
        let hidden = match rules.judge(&path, kind.is_dir()) {
            Verdict::Excluded => return None,
            Verdict::Ignored => true,
            Verdict::Wanted => parent.hidden,
            Verdict::Unnamed => parent.hidden || name.as_encoded_bytes().starts_with(b"."),
        };
        let is_tracked = || match self.tracked {
            Some(_) if kind.is_dir() => !below.is_empty(),
            Some(tracked) => tracked.has_file(&parent.tracked, &path),
            None => false,
        };
        if hidden && !is_tracked() {
            return None;
        }
        let skip = if name.to_str().is_none() {
            SkipReason::NonUtf8Name
        } else if kind.is_symlink() {
            SkipReason::Symlink
        } else if kind.is_dir() {
            let (full, rules) = (entry.listed.path(), Arc::clone(rules));
            return Some(Directory { path, full, rules, tracked: below, hidden });
        } else if !kind.is_file() {
            SkipReason::NotRegular
        } else {
            match fingerprint(&entry.listed, &path) {
                Ok(file) => {
                    found.files.push(file);
                    return None;
                }
                Err(reason) => {
                    found.marks.unsure = true;
                    reason
                }
            }
        };
        found.skipped.push(Skipped::new(path, skip));
        None
    }

    /// Reads the rule files among the entries. Links are not followed, so no rule comes from elsewhere.
    fn rule_text(&self, directory: &Directory, entries: &[Entry], found: &mut Found) -> RuleText {
        let entry = |name: &str| entries.iter().find(|entry| entry.name == OsStr::new(name));
        let read = |name: &str, found: &mut Found| {
            if !entry(name).is_some_and(|entry| entry.kind.is_file()) {
                return String::new();
            }
            let full = directory.full.join(name);
            if self.marked.is_some() {
                found.marks.files.push((full.clone(), mark(&full)));
            }
            rule_file(&full).unwrap_or_else(|reason| {
                found.skipped.push(Skipped::new(join(&directory.path, name), reason));
                String::new()
            })
        };
        let mut text = RuleText {
            map: read(".aiderignore", found),
            plain: read(".ignore", found),
            ..RuleText::default()
        };
        text.map.push_str(&read(".repomapignore", found));
        if !self.use_git {
            return text;
        }
        text.repository = entry(".git").is_some();
        if text.repository {
            let own = directory.full.join(".git").join("info").join("exclude");
            let exclude = if directory.path.is_empty() { self.exclude.unwrap_or(&own) } else { &own };
            if self.marked.is_some() {
                found.marks.files.push((exclude.to_owned(), mark(exclude)));
            }
            // Most repositories have none; its fate is no fact of the tree.
            text.git = rule_file(exclude).unwrap_or_default();
        }
        if text.repository || directory.rules.in_repository() {
            text.git.push_str(&read(".gitignore", found));
        }
        text
    }

    /// Whether a path lies in the part that was asked for, or, for a directory, on the way to it.
    fn is_in_subtree(&self, path: &str, is_dir: bool) -> bool {
        self.subtree.is_none_or(|subtree| is_below(subtree, path) || is_dir && is_below(path, subtree))
    }
}

/// Whether `path` is `directory` or lies below it.
pub(crate) fn is_below(directory: &str, path: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether the entries are those of a repository without a work tree.
fn is_git_directory(entries: &[Entry]) -> bool {
    let is_there = |name: &str, is_dir: bool| {
        entries.iter().any(|entry| entry.name == OsStr::new(name) && entry.kind.is_dir() == is_dir)
    };
    is_there("HEAD", false) && is_there("objects", true) && is_there("refs", true)
}

/// The entries of a directory, and why some may be missing.
fn list(directory: &Path) -> (Vec<Entry>, Option<SkipReason>) {
    let mut failure = None;
    let mut note = |error: io::Error| failure = Some(SkipReason::of_io(&error));
    let mut entries = Vec::new();
    match fs::read_dir(directory) {
        Ok(listing) => {
            for entry in listing {
                match entry.and_then(Entry::new) {
                    Ok(entry) => entries.push(entry),
                    Err(error) => note(error),
                }
            }
        }
        Err(error) => note(error),
    }
    (entries, failure)
}

impl Entry {
    fn new(listed: DirEntry) -> io::Result<Self> {
        Ok(Self { name: listed.file_name(), kind: listed.file_type()?, listed })
    }
}

fn fingerprint(entry: &DirEntry, path: &str) -> Result<ScannedFile, SkipReason> {
    let metadata = entry.metadata().map_err(|error| SkipReason::of_io(&error))?;
    // Something else may have taken the name since the directory was listed.
    if metadata.is_symlink() {
        return Err(SkipReason::Symlink);
    }
    if !metadata.is_file() {
        return Err(SkipReason::NotRegular);
    }
    let path = RepoPath::new(path).map_err(|_| SkipReason::Unreadable)?;
    Ok(ScannedFile { path, stat: StatFingerprint::of(&metadata) })
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { [directory, name].join("/") }
}

/// Links are not followed, and nothing is waited for.
fn rule_file(path: &Path) -> Result<String, SkipReason> {
    contents_at(path, RULE_FILE_LIMIT).map(|(bytes, _)| rule_text(&bytes))
}

/// The text of a rule file, ended by a line break so that another may follow.
pub(crate) fn rule_text(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8_lossy(bytes).into_owned() + "\n"
}
