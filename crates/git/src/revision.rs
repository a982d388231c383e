//! What a revision names: `HEAD~3`, `main`, `v1.0^2`, `1a2b3c4`.

use gix_hash::ObjectId;

use crate::{Commit, Error, Kind, ObjectError, Objects, Repository};

/// No honest one goes back further one by one.
const MAX_STEPS: usize = 100_000;
/// A commit is read so far: its parents stand at its beginning.
const COMMIT_BYTES: usize = 64 << 10;

/// Why a revision names no commit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevisionError {
    /// There is no reference and no object of that name, or it has no such parent.
    #[error("no commit has that name")]
    Unknown,
    /// It is written in a way that is not read: with a log of references, a search, a date, a range.
    #[error(
        "it is none of the forms that are read: a branch, a tag, a commit's name or the beginning of one, each with ~N or ^N behind it"
    )]
    Unsupported,
    /// An object on the way cannot be read.
    #[error("an object that it leads to cannot be read: {0}")]
    Object(#[from] ObjectError),
    /// A file of the repository cannot be read.
    #[error(transparent)]
    Repository(#[from] Error),
}

impl Repository {
    /// The commit that a revision names: a reference, an object's name or at least four digits of its beginning, `@` for `HEAD`; each
    /// with `~N` (the Nth ancestor by first parents) and `^N` (the Nth parent) behind it, as often as wanted.
    ///
    /// # Errors
    /// [`RevisionError`].
    pub fn resolve(&self, objects: &mut Objects, revision: &str) -> Result<ObjectId, RevisionError> {
        if revision.contains("@{")
            || revision.contains([':', ' ', '?', '*', '[', '\\'])
            || revision.contains("..")
        {
            return Err(RevisionError::Unsupported);
        }
        let end = revision.find(['~', '^']).unwrap_or(revision.len());
        let (name, mut steps) = revision.split_at(end);
        let name = if name == "@" { "HEAD" } else { name };
        let found = match self.reference(name)? {
            Some(id) => id,
            None => objects.abbreviated(name)?.ok_or(RevisionError::Unknown)?,
        };
        let mut commit = objects.peel(&found)?;
        let mut left = MAX_STEPS;
        while let Some(step) = steps.chars().next() {
            let digits = steps[1..].bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = steps[1..].split_at(digits);
            let number = if digits == 0 { 1 } else { number.parse().map_err(|_| RevisionError::Unknown)? };
            steps = rest;
            match step {
                '~' => {
                    left = left.checked_sub(number).ok_or(RevisionError::Unknown)?;
                    for _ in 0..number {
                        commit = self.parent(objects, &commit, 1)?;
                    }
                }
                '^' if number > 0 => commit = self.parent(objects, &commit, number)?,
                '^' => {}
                _ => return Err(RevisionError::Unsupported),
            }
        }
        match objects.prefix(&commit, COMMIT_BYTES)?.kind {
            Kind::Commit => Ok(commit),
            _ => Err(RevisionError::Unknown),
        }
    }

    fn parent(&self, objects: &mut Objects, id: &ObjectId, number: usize) -> Result<ObjectId, RevisionError> {
        let object = objects.prefix(id, COMMIT_BYTES)?;
        let commit = Commit::parse(&object.data, object.data.len() < COMMIT_BYTES, self.object_hash())
            .filter(|_| object.kind == Kind::Commit)
            .ok_or(RevisionError::Unknown)?;
        commit.parents.get(number - 1).copied().ok_or(RevisionError::Unknown)
    }
}
