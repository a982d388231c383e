use std::path::Path;

use ahash::HashMap;
use repo_map_git::ObjectId;
use repo_map_model::Interrupt;

use crate::commit::{Commit, CommitKind, Message};
use crate::options::LogOptions;
use crate::walk;

/// The last commits before `HEAD`: the files that each one changed, the words of its message, and of the youngest the names of
/// what they touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    pub(crate) settings: Settings,
    pub(crate) head: Option<ObjectId>,
    /// As git's log orders them: a commit before its parents' commits, younger ones first.
    pub(crate) commits: Vec<Commit>,
    /// When the parents that the walk did not come to were made. Ascending.
    pub(crate) beyond: Vec<(ObjectId, i64)>,
    /// Ascending.
    pub(crate) paths: Vec<Box<str>>,
    pub(crate) end: LogEnd,
    files_now: FilesNow,
}

/// Where the log ends, and so what it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogEnd {
    /// At the first commit: nothing is missing.
    First,
    /// After as many commits as were asked for.
    Limit,
    /// Where a shallow clone was cut, or where objects are missing.
    Cut,
    /// When the [work](crate::LogOptions::work) was done that a log may take.
    Work,
    /// There is no git repository whose root is the folder: the log is empty.
    NoRepository,
    /// The repository has no commit: the log is empty.
    NoCommit,
    /// The repository or its `HEAD` cannot be read: the log is empty.
    Unreadable,
    /// Where the reading was [interrupted](Log::read_until): the next one goes on from here.
    Interrupted,
}

/// What must be the same for a log to be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Settings {
    pub(crate) commits: u64,
    pub(crate) named_commits: u64,
    pub(crate) message_bytes: u64,
    pub(crate) words_version: u32,
    pub(crate) work: u64,
    /// A hash of the borders of a shallow clone: what lies behind them comes and goes with them.
    pub(crate) shallow: u64,
}

/// The files of the commits that count, by the names that they have after all moves that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct FilesNow {
    files: Vec<u32>,
    names: Vec<(u32, u32)>,
    /// For each commit that counts: its index, where its files end, and where its names end.
    ends: Vec<(usize, usize, usize)>,
}

/// A commit that counts, as signals see it.
pub(crate) struct Change<'a> {
    /// Its index among all commits of the log.
    commit: usize,
    /// None for a commit that is too large to say anything of its files.
    pub(crate) files: &'a [u32],
    /// The names that it touched, each with its file; none where nobody looked.
    pub(crate) names: &'a [(u32, u32)],
    pub(crate) message: &'a Message,
}

/// One commit of a [`Log`].
pub struct LoggedCommit<'a> {
    log: &'a Log,
    change: Change<'a>,
}

impl<'a> LoggedCommit<'a> {
    /// Its hexadecimal name.
    pub fn id(&self) -> String {
        self.log.commits[self.change.commit].id.to_hex().to_string()
    }

    /// The files that it changed, by the names that they have now; none when there are more than [`Log::MAX_FILES`].
    pub fn files(&self) -> impl Iterator<Item = &'a str> {
        let paths = &self.log.paths;
        self.change.files.iter().map(|&file| &*paths[file as usize])
    }
}

impl Log {
    /// A commit that changes more files says nothing about them.
    pub const MAX_FILES: usize = 30;

    /// Reads the log of the repository whose work tree, or whose bare directory, this folder is.
    ///
    /// `words` splits a line of a message, calling back with each word: the function that splits the task, so that
    /// both find the same words. `previous` is an earlier log of any state of any repository: its commits are not looked
    /// at again, as far as it was read with the same options.
    ///
    /// Cost: for each new commit one look at it and at the trees that differ from its parent's; for the
    /// [youngest](LogOptions::named_commits) also at the texts that differ.
    pub fn read(
        folder: &Path,
        options: &LogOptions,
        previous: Option<Self>,
        words: impl FnMut(&str, &mut dyn FnMut(&str)),
    ) -> Self {
        Self::read_until(folder, options, previous, Interrupt::NEVER, words)
    }

    /// As [`read`](Self::read), until nobody waits for it any more: what it has by then ends with [`LogEnd::Interrupted`], and as
    /// `previous` it saves that work. It may be shorter than `previous`.
    pub fn read_until(
        folder: &Path,
        options: &LogOptions,
        previous: Option<Self>,
        interrupt: Interrupt<'_>,
        words: impl FnMut(&str, &mut dyn FnMut(&str)),
    ) -> Self {
        walk::read(folder, options, previous, interrupt, words)
    }

    /// Whether reading it again would give the same: `HEAD` has not moved, and nothing was missing.
    pub fn is_current(&self, folder: &Path, options: &LogOptions) -> bool {
        walk::is_current(self, folder, options)
    }

    /// The commit that the log was read at, as its hexadecimal name.
    pub fn head(&self) -> Option<String> {
        self.head.map(|id| id.to_hex().to_string())
    }

    /// Where and why it ends.
    pub fn end(&self) -> LogEnd {
        self.end
    }

    /// The number of commits that count: neither merges nor the borders of a shallow clone.
    pub fn len(&self) -> usize {
        self.files_now.ends.len()
    }

    /// Whether no commit counts.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of commits whose changes could not be read: damaged or missing objects.
    pub fn unreadable(&self) -> usize {
        self.commits.iter().filter(|commit| commit.kind == CommitKind::Unreadable).count()
    }

    /// Every path that it names, in their order: also of files that are no more.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(|path| &**path)
    }

    /// The commits that count, the youngest first.
    pub fn commits(&self) -> impl Iterator<Item = LoggedCommit<'_>> {
        self.changes().map(|change| LoggedCommit { log: self, change })
    }

    pub(crate) fn empty(settings: Settings, head: Option<ObjectId>, end: LogEnd) -> Self {
        Self::from_parts(settings, head, Vec::new(), Vec::new(), Vec::new(), end)
    }

    /// `paths` ascending and each once; indices in `commits` within them.
    pub(crate) fn from_parts(
        settings: Settings,
        head: Option<ObjectId>,
        commits: Vec<Commit>,
        beyond: Vec<(ObjectId, i64)>,
        paths: Vec<Box<str>>,
        end: LogEnd,
    ) -> Self {
        let files_now = FilesNow::of(&commits);
        Self { settings, head, commits, beyond, paths, end, files_now }
    }

    pub(crate) fn path_count(&self) -> usize {
        self.paths.len()
    }

    pub(crate) fn path_index(&self, path: &str) -> Option<usize> {
        self.paths.binary_search_by(|known| (**known).cmp(path)).ok()
    }

    /// The commits that count, the youngest first.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Change<'_>> + Clone {
        let mut start = (0, 0);
        self.files_now.ends.iter().map(move |&(commit, files_end, names_end)| {
            let files = &self.files_now.files[start.0..files_end];
            let names = &self.files_now.names[start.1..names_end];
            start = (files_end, names_end);
            Change { commit, files, names, message: &self.commits[commit].message }
        })
    }
}

impl FilesNow {
    fn of(commits: &[Commit]) -> Self {
        let mut now = Self::default();
        // What older commits call a file → what it is called now.
        let mut names: HashMap<u32, u32> = HashMap::default();
        let mut files = Vec::new();
        for (index, commit) in commits.iter().enumerate() {
            if commit.kind == CommitKind::Change {
                let now_called = |file: &u32| names.get(file).copied().unwrap_or(*file);
                files.clear();
                files.extend(commit.files.iter().map(now_called));
                files.sort_unstable();
                files.dedup();
                now.files.extend_from_slice(&files);
                let touched = commit.names.iter().flatten();
                now.names.extend(touched.map(|(file, name)| (now_called(file), *name)));
                now.ends.push((index, now.files.len(), now.names.len()));
            }
            // All at once: files may change places in one commit.
            let moved: Vec<_> = commit
                .moves
                .iter()
                .map(|(from, to)| (*from, names.get(to).copied().unwrap_or(*to)))
                .collect();
            names.extend(moved);
        }
        now
    }
}
