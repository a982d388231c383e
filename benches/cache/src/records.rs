//! Records of tags as a source tree like Linux has them.

use repo_map_cache_core::Key;
use rkyv::rancor;
use rkyv::{Archive, Serialize};

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

/// One file's tags as they are archived: names once, rows that point to them.
#[derive(Archive, Serialize)]
pub(crate) struct Record {
    names: String,
    ends: Vec<u32>,
    rows: Vec<Row>,
}

#[derive(Archive, Serialize)]
struct Row {
    name: u32,
    line: u32,
    kind: u8,
}

/// A tag with a string of its own, as a cache without archives hands it over.
#[derive(serde::Deserialize, serde::Serialize)]
pub(crate) struct OwnedTag {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) kind: u8,
}

/// A record in each shape.
pub(crate) struct Sample {
    pub(crate) key: Key,
    pub(crate) archive: Vec<u8>,
    /// Line, kind, length and bytes of each name, one after the other.
    pub(crate) flat: Vec<u8>,
    /// A vector of [`OwnedTag`] by serde and bincode.
    pub(crate) bincode: Vec<u8>,
    pub(crate) tags: usize,
}

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// From 0 to 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Of the normal distribution.
    fn normal(&mut self) -> f64 {
        let (one, two) = (self.part().max(1e-12), self.part());
        (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * two).cos()
    }
}

/// So many records, the same each time.
pub(crate) fn samples(count: u64) -> Vec<Sample> {
    let mut random = Random(20_261_122);
    (0..count).map(|_| sample(&mut random)).collect()
}

fn sample(random: &mut Random) -> Sample {
    let mut key = [0; 32];
    key.chunks_exact_mut(8).for_each(|part| part.copy_from_slice(&random.next().to_le_bytes()));
    // Median 27 and ninety-ninth hundredth 426, so 55 on average.
    let tags = (27.0 * (1.186 * random.normal()).exp()).round().min(5_000.0) as usize;
    let (mut names, mut ends, mut rows) = (String::new(), Vec::new(), Vec::new());
    let mut flat = Vec::new();
    let mut line = 0;
    for index in 0..tags as u32 {
        let start = names.len();
        let length = 4 + random.next() as usize % 20;
        names.extend((0..length).map(|_| char::from(b'a' + (random.next() % 26) as u8)));
        ends.push(names.len() as u32);
        line += random.next() as u32 % 12;
        let kind = (random.next() % 8) as u8;
        rows.push(Row { name: index, line, kind });
        flat.extend_from_slice(&line.to_le_bytes());
        flat.push(kind);
        flat.push(length as u8);
        flat.extend_from_slice(&names.as_bytes()[start..]);
    }
    let record = Record { names, ends, rows };
    let archive = rkyv::to_bytes::<rancor::Error>(&record).expect("writing to memory does not fail");
    let bincode = bincode::serialize(&owned(&flat)).expect("writing to memory does not fail");
    Sample { key: Key::new(key), archive: archive.to_vec(), flat, bincode, tags }
}

/// Visits each tag in place. The sum keeps the compiler from leaving it out.
pub(crate) fn walk(record: &ArchivedRecord) -> u64 {
    let mut start = 0;
    let mut sum = 0;
    for (row, end) in record.rows.iter().zip(record.ends.iter()) {
        let end = end.to_native() as usize;
        let name = record.names.get(start..end).unwrap_or_default();
        start = end;
        sum += u64::from(row.line.to_native())
            + u64::from(row.kind)
            + name.len() as u64
            + u64::from(name.as_bytes().first().copied().unwrap_or_default());
    }
    sum
}

/// The tags of a flat record, each with its own string.
pub(crate) fn owned(mut flat: &[u8]) -> Vec<OwnedTag> {
    let mut tags = Vec::new();
    while let Some((head, rest)) = flat.split_first_chunk::<6>() {
        let [a, b, c, d, kind, length] = *head;
        let (name, rest) = rest.split_at(usize::from(length));
        let name = String::from_utf8_lossy(name).into_owned();
        tags.push(OwnedTag { name, line: u32::from_le_bytes([a, b, c, d]), kind });
        flat = rest;
    }
    tags
}

/// The same sum as [`walk`]'s, over owned tags.
pub(crate) fn sum(tags: &[OwnedTag]) -> u64 {
    let first = |name: &str| u64::from(name.as_bytes().first().copied().unwrap_or_default());
    let of =
        |tag: &OwnedTag| u64::from(tag.line) + u64::from(tag.kind) + tag.name.len() as u64 + first(&tag.name);
    tags.iter().map(of).sum()
}
