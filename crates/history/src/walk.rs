//! Reads a log: walks from `HEAD` as git's log does, and looks only at commits that the log before does not hold.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::Path;

use ahash::{HashMap, HashSet};
use repo_map_git::ObjectId;
use repo_map_model::Interrupt;

use crate::commit::{Commit, CommitKind, Message};
use crate::diff::Difference;
use crate::log::{Log, LogEnd};
use crate::options::LogOptions;
use crate::paths::PathTable;
use crate::repository::{CommitFacts, Repository};
use crate::touched;

/// Merges and other mere steps, for each commit that counts: a history of merges alone must end too.
const MAX_STEPS: usize = 4;
/// What is decoded in one reading, bases of deltas counted: twenty times as much as three thousand commits of Linux take. Only packs
/// that were made for it come to it.
const MAX_WORK: u64 = 8 << 30;
/// What may be compared of texts, as [`touched::work`] counts it: for one file, for one commit, for all of a log. A million takes a few
/// milliseconds at worst.
const FILE_NAMES_WORK: u64 = 64 << 20;
const NAMES_WORK: u64 = 256 << 20;
const ALL_NAMES_WORK: u64 = 3 << 29;
/// What a commit counts beside its trees.
const COMMIT_WORK: u64 = 1 << 10;

pub(crate) fn read(
    folder: &Path,
    options: &LogOptions,
    previous: Option<Log>,
    interrupt: Interrupt<'_>,
    mut words: impl FnMut(&str, &mut dyn FnMut(&str)),
) -> Log {
    let mut repository = match Repository::open(folder) {
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
        Some(log) if is_whole(&log, head) => return log,
        Some(log) => Some(Known::new(log)),
        None => None,
    };
    let walk = Walk {
        repository: &mut repository,
        options,
        interrupt,
        known: previous.unwrap_or_default(),
        pending: HashMap::default(),
        seen: HashSet::default(),
        queue: BinaryHeap::new(),
        paths: PathTable::default(),
    };
    let (commits, beyond, paths, end) = walk.run(head, &mut words);
    Log::from_parts(settings, Some(head), commits, beyond, paths, end)
}

pub(crate) fn is_current(log: &Log, folder: &Path, options: &LogOptions) -> bool {
    match Repository::open(folder) {
        Ok(repository) if log.settings != options.settings(Some(&repository)) => false,
        Ok(repository) => match repository.head() {
            Ok(head) => is_whole(log, head),
            Err(end) => log.end == end,
        },
        Err(end) => log.settings == options.settings(None) && log.end == end,
    }
}

/// Whether nothing is left to read for this `HEAD`.
fn is_whole(log: &Log, head: ObjectId) -> bool {
    log.head == Some(head) && log.unreadable() == 0 && log.end != LogEnd::Interrupted
}

/// What an earlier log tells.
#[derive(Default)]
struct Known {
    commits: HashMap<ObjectId, Commit>,
    beyond: HashMap<ObjectId, i64>,
    paths: Vec<Box<str>>,
}

struct Walk<'a> {
    repository: &'a mut Repository,
    options: &'a LogOptions,
    interrupt: Interrupt<'a>,
    known: Known,
    /// Commits that were read for their time and wait to be walked.
    pending: HashMap<ObjectId, CommitFacts>,
    seen: HashSet<ObjectId>,
    /// Younger ones first; among the same second, in the order that they were come upon.
    queue: BinaryHeap<(i64, Reverse<usize>, ObjectId)>,
    paths: PathTable,
}

type Parts = (Vec<Commit>, Vec<(ObjectId, i64)>, Vec<Box<str>>, LogEnd);

impl Walk<'_> {
    fn run(mut self, head: ObjectId, words: &mut impl FnMut(&str, &mut dyn FnMut(&str))) -> Parts {
        let mut commits = Vec::new();
        let (mut counted, mut steps) = (0, 0);
        let (mut work, mut named) = (0_u64, 0_u64);
        let mut end = if self.enqueue(head) { LogEnd::First } else { LogEnd::Cut };
        while let Some(&(time, _, id)) = self.queue.peek() {
            if counted >= self.options.commits || steps > self.options.commits.saturating_mul(MAX_STEPS) {
                end = LogEnd::Limit;
                break;
            }
            if self.interrupt.is_due() {
                end = LogEnd::Interrupted;
                break;
            }
            // What is known costs nothing to read, and counts all the same: a log that was extended ends where one does that was
            // read at once.
            let is_new = !self.known.commits.contains_key(&id);
            if work > self.options.work || is_new && self.repository.work() > MAX_WORK {
                end = LogEnd::Work;
                break;
            }
            self.queue.pop();
            let looks = counted < self.options.named_commits && named < ALL_NAMES_WORK;
            let commit = match self.known.commits.remove(&id) {
                Some(commit) => {
                    if !self.enqueue_all(&commit.parents) {
                        end = LogEnd::Cut;
                    }
                    self.known_commit(commit, looks)
                }
                None => match self.facts(id) {
                    Some(facts) => {
                        if !self.enqueue_all(&facts.parents) {
                            end = LogEnd::Cut;
                        }
                        self.looked_at(id, time, &facts, looks, words)
                    }
                    // Its time was known of old, and it is gone since.
                    None => {
                        end = LogEnd::Cut;
                        continue;
                    }
                },
            };
            match commit.kind {
                CommitKind::Change => counted += 1,
                CommitKind::Step | CommitKind::Unreadable => steps += 1,
            }
            if commit.is_border {
                end = LogEnd::Cut;
            }
            work = work.saturating_add(commit.work);
            named = named.saturating_add(commit.named_work);
            commits.push(commit);
        }
        let mut beyond: Vec<_> = self.queue.drain().map(|(time, _, id)| (id, time)).collect();
        beyond.sort_unstable();
        let paths = self.paths.sorted(&mut commits);
        (commits, beyond, paths, end)
    }

    /// Whether all of them are there to be walked.
    fn enqueue_all(&mut self, ids: &[ObjectId]) -> bool {
        // Each is tried: one that is missing hides no other.
        ids.iter().filter(|&&id| !self.enqueue(id)).count() == 0
    }

    /// Puts a commit in the queue, once. Whether it is there to be walked.
    fn enqueue(&mut self, id: ObjectId) -> bool {
        if self.seen.contains(&id) {
            return true;
        }
        let known = self.known.commits.get(&id).map(|commit| commit.time);
        let Some(time) = known.or_else(|| self.known.beyond.get(&id).copied()).or_else(|| {
            let facts = self.repository.commit(id, self.options.message_bytes)?;
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
        self.pending.remove(&id).or_else(|| self.repository.commit(id, self.options.message_bytes))
    }

    /// A commit that no earlier log holds.
    fn looked_at(
        &mut self,
        id: ObjectId,
        time: i64,
        facts: &CommitFacts,
        looks_for_names: bool,
        words: &mut impl FnMut(&str, &mut dyn FnMut(&str)),
    ) -> Commit {
        let mut commit = Commit {
            id,
            time,
            parents: facts.parents.clone().into(),
            kind: CommitKind::Step,
            is_border: facts.is_border,
            work: COMMIT_WORK,
            files: Box::default(),
            names: None,
            named_work: 0,
            moves: Box::default(),
            message: Message::default(),
        };
        if facts.is_border || facts.parents.len() > 1 {
            return commit;
        }
        let Some(difference) = self.difference(facts) else {
            commit.kind = CommitKind::Unreadable;
            return commit;
        };
        let Difference { files, moves, texts, bytes } = difference;
        commit.kind = CommitKind::Change;
        commit.work += bytes;
        commit.message = Message::new(&facts.message, self.options.message_bytes, words);
        let files = if files.len() <= Log::MAX_FILES { files.as_slice() } else { &[] };
        let moved = moves.iter().flat_map(|(from, to)| [from, to]);
        if !self.paths.have_room(files.iter().chain(moved).map(String::as_str), moves.len()) {
            return commit;
        }
        let mut files: Vec<u32> = files.iter().map(|file| self.paths.index(file)).collect();
        files.sort_unstable();
        commit.files = files.into();
        commit.moves =
            moves.iter().map(|(from, to)| (self.paths.index(from), self.paths.index(to))).collect();
        if looks_for_names && !commit.files.is_empty() {
            self.look_for_names(&mut commit, texts);
        }
        commit
    }

    fn difference(&mut self, facts: &CommitFacts) -> Option<Difference> {
        let before = match facts.parents.first() {
            None => None,
            Some(parent) => Some(self.tree(*parent)?),
        };
        Difference::of(self.repository, before, facts.tree)
    }

    /// A commit of the earlier log, in the numbers of this one. It has the names that it touched exactly when they are wanted: how
    /// far `HEAD` has moved since it was first looked at must not tell.
    fn known_commit(&mut self, commit: Commit, looks_for_names: bool) -> Commit {
        let mut commit = self.renumbered(commit);
        if !looks_for_names || commit.kind != CommitKind::Change || commit.files.is_empty() {
            commit.names = None;
            commit.named_work = 0;
        } else if commit.names.is_none() {
            let facts = self.repository.commit(commit.id, 0);
            let texts = facts.and_then(|facts| self.difference(&facts)).map(|found| found.texts);
            self.look_for_names(&mut commit, texts.unwrap_or_default());
        }
        commit
    }

    fn look_for_names(&mut self, commit: &mut Commit, texts: Vec<(String, Option<ObjectId>, ObjectId)>) {
        let mut names = Vec::new();
        for (path, old, new) in texts {
            let mut text = |id| self.repository.text(id, touched::MAX_BYTES);
            let old = old.map_or_else(|| Some(Default::default()), &mut text);
            let (Some(old), Some(new)) = (old, text(new)) else { continue };
            let work = touched::work(&old, &new);
            // Data, of hundreds of thousands of lines. It was read all the same.
            let is_data = work > FILE_NAMES_WORK;
            commit.named_work += if is_data { 2 * (old.len() + new.len()) as u64 } else { work };
            if commit.named_work > NAMES_WORK {
                names.clear();
                break;
            }
            if is_data {
                continue;
            }
            let file = self.paths.index(&path);
            names.extend(touched::touched(&old, &new).into_iter().map(|name| (file, name)));
        }
        names.sort_unstable();
        commit.names = Some(names.into());
    }

    /// The tree of a parent: usually it waits in the queue.
    fn tree(&mut self, id: ObjectId) -> Option<ObjectId> {
        match self.pending.get(&id) {
            Some(facts) => Some(facts.tree),
            None => self.repository.commit(id, 0).map(|facts| facts.tree),
        }
    }

    fn renumbered(&mut self, mut commit: Commit) -> Commit {
        let (paths, old) = (&mut self.paths, &self.known.paths);
        let moved = commit.moves.iter().flat_map(|(from, to)| [from, to]);
        let named = commit.files.iter().chain(moved).map(|path| &*old[*path as usize]);
        if !paths.have_room(named, commit.moves.len()) {
            return Commit { files: Box::default(), names: None, moves: Box::default(), ..commit };
        }
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
