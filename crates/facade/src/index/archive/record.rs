//! An index as it is kept: a table of its files, and parts that hold names and what files define and use by numbers of names.

use repo_map_model::DefinitionKind;
use repo_map_ranking::{KeptDefinition, KeptFile};
use rkyv::rancor;
use rkyv::util::AlignedVec;
use rkyv::{Archive, Deserialize, Serialize};

/// The version of the records in this file. Raise it with every change of a field.
pub(super) const LAYOUT: u32 = 2;

/// The language of a file that was not read.
pub(super) const UNREAD: u16 = u16::MAX;
/// The language of a file that was read and is in none of ours.
pub(super) const NO_LANGUAGE: u16 = u16::MAX - 1;
/// Of a file that was not read since it is too large; the codes of [`SkipReason`](repo_map_tags::SkipReason) are others.
pub(super) const TOO_LARGE: u8 = 1;
/// Of a file that fits its grammar.
pub(super) const FITS: u32 = u32::MAX;

/// The files of a tree in the order of their paths, and the keys of the parts.
#[derive(Archive, Serialize, Deserialize, Default)]
pub(crate) struct TableRecord {
    /// Of the parts with names, in their order.
    pub(crate) names: Vec<[u8; 32]>,
    /// Of the parts with rows, each with how many files it has.
    pub(crate) rows: Vec<([u8; 32], u32)>,
    pub(crate) paths: String,
    pub(crate) path_ends: Vec<u32>,
    pub(crate) files: Vec<TableRow>,
    /// The languages of the files by their ids.
    pub(crate) languages: Vec<String>,
    /// What files say of their folders, each with the place of the file.
    pub(crate) summaries: Vec<(u32, String)>,
}

/// What is known of one file beside its tags.
#[derive(Archive, Serialize, Deserialize)]
pub(crate) struct TableRow {
    pub(crate) size: u64,
    pub(crate) mtime_ns: i64,
    pub(crate) ctime_ns: i64,
    pub(crate) inode: u64,
    pub(crate) recorded_ns: i64,
    pub(crate) content: [u8; 32],
    pub(crate) misfit_bytes: u32,
    pub(crate) language: u16,
    pub(crate) passed_over: u8,
}

/// Names in the order of their numbers, end to end.
#[derive(Archive, Serialize, Deserialize, Default)]
pub(super) struct NamesRecord {
    pub(super) text: String,
    pub(super) ends: Vec<u32>,
}

/// What a run of files defines and uses, file after file.
#[derive(Archive, Serialize, Deserialize, Default)]
pub(super) struct RowsRecord {
    /// How many definitions, references, imports and mentions each file has.
    pub(super) lengths: Vec<[u32; 4]>,
    pub(super) defined: Vec<u32>,
    pub(super) kinds: Vec<u8>,
    pub(super) roles: Vec<u8>,
    pub(super) lines: Vec<u16>,
    pub(super) referenced: Vec<u32>,
    /// How often; [`u8::MAX`] stands for what `often` says of the place.
    pub(super) counts: Vec<u8>,
    pub(super) often: Vec<(u32, u32)>,
    pub(super) imported: Vec<u32>,
    pub(super) mentioned: Vec<u32>,
}

impl RowsRecord {
    /// Takes one file more.
    pub(super) fn push(&mut self, file: &impl KeptFile) {
        let before = self.ends();
        for KeptDefinition { name, kind, role, lines } in file.definitions() {
            self.defined.push(name);
            self.kinds.push(kind.code());
            self.roles.push(role);
            self.lines.push(lines);
        }
        for (name, count) in file.references() {
            let short = u8::try_from(count).unwrap_or(u8::MAX);
            if short == u8::MAX {
                self.often.push((self.counts.len() as u32, count));
            }
            self.referenced.push(name);
            self.counts.push(short);
        }
        self.imported.extend(file.imports());
        self.mentioned.extend(file.mentions());
        let after = self.ends();
        self.lengths.push(std::array::from_fn(|at| (after[at] - before[at]) as u32));
    }

    /// How many numbers it holds.
    pub(super) fn len(&self) -> usize {
        self.ends().iter().sum()
    }

    fn ends(&self) -> [usize; 4] {
        [self.defined.len(), self.referenced.len(), self.imported.len(), self.mentioned.len()]
    }
}

impl ArchivedRowsRecord {
    /// The files, in their order; `None` where the lengths are not those of the rows.
    pub(super) fn files(&self) -> Option<impl Iterator<Item = Lent<'_>>> {
        let of =
            |at: usize| self.lengths.iter().map(|lengths| u64::from(lengths[at].to_native())).sum::<u64>();
        let ends = [self.defined.len(), self.referenced.len(), self.imported.len(), self.mentioned.len()];
        let is_whole = (0..4).all(|at| of(at) == ends[at] as u64)
            && [self.kinds.len(), self.roles.len(), self.lines.len()].iter().all(|len| *len == ends[0])
            && self.counts.len() == ends[1];
        let mut starts = [0; 4];
        is_whole.then(|| {
            self.lengths.iter().map(move |lengths| {
                let lengths: [usize; 4] = std::array::from_fn(|at| lengths[at].to_native() as usize);
                let lent = Lent { record: self, starts, lengths };
                (0..4).for_each(|at| starts[at] += lengths[at]);
                lent
            })
        })
    }
}

/// One file of a record.
pub(super) struct Lent<'a> {
    record: &'a ArchivedRowsRecord,
    starts: [usize; 4],
    pub(super) lengths: [usize; 4],
}

impl Lent<'_> {
    fn of(&self, at: usize) -> std::ops::Range<usize> {
        self.starts[at]..self.starts[at] + self.lengths[at]
    }
}

impl KeptFile for Lent<'_> {
    fn definitions(&self) -> impl Iterator<Item = KeptDefinition> {
        let of = self.record;
        self.of(0).map(|at| KeptDefinition {
            name: of.defined[at].to_native(),
            kind: DefinitionKind::from_code(of.kinds[at]).unwrap_or(DefinitionKind::Variable),
            role: of.roles[at],
            lines: of.lines[at].to_native(),
        })
    }

    fn references(&self) -> impl Iterator<Item = (u32, u32)> {
        let of = self.record;
        let often = |at: usize| {
            let found = of.often.binary_search_by_key(&at, |of| of.0.to_native() as usize);
            found.map_or(u32::from(u8::MAX), |found| of.often[found].1.to_native())
        };
        self.of(1).map(move |at| {
            let count = if of.counts[at] == u8::MAX { often(at) } else { of.counts[at].into() };
            (of.referenced[at].to_native(), count)
        })
    }

    fn imports(&self) -> impl Iterator<Item = u32> {
        self.record.imported[self.of(2)].iter().map(|name| name.to_native())
    }

    fn mentions(&self) -> impl Iterator<Item = u32> {
        self.record.mentioned[self.of(3)].iter().map(|name| name.to_native())
    }
}

macro_rules! bytes {
    ($($record:ty, $archived:ty;)+) => {
        $(
            impl $record {
                pub(crate) fn to_bytes(&self) -> AlignedVec {
                    rkyv::to_bytes::<rancor::Error>(self).expect("writing to memory does not fail")
                }
            }

            impl $archived {
                pub(crate) fn access(bytes: &[u8]) -> Option<&Self> {
                    rkyv::access::<Self, rancor::Error>(bytes).ok()
                }
            }
        )+
    };
}

bytes! {
    TableRecord, ArchivedTableRecord;
    NamesRecord, ArchivedNamesRecord;
    RowsRecord, ArchivedRowsRecord;
}
