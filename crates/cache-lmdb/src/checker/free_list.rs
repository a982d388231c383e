//! A record of the free list, number by number: one that lies in pages of its own may claim gigabytes.

use std::fs::File;
use std::io;

use super::page::{WORD, word_at};
use super::read_at;

/// What is read at once of a record in pages of its own, in bytes.
const PIECE: usize = 1 << 16;

pub(super) struct FreeList<'a> {
    length: usize,
    /// The bytes at hand, and how many of them were given.
    bytes: std::borrow::Cow<'a, [u8]>,
    given: usize,
    /// The file with what comes after those, and where.
    rest: Option<(&'a File, u64)>,
    left: usize,
}

impl<'a> FreeList<'a> {
    pub(super) fn in_page(bytes: &'a [u8]) -> Self {
        Self { length: bytes.len(), bytes: bytes.into(), given: 0, rest: None, left: 0 }
    }

    pub(super) fn in_file(file: &'a File, at: u64, length: usize) -> Self {
        Self { length, bytes: Vec::new().into(), given: 0, rest: Some((file, at)), left: length }
    }

    /// How many numbers there are; `None` where they are none or do not fit.
    pub(super) fn places(&self) -> Option<u64> {
        (self.length.is_multiple_of(WORD) && self.length > 0).then_some((self.length / WORD) as u64)
    }

    /// The next number.
    pub(super) fn next(&mut self) -> io::Result<u64> {
        if self.given + WORD > self.bytes.len() {
            let Some((file, at)) = &mut self.rest else { return Err(io::ErrorKind::UnexpectedEof.into()) };
            let mut piece = vec![0; self.left.min(PIECE)];
            read_at(file, &mut piece, *at)?;
            *at += piece.len() as u64;
            self.left -= piece.len();
            self.bytes = piece.into();
            self.given = 0;
            if self.bytes.len() < WORD {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let number = word_at(&self.bytes, self.given);
        self.given += WORD;
        Ok(number)
    }
}
