//! A log as bytes, to be kept between runs.

use repo_map_git::ObjectId;

use crate::commit::{Commit, CommitKind, Message};
use crate::log::{Log, LogEnd, Settings};
use crate::varint::{push, take};

/// Changes whenever the bytes of a record, or what a commit gives, may change.
const FORMAT: u64 = 4;

/// The bytes are no log of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored git log is damaged or of another version")]
#[non_exhaustive]
pub struct InvalidLog;

const ENDS: [LogEnd; 8] = [
    LogEnd::First,
    LogEnd::Limit,
    LogEnd::Cut,
    LogEnd::Work,
    LogEnd::NoRepository,
    LogEnd::NoCommit,
    LogEnd::Unreadable,
    LogEnd::Interrupted,
];

impl Log {
    /// The version of the records. Part of the key that they are stored under.
    pub const FORMAT: u32 = FORMAT as u32;

    /// The bytes to store: some 100 to 200 a commit.
    ///
    /// Layout: variable-length integers (LEB128), texts and hashes in their bytes. Format, settings, length of hashes, head, end;
    /// the paths, each as what it shares with the one before and the rest; the parents that the walk did not come to; the
    /// commits with parents as distances to later commits where they are there.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let Settings { commits, named_commits, message_bytes, words_version, work, shallow } = self.settings;
        let hash_length = self.head.map_or(0, |id| id.as_slice().len());
        let end = ENDS.iter().position(|end| *end == self.end).expect("every end is in the list");
        let settings = [commits, named_commits, message_bytes, words_version.into(), work, shallow];
        for number in [FORMAT].into_iter().chain(settings).chain([hash_length as u64, end as u64]) {
            push(&mut bytes, number);
        }
        bytes.extend(self.head.iter().flat_map(|id| id.as_slice()));
        push(&mut bytes, self.paths.len() as u64);
        let mut before = "";
        for path in &self.paths {
            let shared = before.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
            push(&mut bytes, shared as u64);
            push(&mut bytes, (path.len() - shared) as u64);
            bytes.extend_from_slice(&path.as_bytes()[shared..]);
            before = path;
        }
        push(&mut bytes, self.beyond.len() as u64);
        for (id, time) in &self.beyond {
            bytes.extend_from_slice(id.as_slice());
            push(&mut bytes, zigzag(*time));
        }
        push(&mut bytes, self.commits.len() as u64);
        for commit in &self.commits {
            push_commit(&mut bytes, commit);
        }
        bytes
    }

    /// Takes stored bytes.
    ///
    /// # Errors
    /// [`InvalidLog`] when the bytes are not what [`to_bytes`](Self::to_bytes) of this version gives. Bytes that were changed and still
    /// make sense give wrong signals, never a panic.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidLog> {
        let mut rest = bytes;
        let log = read(&mut rest).ok_or(InvalidLog)?;
        if rest.is_empty() { Ok(log) } else { Err(InvalidLog) }
    }
}

fn push_commit(bytes: &mut Vec<u8>, commit: &Commit) {
    bytes.extend_from_slice(commit.id.as_slice());
    push(bytes, zigzag(commit.time));
    let kind =
        CommitKind::ALL.iter().position(|kind| *kind == commit.kind).expect("every kind is in the list");
    push(bytes, kind as u64 * 2 + u64::from(commit.is_border));
    push(bytes, commit.work);
    push(bytes, commit.named_work);
    push(bytes, commit.parents.len() as u64);
    commit.parents.iter().for_each(|parent| bytes.extend_from_slice(parent.as_slice()));
    push(bytes, commit.files.len() as u64);
    commit.files.iter().for_each(|&file| push(bytes, file.into()));
    // 0 where nobody looked, else one more than there are.
    push(bytes, commit.names.as_ref().map_or(0, |names| names.len() as u64 + 1));
    for &(file, name) in commit.names.iter().flatten() {
        push(bytes, file.into());
        bytes.extend(name.to_le_bytes());
    }
    push(bytes, commit.moves.len() as u64);
    for &(from, to) in &commit.moves {
        push(bytes, from.into());
        push(bytes, to.into());
    }
    push(bytes, commit.message.words.len() as u64);
    for &(word, count) in &commit.message.words {
        bytes.extend(word.to_le_bytes());
        bytes.push(count);
    }
}

fn read(rest: &mut &[u8]) -> Option<Log> {
    if take(rest)? != FORMAT {
        return None;
    }
    let settings = Settings {
        commits: take(rest)?,
        named_commits: take(rest)?,
        message_bytes: take(rest)?,
        words_version: take(rest)?.try_into().ok()?,
        work: take(rest)?,
        shallow: take(rest)?,
    };
    let hash_length = usize::try_from(take(rest)?).ok()?;
    let end = *ENDS.get(usize::try_from(take(rest)?).ok()?)?;
    let head = if hash_length == 0 { None } else { Some(take_id(rest, hash_length)?) };
    let mut paths: Vec<Box<str>> = Vec::new();
    for _ in 0..take(rest)? {
        let before = paths.last().map_or("", |path| path);
        let shared = before.as_bytes().get(..usize::try_from(take(rest)?).ok()?)?;
        let length = usize::try_from(take(rest)?).ok()?;
        let path = [shared, take_slice(rest, length)?].concat();
        let path = String::from_utf8(path).ok()?;
        if !paths.is_empty() && before >= path.as_str() {
            return None;
        }
        paths.push(path.into());
    }
    let beyond = list(rest, |rest| Some((take_id(rest, hash_length)?, unzigzag(take(rest)?))))?;
    let count = u32::try_from(paths.len()).ok()?;
    let commits = list(rest, |rest| take_commit(rest, hash_length, count))?;
    Some(Log::from_parts(settings, head, commits, beyond, paths, end))
}

fn take_commit(rest: &mut &[u8], hash_length: usize, paths: u32) -> Option<Commit> {
    let id = take_id(rest, hash_length)?;
    let time = unzigzag(take(rest)?);
    let kind = take(rest)?;
    let (work, named_work) = (take(rest)?, take(rest)?);
    let path = |rest: &mut &[u8]| u32::try_from(take(rest)?).ok().filter(|path| *path < paths);
    Some(Commit {
        id,
        time,
        kind: *CommitKind::ALL.get(usize::try_from(kind / 2).ok()?)?,
        is_border: kind % 2 == 1,
        work,
        parents: list(rest, |rest| take_id(rest, hash_length))?.into(),
        files: list(rest, path)?.into(),
        names: match take(rest)? {
            0 => None,
            count => Some(so_many(count - 1, rest, |rest| Some((path(rest)?, take_hash(rest)?)))?.into()),
        },
        named_work,
        moves: list(rest, |rest| Some((path(rest)?, path(rest)?)))?.into(),
        message: Message {
            words: list(rest, |rest| {
                let word = take_hash(rest)?;
                let (&count, after) = rest.split_first()?;
                *rest = after;
                Some((word, count))
            })?
            .into(),
        },
    })
}

/// As many as it says first; a number that lies is found out at the end of the bytes, before much was reserved.
fn list<T>(rest: &mut &[u8], each: impl FnMut(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    so_many(take(rest)?, rest, each)
}

fn so_many<T>(count: u64, rest: &mut &[u8], mut each: impl FnMut(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    let mut found = Vec::new();
    for _ in 0..count {
        found.push(each(rest)?);
    }
    Some(found)
}

fn take_hash(rest: &mut &[u8]) -> Option<u32> {
    let (hash, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_le_bytes(*hash))
}

fn take_id(rest: &mut &[u8], length: usize) -> Option<ObjectId> {
    ObjectId::try_from(take_slice(rest, length)?).ok()
}

fn take_slice<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (slice, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(slice)
}

/// Small numbers for small times of either sign: some commits are older than 1970.
fn zigzag(time: i64) -> u64 {
    (time << 1 ^ time >> 63) as u64
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}
