//! The words of the tree's files: looked up by content, read from the source where they are new, kept up to date by
//! what changed. Nothing is done before a request has a task.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use repo_map_files::{StatFingerprint, TreeDigest, hash, read, tree_digest};
use repo_map_lexical::{FileWords, Index as Lexical, Query, ScoreOptions, Scores};
use repo_map_model::{FileTags, RepoPath};
use repo_map_tags::{ExtractOptions, decode};

use super::update::{MAX_TEXT_BYTES, may_hold_source};
use super::{Index, Workshop};
use crate::clock::now_ns;
use crate::recent::Recent;
use crate::store::Identity;

/// Files whose words are held at once on their way into the index.
const BATCH: usize = 512;

/// Texts that people write and that no grammar reads: documents, configuration, markup, schemas.
const TEXT_EXTENSIONS: &[&str] = &[
    "adoc",
    "bat",
    "bazel",
    "cfg",
    "cmake",
    "conf",
    "css",
    "csv",
    "env",
    "gradle",
    "graphql",
    "html",
    "ini",
    "json",
    "json5",
    "less",
    "md",
    "mdx",
    "mk",
    "nix",
    "org",
    "properties",
    "proto",
    "ps1",
    "rst",
    "sass",
    "scss",
    "sh",
    "sql",
    "svelte",
    "tcl",
    "tex",
    "tf",
    "thrift",
    "toml",
    "txt",
    "vue",
    "xml",
    "yaml",
    "yml",
];

/// The words of the files that were present when it was last updated.
#[derive(Default)]
pub(crate) struct TreeWords {
    lexical: Lexical,
    known: BTreeMap<RepoPath, Known>,
    /// Of the texts; told when it is first asked for after a change.
    digest: OnceLock<TreeDigest>,
    /// The generation of the index in which an update found nothing to do.
    settled: Option<u64>,
    /// The records of the last candidates.
    recent: Recent<Arc<[u8]>>,
}

/// What a file's words were taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Known {
    /// `None` for a file that counts by its path alone.
    identity: Option<Identity>,
    /// Of a text without a language: the index of tags does not read it.
    text: Option<(StatFingerprint, i64)>,
}

/// A file whose words are not known yet.
struct Job {
    path: RepoPath,
    known: Known,
}

impl TreeWords {
    /// Brings the words to the state of the index.
    pub(crate) fn update(&mut self, index: &Index, workshop: &Workshop<'_>) {
        if workshop.trust_stat && self.settled == Some(index.generation()) {
            return;
        }
        let first = self.known.is_empty();
        self.drop_missing(index);
        let mut jobs = self.stale(index, workshop);
        self.settled = jobs.is_empty().then(|| index.generation());
        self.find_texts(&mut jobs, workshop);
        self.ask_store(&mut jobs, workshop);
        self.read_source(&jobs, workshop);
        if first {
            self.lexical.compact();
        }
    }

    /// Stands for the texts that the digest of the tree leaves out.
    pub(crate) fn digest(&self) -> TreeDigest {
        *self.digest.get_or_init(|| {
            let texts = self.known.iter().filter(|(_, known)| known.text.is_some());
            let contents = texts.filter_map(|(path, known)| Some((path, known.identity?.content)));
            let contents: Vec<_> = contents.collect();
            tree_digest(contents.iter().map(|(path, content)| (*path, content)))
        })
    }

    /// What they take, in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.lexical.memory() + self.known.len() * size_of::<(RepoPath, Known)>() + self.recent.bytes()
    }

    /// Whether it was ever updated.
    pub(crate) fn is_read(&self) -> bool {
        !self.known.is_empty()
    }

    /// What a task's words say of the files.
    pub(crate) fn score(&self, query: &Query, workshop: &Workshop<'_>) -> Scores {
        self.lexical.score(query, &ScoreOptions::default(), |path| {
            let identity = self.known.get(path)?.identity?;
            let bytes = self.recent.get(identity).or_else(|| {
                let stored = workshop.store.words(identity);
                let bytes: Arc<[u8]> = stored.or_else(|| words_again(path, identity, workshop))?.into();
                self.recent.keep(identity, bytes.clone(), bytes.len());
                Some(bytes)
            });
            FileWords::from_bytes(bytes?).ok()
        })
    }

    fn drop_missing(&mut self, index: &Index) {
        let mut present = index.files.keys().peekable();
        let (lexical, digest) = (&mut self.lexical, &mut self.digest);
        // Both are sorted by path: one pass.
        self.known.retain(|path, _| {
            while present.next_if(|file| *file < path).is_some() {}
            let kept = present.peek() == Some(&path);
            if !kept {
                lexical.remove_file(path);
                digest.take();
            }
            kept
        });
    }

    /// The files whose words may be others than those that are known. Those that count by their path are settled here.
    fn stale(&mut self, index: &Index, workshop: &Workshop<'_>) -> Vec<Job> {
        let (mut jobs, mut paths) = (Vec::new(), Vec::new());
        let mut all = self.known.iter().peekable();
        for (path, file) in &index.files {
            // Both are sorted by path: one pass.
            while all.next_if(|(known, _)| *known < path).is_some() {}
            let known = all.next_if(|(known, _)| *known == path).map(|(_, known)| known);
            let text = match file.identity {
                Some(_) => None,
                None if is_text(path) && file.stat.size <= MAX_TEXT_BYTES => Some((file.stat, now_ns())),
                None if may_hold_source(path, file.stat.size) => None,
                None => continue,
            };
            let unchanged = known.is_some_and(|known| match (text, known.text) {
                (None, None) => known.identity == file.identity,
                (Some((stat, _)), Some((before, recorded))) => {
                    workshop.trust_stat && stat == before && stat.is_settled(recorded)
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
            self.set(path, known, &FileWords::of("", &FileTags::default()));
        }
        jobs
    }

    /// Gives texts the content that the store knows them to have.
    fn find_texts(&mut self, jobs: &mut Vec<Job>, workshop: &Workshop<'_>) {
        if workshop.trust_stat {
            let texts: Vec<usize> = (0..jobs.len()).filter(|&job| jobs[job].known.text.is_some()).collect();
            let mut found = Vec::new();
            let files =
                texts.iter().filter_map(|&job| Some((&jobs[job].path, &jobs[job].known.text.as_ref()?.0)));
            workshop
                .store
                .known_files(workshop.root.path(), files, |at, identity| found.push((texts[at], identity)));
            found.into_iter().for_each(|(job, identity)| jobs[job].known.identity = Some(identity));
        }
        jobs.retain(|job| {
            let before = self.known.get_mut(&job.path);
            let same =
                before.filter(|known| known.identity.is_some() && known.identity == job.known.identity);
            same.map(|known| *known = job.known).is_none()
        });
    }

    fn ask_store(&mut self, jobs: &mut Vec<Job>, workshop: &Workshop<'_>) {
        let (wanted, identities): (Vec<usize>, Vec<Identity>) =
            jobs.iter().enumerate().filter_map(|(at, job)| Some((at, job.known.identity?))).unzip();
        let mut found = vec![false; jobs.len()];
        workshop.store.known_words(&identities, |at, bytes| {
            let job = &jobs[wanted[at]];
            if let Ok(words) = FileWords::from_bytes(bytes) {
                self.set(&job.path, job.known, &words);
                found[wanted[at]] = true;
            }
        });
        let mut found = found.into_iter();
        jobs.retain(|_| !found.next().unwrap_or_default());
    }

    /// Reads files, on all threads; what is new goes to the store.
    fn read_source(&mut self, jobs: &[Job], workshop: &Workshop<'_>) {
        for batch in jobs.chunks(BATCH) {
            let read: Vec<_> = workshop
                .threads
                .install(|| batch.par_iter().with_max_len(4).map(|job| words(job, workshop)).collect());
            for (job, read) in batch.iter().zip(read) {
                match read {
                    Some((known, words)) => self.set(&job.path, known, &words),
                    // Gone or changed since, or not to be parsed now: the next look at the tree will tell.
                    None => self.remove(&job.path),
                }
            }
        }
    }

    fn set<B: AsRef<[u8]>>(&mut self, path: &RepoPath, known: Known, words: &FileWords<B>) {
        self.lexical.set_file(path, words);
        self.digest.take();
        self.known.insert(path.clone(), known);
    }

    fn remove(&mut self, path: &RepoPath) {
        self.lexical.remove_file(path);
        self.digest.take();
        self.known.remove(path);
    }
}

/// Reads one file and its words; `None` where they cannot be had now. Runs on any thread; touches nothing but the file and the store.
fn words(job: &Job, workshop: &Workshop<'_>) -> Option<(Known, FileWords)> {
    let Known { identity, text } = job.known;
    let recorded_ns = now_ns();
    let limit = ExtractOptions::default().max_bytes as u64;
    let (bytes, stat) = read(workshop.root, &job.path, limit).ok()?;
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
    let words = of(identity, &bytes, workshop)?;
    workshop.store.remember_words(identity, words.as_bytes());
    Some((known, words))
}

/// The words of a file whose record the store has not kept: it is bounded, and an answer does not depend on what it has.
fn words_again(path: &RepoPath, identity: Identity, workshop: &Workshop<'_>) -> Option<Vec<u8>> {
    let (bytes, _) = read(workshop.root, path, ExtractOptions::default().max_bytes as u64).ok()?;
    let words = (hash(&bytes) == identity.content).then(|| of(identity, &bytes, workshop))??;
    workshop.store.remember_words(identity, words.as_bytes());
    Some(words.as_bytes().to_vec())
}

fn of(identity: Identity, bytes: &[u8], workshop: &Workshop<'_>) -> Option<FileWords> {
    let text = decode(bytes);
    // What holds a NUL byte early is no text.
    if text.iter().take(8_000).any(|byte| *byte == 0) {
        return Some(FileWords::of("", &FileTags::default()));
    }
    let tags = match identity.language {
        // Words lie in bodies: without definitions they would be others.
        Some(language) => workshop.extractor.tags(workshop.store, language, &identity.content, bytes).ok()?,
        None => FileTags::default(),
    };
    Some(FileWords::of(&String::from_utf8_lossy(&text), &tags))
}

fn is_text(path: &RepoPath) -> bool {
    path.extension().is_some_and(|extension| {
        let lower = extension.to_ascii_lowercase();
        TEXT_EXTENSIONS.binary_search(&lower.as_str()).is_ok()
    })
}
