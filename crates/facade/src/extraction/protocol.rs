//! What goes through the pipes. Both ends are the same build; numbers are little-endian.
//!
//! ```text
//! worker → us   hello  = "rmc-work" layout:u32                           once
//! us → worker   queries = count:u32 (id_len:u8 id text_len:u32 text)*    once
//! us → worker   batch  = count:u32 (id_len:u8 id source_len:u32 source)*
//! worker → us   record = fingerprint:[u8; 8] len:u32 bytes               one a source, in order
//! ```

use std::io::{self, Read, Write};

use repo_map_tags::{Language, LanguageSet};
use rkyv::util::AlignedVec;

use crate::records::LAYOUT;

/// What either end buffers: as much as a pipe holds.
pub(super) const BUFFER: usize = 64 << 10;

/// What is read of a record at once.
const STEP: usize = 1 << 20;

/// Far more than the tags of the largest file take.
const LARGEST_RECORD: usize = 256 << 20;

const MAGIC: [u8; 8] = *b"rmc-work";

/// A source and the id of its language, as a worker gets it.
pub(super) type Item = (String, Vec<u8>);

pub(super) fn write_hello(output: &mut impl Write) -> io::Result<()> {
    let mut hello = MAGIC.to_vec();
    hello.extend(LAYOUT.to_le_bytes());
    output.write_all(&hello)?;
    output.flush()
}

pub(super) fn read_hello(input: &mut impl Read) -> io::Result<()> {
    let mut magic = MAGIC;
    input.read_exact(&mut magic)?;
    if magic == MAGIC && number(input)? == LAYOUT {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "it is no worker of this version"))
    }
}

pub(super) fn write_queries(output: &mut impl Write, languages: &LanguageSet) -> io::Result<()> {
    write_items(output, languages.queries().map(|(id, text)| (id, text.as_bytes())))
}

/// `None` when nothing comes.
pub(super) fn read_queries(input: &mut impl Read) -> io::Result<Option<LanguageSet>> {
    let Some(items) = read_batch(input)? else { return Ok(None) };
    let mut languages = LanguageSet::default();
    for (id, text) in items {
        let text = String::from_utf8(text).map_err(io::Error::other)?;
        languages.add(&id, &text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    }
    Ok(Some(languages))
}

pub(super) fn write_batch(output: &mut impl Write, sources: &[(Language, &[u8])]) -> io::Result<()> {
    write_items(output, sources.iter().map(|(language, source)| (language.id(), *source)))
}

fn write_items<'a>(
    output: &mut impl Write,
    items: impl ExactSizeIterator<Item = (&'static str, &'a [u8])>,
) -> io::Result<()> {
    output.write_all(&length(items.len())?)?;
    for (id, text) in items {
        output.write_all(&[u8::try_from(id.len()).map_err(io::Error::other)?])?;
        output.write_all(id.as_bytes())?;
        output.write_all(&length(text.len())?)?;
        output.write_all(text)?;
    }
    output.flush()
}

/// `None` when nothing more comes.
pub(super) fn read_batch(input: &mut impl Read) -> io::Result<Option<Vec<Item>>> {
    let count = match number(input) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        count => count?,
    };
    let item = |_| {
        let mut len = [0];
        input.read_exact(&mut len)?;
        let id = bytes(input, u32::from(len[0]))?;
        let id = String::from_utf8(id).map_err(io::Error::other)?;
        let len = number(input)?;
        Ok((id, bytes(input, len)?))
    };
    (0..count).map(item).collect::<io::Result<_>>().map(Some)
}

pub(super) fn write_record(output: &mut impl Write, language: Language, record: &[u8]) -> io::Result<()> {
    let mut reply = Vec::with_capacity(record.len() + 12);
    reply.extend(stamp(language));
    reply.extend(length(record.len())?);
    reply.extend(record);
    output.write_all(&reply)
}

pub(super) fn read_record(input: &mut impl Read, language: Language) -> io::Result<AlignedVec> {
    let mut theirs = [0; 8];
    input.read_exact(&mut theirs)?;
    if theirs != stamp(language) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its grammars or queries are others"));
    }
    let len = number(input)? as usize;
    if len > LARGEST_RECORD {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its records are larger than any"));
    }
    // Not by the length that is claimed: the bytes have to come first.
    let mut record = AlignedVec::new();
    while record.len() < len {
        let read = record.len();
        record.resize(len.min(read + STEP), 0);
        input.read_exact(&mut record[read..])?;
    }
    Ok(record)
}

/// The beginning of the extractor's fingerprint.
fn stamp(language: Language) -> [u8; 8] {
    language.fingerprint().first_chunk().copied().expect("a fingerprint has 32 bytes")
}

fn length(len: usize) -> io::Result<[u8; 4]> {
    u32::try_from(len).map(u32::to_le_bytes).map_err(io::Error::other)
}

fn number(input: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn bytes(input: &mut impl Read, len: u32) -> io::Result<Vec<u8>> {
    // Beyond this not by the length that is claimed: the bytes have to come first.
    let mut bytes = Vec::with_capacity((len as usize).min(STEP));
    let read = input.take(u64::from(len)).read_to_end(&mut bytes)?;
    if read == len as usize { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
