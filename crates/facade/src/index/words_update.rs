//! Bringing the words to the state of the index: the store is asked first, then the source is read.

use rayon::prelude::*;
use repo_map_files::{StatFingerprint, hash, read};
use repo_map_lexical::FileWords;
use repo_map_model::{FileTags, RepoPath};

use super::change::{Changing, Target};
use super::read_words::words_of;
use super::words::{Known, TreeWords, is_read_as_text};
use super::worth_reading::may_hold_source;
use super::{Index, Workshop};
use crate::clock::now_ns;
use crate::limits::Interrupted;
use crate::progress::Stage;
use crate::store::Identity;

/// Files whose words are held at once on their way into the index.
const BATCH: usize = 128;

/// A file whose words are not known yet.
struct Job {
    path: RepoPath,
    known: Known,
}

/// What became of the words of one file.
pub(crate) struct WordsChange<'c> {
    path: RepoPath,
    what: Found<'c>,
}

enum Found<'c> {
    Nothing,
    /// The same content, looked at again.
    Same(Known),
    Words(Known, FileWords<Bytes<'c>>),
}

/// Words as the store lends them, or as they were counted now.
#[derive(Clone, Debug)]
enum Bytes<'c> {
    Lent(&'c [u8]),
    Own(Vec<u8>),
}

impl AsRef<[u8]> for Bytes<'_> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Lent(bytes) => bytes,
            Self::Own(bytes) => bytes,
        }
    }
}

impl Changing for TreeWords {
    type Change<'c> = WordsChange<'c>;

    fn apply(&mut self, WordsChange { path, what }: WordsChange<'_>) {
        match what {
            Found::Nothing => self.remove(&path),
            Found::Same(known) => self.set_known(path, known),
            Found::Words(known, words) => self.set(path, known, &words),
        }
    }

    fn keep(WordsChange { path, what }: WordsChange<'_>) -> WordsChange<'static> {
        let what = match what {
            Found::Nothing => Found::Nothing,
            Found::Same(known) => Found::Same(known),
            Found::Words(known, words) => Found::Words(known, owned(words.as_bytes().to_vec())),
        };
        WordsChange { path, what }
    }
}

impl TreeWords {
    /// Brings words that nobody has seen yet to the state of the index. What was interrupted is taken up where it ended.
    pub(crate) fn fill(&mut self, index: &Index, workshop: &Workshop<'_>) -> Result<(), Interrupted> {
        let first = self.is_empty();
        let mut update = WordsUpdate { target: Target::Own(self), index, workshop };
        let is_settled = update.run()?;
        self.end_changes(index, is_settled);
        if first {
            self.compact();
        }
        Ok(())
    }

    /// What is other in the index.
    pub(crate) fn compare(
        &self,
        index: &Index,
        workshop: &Workshop<'_>,
    ) -> Result<(Vec<WordsChange<'static>>, bool), Interrupted> {
        let target = Target::Shared { known: self, changes: Vec::new() };
        let mut update = WordsUpdate { target, index, workshop };
        let is_settled = update.run()?;
        Ok((update.target.into_changes(), is_settled))
    }

    /// Takes what [`compare`](Self::compare) found.
    pub(crate) fn apply_all(
        &mut self,
        index: &Index,
        (changes, is_settled): (Vec<WordsChange<'static>>, bool),
    ) {
        changes.into_iter().for_each(|change| self.apply(change));
        self.end_changes(index, is_settled);
    }
}

struct WordsUpdate<'a> {
    target: Target<'a, TreeWords>,
    index: &'a Index,
    workshop: &'a Workshop<'a>,
}

impl WordsUpdate<'_> {
    /// Whether there was nothing to do.
    fn run(&mut self) -> Result<bool, Interrupted> {
        self.drop_missing();
        let mut jobs = self.stale();
        let is_settled = jobs.is_empty();
        self.find_texts(&mut jobs)?;
        self.ask_store(&mut jobs)?;
        self.read_source(&jobs)?;
        Ok(is_settled)
    }

    fn put(&mut self, path: &RepoPath, what: Found<'_>) {
        self.target.put(WordsChange { path: path.clone(), what });
    }

    fn drop_missing(&mut self) {
        let mut present = self.index.files.keys().peekable();
        let mut gone = Vec::new();
        // Both are sorted by path: one pass.
        for path in self.target.known().known.keys() {
            while present.next_if(|file| *file < path).is_some() {}
            if present.peek() != Some(&path) {
                gone.push(path.clone());
            }
        }
        gone.iter().for_each(|path| self.put(path, Found::Nothing));
    }

    /// The files whose words may be others than those that are known. Those that count by their path are settled here.
    fn stale(&mut self) -> Vec<Job> {
        let (mut jobs, mut paths) = (Vec::new(), Vec::new());
        let mut all = self.target.known().known.iter().peekable();
        for (path, file) in &self.index.files {
            // Both are sorted by path: one pass.
            while all.next_if(|(known, _)| *known < path).is_some() {}
            let known = all.next_if(|(known, _)| *known == path).map(|(_, known)| known);
            let text = match file.identity {
                Some(_) => None,
                None if is_read_as_text(path, file) => Some((file.stat, now_ns())),
                None if may_hold_source(path, file.stat.size) => None,
                None => continue,
            };
            let unchanged = known.is_some_and(|known| match (text, known.text) {
                (None, None) => known.identity == file.identity,
                (Some((stat, _)), Some((before, recorded))) => {
                    self.workshop.trust_stat && stat == before && stat.is_settled(recorded)
                }
                _ => false,
            });
            if unchanged {
                continue;
            }
            let known = Known { identity: file.identity, text };
            if file.identity.is_some() || text.is_some() {
                jobs.push(Job { path: path.clone(), known });
            } else {
                paths.push((path, known));
            }
        }
        for (path, known) in paths {
            let none = FileWords::of("", &FileTags::default());
            self.put(path, Found::Words(known, owned(none.as_bytes().to_vec())));
        }
        jobs
    }

    /// Gives texts the content that the store knows them to have.
    fn find_texts(&mut self, jobs: &mut Vec<Job>) -> Result<(), Interrupted> {
        let workshop = self.workshop;
        if workshop.trust_stat {
            let texts: Vec<(usize, StatFingerprint)> =
                (0..).zip(&*jobs).filter_map(|(at, job)| Some((at, job.known.text?.0))).collect();
            let mut found = Vec::new();
            let files = texts.iter().map(|(at, stat)| (&jobs[*at].path, stat));
            workshop.store.known_files(workshop.root.path(), files, workshop.interrupt, |at, identity| {
                found.push((texts[at].0, identity));
            })?;
            found.into_iter().for_each(|(job, identity)| jobs[job].known.identity = Some(identity));
        }
        let mut same = Vec::new();
        jobs.retain(|job| {
            let before = self.target.known().known.get(&job.path);
            let is_same =
                before.is_some_and(|known| known.identity.is_some() && known.identity == job.known.identity);
            if is_same {
                same.push((job.path.clone(), job.known));
            }
            !is_same
        });
        same.into_iter().for_each(|(path, known)| self.put(&path, Found::Same(known)));
        Ok(())
    }

    fn ask_store(&mut self, jobs: &mut Vec<Job>) -> Result<(), Interrupted> {
        let (wanted, identities): (Vec<usize>, Vec<Identity>) =
            jobs.iter().enumerate().filter_map(|(at, job)| Some((at, job.known.identity?))).unzip();
        let mut found = vec![false; jobs.len()];
        let workshop = self.workshop;
        workshop.store.known_words(&identities, workshop.interrupt, |at, bytes| {
            let job = &jobs[wanted[at]];
            if let Ok(words) = FileWords::from_bytes(Bytes::Lent(bytes)) {
                self.put(&job.path, Found::Words(job.known, words));
                found[wanted[at]] = true;
            }
        })?;
        let mut found = found.into_iter();
        jobs.retain(|_| !found.next().unwrap_or_default());
        Ok(())
    }

    /// Reads files, on all threads; what is new goes to the store.
    fn read_source(&mut self, jobs: &[Job]) -> Result<(), Interrupted> {
        let Workshop { progress, interrupt, .. } = *self.workshop;
        let progress = progress.filter(|_| !jobs.is_empty());
        progress.inspect(|progress| progress.begin(Stage::Words, Some(jobs.len() as u64)));
        let mut is_whole = true;
        for batch in jobs.chunks(BATCH) {
            let workshop = self.workshop;
            let wanted = |job| (!interrupt.is_due()).then(|| words(job, workshop));
            let read: Vec<_> =
                workshop.threads.install(|| batch.par_iter().with_max_len(4).map(wanted).collect());
            for (job, read) in batch.iter().zip(read) {
                match read {
                    Some(Some((known, words))) => self.put(&job.path, Found::Words(known, words)),
                    // Gone or changed since, or not to be parsed now: the next look at the tree will tell.
                    Some(None) => self.put(&job.path, Found::Nothing),
                    None => is_whole = false,
                }
            }
            progress.inspect(|progress| progress.advance(Stage::Words, batch.len() as u64));
            if !is_whole {
                break;
            }
        }
        progress.inspect(|progress| progress.end(Stage::Words));
        if is_whole { Ok(()) } else { Err(Interrupted) }
    }
}

/// Reads one file and its words; `None` where they cannot be had now. Runs on any thread; touches nothing but the file and the store.
fn words(job: &Job, workshop: &Workshop<'_>) -> Option<(Known, FileWords<Bytes<'static>>)> {
    let Known { identity, text } = job.known;
    let recorded_ns = now_ns();
    let (bytes, stat) = read(workshop.root, &job.path, workshop.max_file_bytes).ok()?;
    let content = hash(&bytes);
    let mut known = job.known;
    let identity = match (identity, text) {
        (Some(identity), None) if identity.content != content => return None,
        (Some(identity), None) => identity,
        _ => {
            let identity = Identity { content, language: None };
            workshop.store.remember_file(workshop.root.path(), &job.path, &stat, recorded_ns, identity);
            known = Known { identity: Some(identity), text: Some((stat, recorded_ns)) };
            identity
        }
    };
    let words = words_of(identity, &bytes, workshop)?;
    workshop.store.remember_words(identity, words.as_bytes());
    Some((known, owned(words.as_bytes().to_vec())))
}

fn owned(bytes: Vec<u8>) -> FileWords<Bytes<'static>> {
    FileWords::from_bytes(Bytes::Own(bytes)).expect("words that were counted a moment ago can be read")
}
