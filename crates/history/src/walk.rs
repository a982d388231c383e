//! Reads a log: walks from `HEAD` as git's log does, and looks only at commits that the log before does not hold.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::Path;
use std::time::Instant;

use ahash::{HashMap, HashSet};
use gix::ObjectId;

use crate::commit::{Commit, CommitKind, Message};
use crate::diff::{Differ, Difference};
use crate::log::{Log, LogEnd};
use crate::options::LogOptions;
use crate::repository::{CommitFacts, Repository};
use crate::touched;

/// Merges and other mere steps, for each commit that counts: a history of merges alone must end too.
const MAX_STEPS: usize = 4;

pub(crate) fn read(
    folder: &Path,
    options: &LogOptions,
    previous: Option<Log>,
    mut words: impl FnMut(&str, &mut dyn FnMut(&str)),
) -> Log {
    let repository = match Repository::open(folder) {
        Ok(repository) => repository,
        Err(end) => return Log::empty(options.settings(None), None, end),
    };
    let settings = options.settings(Some(&repository));
    let head = match repository.head() {
        Ok(head) => head,
        Err(end) => return Log::empty(settings, None, end),
    };
    let previous = previous.filter(|log| log.settings == settings);
    let previous = match previous {
        Some(log) if log.head == Some(head) && log.end != LogEnd::Time && log.unreadable() == 0 => {
            return log;
        }
        Some(log) => Some(Known::new(log)),
        None => None,
    };
    let walk = Walk {
        repository: &repository,
        options,
        known: previous.unwrap_or_default(),
        pending: HashMap::default(),
        seen: HashSet::default(),
        queue: BinaryHeap::new(),
        paths: PathTable::default(),
        differ: Differ::default(),
        start: Instant::now(),
    };
    let (commits, beyond, paths, end) = walk.run(head, &mut words);
    Log::from_parts(settings, Some(head), commits, beyond, paths, end)
}

/// What an earlier log tells.
#[derive(Default)]
struct Known {
    commits: HashMap<ObjectId, Commit>,
    beyond: HashMap<ObjectId, i64>,
    paths: Vec<Box<str>>,
}

struct Walk<'a> {
    repository: &'a Repository,
    options: &'a LogOptions,
    known: Known,
    /// Commits that were read for their time and wait to be walked.
    pending: HashMap<ObjectId, CommitFacts>,
    seen: HashSet<ObjectId>,
    /// Younger ones first; among the same second, in the order that they were come upon.
    queue: BinaryHeap<(i64, Reverse<usize>, ObjectId)>,
    paths: PathTable,
    differ: Differ,
    start: Instant,
}

type Parts = (Vec<Commit>, Vec<(ObjectId, i64)>, Vec<Box<str>>, LogEnd);

impl Walk<'_> {
    fn run(mut self, head: ObjectId, words: &mut impl FnMut(&str, &mut dyn FnMut(&str))) -> Parts {
        let mut commits = Vec::new();
        let (mut counted, mut steps) = (0, 0);
        let mut end = if self.enqueue(head) { LogEnd::First } else { LogEnd::Cut };
        while let Some(&(time, _, id)) = self.queue.peek() {
            if counted >= self.options.commits || steps > self.options.commits.saturating_mul(MAX_STEPS) {
                end = LogEnd::Limit;
                break;
            }
            // What is known costs nothing: only the reading of new commits can take too long.
            if !self.known.commits.contains_key(&id) && self.start.elapsed() > self.options.time_limit {
                end = LogEnd::Time;
                break;
            }
            self.queue.pop();
            let mut commit = match self.known.commits.remove(&id) {
                Some(commit) => self.renumbered(commit),
                None => match self.facts(id) {
                    Some(facts) => self.looked_at(id, time, &facts, words),
                    // Its time was known of old, and it is gone since.
                    None => {
                        end = LogEnd::Cut;
                        continue;
                    }
                },
            };
            self.look_for_names(&mut commit, counted < self.options.named_commits);
            match commit.kind {
                CommitKind::Change => counted += 1,
                CommitKind::Step | CommitKind::Unreadable => steps += 1,
            }
            if commit.is_border {
                end = LogEnd::Cut;
            }
            for &parent in &commit.parents {
                if !self.enqueue(parent) {
                    end = LogEnd::Cut;
                }
            }
            commits.push(commit);
        }
        let mut beyond: Vec<_> = self.queue.drain().map(|(time, _, id)| (id, time)).collect();
        beyond.sort_unstable();
        let paths = self.paths.sorted(&mut commits);
        (commits, beyond, paths, end)
    }

    /// Puts a commit in the queue, once. Whether it is there to be walked.
    fn enqueue(&mut self, id: ObjectId) -> bool {
        if self.seen.contains(&id) {
            return true;
        }
        let known = self.known.commits.get(&id).map(|commit| commit.time);
        let Some(time) = known.or_else(|| self.known.beyond.get(&id).copied()).or_else(|| {
            let facts = self.repository.commit(id)?;
            let time = facts.time;
            self.pending.insert(id, facts);
            Some(time)
        }) else {
            return false;
        };
        self.queue.push((time, Reverse(self.seen.len()), id));
        self.seen.insert(id);
        true
    }

    fn facts(&mut self, id: ObjectId) -> Option<CommitFacts> {
        self.pending.remove(&id).or_else(|| self.repository.commit(id))
    }

    /// A commit that no earlier log holds.
    fn looked_at(
        &mut self,
        id: ObjectId,
        time: i64,
        facts: &CommitFacts,
        words: &mut impl FnMut(&str, &mut dyn FnMut(&str)),
    ) -> Commit {
        let mut commit = Commit {
            id,
            time,
            parents: facts.parents.clone().into(),
            kind: CommitKind::Step,
            is_border: facts.is_border,
            files: Box::default(),
            names: None,
            moves: Box::default(),
            message: Message::default(),
        };
        if facts.is_border || facts.parents.len() > 1 {
            return commit;
        }
        let Some(Difference { files, moves, .. }) = self.difference(facts) else {
            commit.kind = CommitKind::Unreadable;
            return commit;
        };
        commit.kind = CommitKind::Change;
        if files.len() <= Log::MAX_FILES {
            let mut files: Vec<u32> = files.iter().map(|file| self.paths.index(file)).collect();
            files.sort_unstable();
            commit.files = files.into();
        }
        commit.moves =
            moves.iter().map(|(from, to)| (self.paths.index(from), self.paths.index(to))).collect();
        commit.message = Message::new(&facts.message, self.options.message_bytes, words);
        commit
    }

    fn difference(&mut self, facts: &CommitFacts) -> Option<Difference> {
        let before = match facts.parents.first() {
            None => None,
            Some(parent) => Some(self.tree(*parent)?),
        };
        self.differ.compare(self.repository, before, facts.tree)
    }

    /// Sees to it that a commit has the names that it touched exactly when they are wanted: how far `HEAD` has moved since it
    /// was first looked at must not tell.
    fn look_for_names(&mut self, commit: &mut Commit, wanted: bool) {
        if !wanted || commit.kind != CommitKind::Change || commit.files.is_empty() {
            commit.names = None;
        } else if commit.names.is_none() {
            let difference = self.repository.commit(commit.id).and_then(|facts| self.difference(&facts));
            let mut names = Vec::new();
            for (path, old, new) in difference.map(|found| found.texts).unwrap_or_default() {
                let text = |id| self.repository.text(id, touched::MAX_BYTES);
                let old = old.map_or_else(|| Some(Vec::new()), text);
                if let (Some(old), Some(new)) = (old, text(new)) {
                    let file = self.paths.index(&path);
                    names.extend(touched::touched(&old, &new).into_iter().map(|name| (file, name)));
                }
            }
            names.sort_unstable();
            commit.names = Some(names.into());
        }
    }

    /// The tree of a parent: usually it waits in the queue.
    fn tree(&self, id: ObjectId) -> Option<ObjectId> {
        match self.pending.get(&id) {
            Some(facts) => Some(facts.tree),
            None => self.repository.commit(id).map(|facts| facts.tree),
        }
    }

    /// A commit of the earlier log in the numbers of this one.
    fn renumbered(&mut self, mut commit: Commit) -> Commit {
        let (paths, old) = (&mut self.paths, &self.known.paths);
        let mut index = |path: u32| paths.index(&old[path as usize]);
        commit.files.iter_mut().for_each(|file| *file = index(*file));
        commit.names.iter_mut().flatten().for_each(|(file, _)| *file = index(*file));
        commit.moves.iter_mut().for_each(|(from, to)| (*from, *to) = (index(*from), index(*to)));
        commit
    }
}

impl Known {
    fn new(log: Log) -> Self {
        // What could not be read before may be there now.
        let readable = log.commits.into_iter().filter(|commit| commit.kind != CommitKind::Unreadable);
        Self {
            commits: readable.map(|commit| (commit.id, commit)).collect(),
            beyond: log.beyond.into_iter().collect(),
            paths: log.paths,
        }
    }
}

/// Numbers for paths, in the order that they come.
#[derive(Default)]
struct PathTable {
    numbers: HashMap<Box<str>, u32>,
}

impl PathTable {
    fn index(&mut self, path: &str) -> u32 {
        if let Some(&number) = self.numbers.get(path) {
            return number;
        }
        let number = u32::try_from(self.numbers.len()).expect("a log names fewer than 2^32 paths");
        self.numbers.insert(path.into(), number);
        number
    }

    /// The paths in order; the commits' numbers become positions in it.
    fn sorted(self, commits: &mut [Commit]) -> Vec<Box<str>> {
        let mut paths: Vec<_> = self.numbers.into_iter().collect();
        paths.sort_unstable();
        let mut positions = vec![0; paths.len()];
        for (position, (_, number)) in (0..).zip(&paths) {
            positions[*number as usize] = position;
        }
        for commit in commits {
            commit.files.iter_mut().for_each(|file| *file = positions[*file as usize]);
            commit.files.sort_unstable();
            commit.names.iter_mut().flatten().for_each(|(file, _)| *file = positions[*file as usize]);
            commit.names.iter_mut().for_each(|names| names.sort_unstable());
            commit.moves.iter_mut().for_each(|(from, to)| {
                (*from, *to) = (positions[*from as usize], positions[*to as usize]);
            });
            commit.moves.sort_unstable();
        }
        paths.into_iter().map(|(path, _)| path).collect()
    }
}
