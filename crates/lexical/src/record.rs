use crate::field::{Field, Lengths};
use crate::term::Term;
use crate::varint;

/// `u32`s before the terms: format, terms, the lengths of the fields, bodies, words of all bodies, bytes of the counts.
const HEADER: usize = (4 + Field::COUNT + 1) * 4;

/// The words of one file's content, and of the bodies of its definitions: what the index reads instead of the source.
///
/// It depends on the text and its tags alone, not on the path, so it can be kept by content beside the tags.
/// The bytes are read in place: `FileWords<&[u8]>` borrows a stored record, `FileWords<Vec<u8>>` owns one.
///
/// Layout, little endian: a header of `u32`s (format, number of terms, words in each field, number of bodies, words in
/// all bodies, bytes of the counts); the terms, ascending; each term's counts, saturating, in one to four bytes: those of words
/// that stand in no other field than the content, nearly all, in one or two; the bodies as variable-length integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileWords<B = Vec<u8>> {
    bytes: B,
}

/// The bytes are no record of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored words of a file are damaged or of another version")]
#[non_exhaustive]
pub struct InvalidWords;

/// How often a term occurs in each field of one file.
pub(crate) type Counts = [u8; Field::COUNT];

/// What the index scores of one definition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body<'a> {
    /// The index in `FileTags::definitions`.
    pub(crate) definition: u32,
    /// The position, among the file's bodies, of the type around it.
    pub(crate) parent: Option<u32>,
    /// The number of words.
    pub(crate) length: u32,
    names: &'a [u8],
    postings: &'a [u8],
}

/// A body while its record is built; terms are positions among those of the file.
#[derive(Debug, Default)]
pub(crate) struct BodyParts {
    pub(crate) definition: u32,
    pub(crate) parent: Option<u32>,
    pub(crate) length: u32,
    pub(crate) names: Vec<u32>,
    /// Ascending, with the count of each.
    pub(crate) postings: Vec<(u32, u32)>,
}

/// The counts that a posting of a body can say; others are rounded down. BM25 is nearly flat beyond.
const LEVELS: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, 16];

/// Changes whenever the bytes of a record, or the words that a text gives, may change.
const FORMAT: u32 = 4;

impl FileWords {
    /// The version of the records: of their layout and of the words that a text gives. Part of the key that they are stored under.
    pub const FORMAT: u32 = FORMAT;
}

impl<B: AsRef<[u8]>> FileWords<B> {
    /// Takes stored bytes. Looks at the header only: bytes that were changed later give wrong scores, never a panic.
    ///
    /// # Errors
    /// [`InvalidWords`] when the bytes are too few for what they announce, or of another version.
    pub fn from_bytes(bytes: B) -> Result<Self, InvalidWords> {
        let words = Self { bytes };
        let data = words.bytes.as_ref();
        let whole = data.len() >= HEADER
            && words.header(0) == FORMAT
            && (data.len() - HEADER) / 4 >= words.header(1) as usize
            && data.len() - HEADER - words.term_count() * 4 >= words.counts_length();
        if whole { Ok(words) } else { Err(InvalidWords) }
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    /// The number of different terms.
    pub fn term_count(&self) -> usize {
        self.header(1) as usize
    }

    /// The number of words of the content.
    pub fn length(&self) -> u32 {
        self.header(2 + Field::Content as usize)
    }

    /// The number of definitions whose bodies are held.
    pub fn body_count(&self) -> u32 {
        self.header(2 + Field::COUNT)
    }

    pub(crate) fn lengths(&self) -> Lengths {
        std::array::from_fn(|field| self.header(2 + field))
    }

    /// The number of words of all bodies.
    pub(crate) fn bodies_length(&self) -> u32 {
        self.header(3 + Field::COUNT)
    }

    /// The terms, ascending, with their counts.
    pub(crate) fn terms(&self) -> impl Iterator<Item = (Term, Counts)> {
        let (terms, mut counts) = self.tables();
        // Damaged counts end early: the terms after them count nothing.
        terms.iter().map(move |term| {
            let packed = varint::take(&mut counts).unwrap_or_default();
            (Term::from_bits(u32::from_le_bytes(*term)), unpack(packed))
        })
    }

    /// The position of a term.
    pub(crate) fn position(&self, term: Term) -> Option<usize> {
        let terms = self.tables().0;
        terms.binary_search_by_key(&term.bits(), |bytes| u32::from_le_bytes(*bytes)).ok()
    }

    /// The bodies in the order of the definitions. Ends early when the bytes are damaged.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = Body<'_>> {
        let mut rest = &self.bytes.as_ref()[HEADER + self.term_count() * 4 + self.counts_length()..];
        let mut definition = 0;
        (0..self.body_count()).map_while(move |at| {
            definition += varint::take(&mut rest)?;
            let parent = varint::take(&mut rest)?;
            let length = varint::take(&mut rest)?;
            let names = take_slice(&mut rest)?;
            let postings = take_slice(&mut rest)?;
            let parent = at.checked_sub(parent).filter(|_| parent > 0);
            Some(Body { definition, parent, length, names, postings })
        })
    }

    fn tables(&self) -> (&[[u8; 4]], &[u8]) {
        let tables = &self.bytes.as_ref()[HEADER..];
        let (terms, rest) = tables.split_at(self.term_count() * 4);
        (terms.as_chunks::<4>().0, &rest[..self.counts_length()])
    }

    fn counts_length(&self) -> usize {
        self.header(4 + Field::COUNT) as usize
    }

    fn header(&self, index: usize) -> u32 {
        let bytes = self.bytes.as_ref();
        u32::from_le_bytes(std::array::from_fn(|byte| bytes[index * 4 + byte]))
    }
}

impl FileWords {
    /// Puts the parts together; `terms` ascending.
    pub(crate) fn from_parts(terms: &[(Term, Counts)], lengths: Lengths, bodies: &[BodyParts]) -> Self {
        let mut packed = Vec::with_capacity(terms.len() * 2);
        terms.iter().for_each(|(_, counts)| varint::push(&mut packed, pack(*counts)));
        let mut bytes = Vec::with_capacity(HEADER + terms.len() * 4 + packed.len() + bodies.len() * 64);
        let words: u32 = bodies.iter().fold(0, |sum, body| sum.saturating_add(body.length));
        let header = [FORMAT, terms.len() as u32].into_iter().chain(lengths).chain([
            bodies.len() as u32,
            words,
            packed.len() as u32,
        ]);
        header.for_each(|number| bytes.extend(number.to_le_bytes()));
        terms.iter().for_each(|(term, _)| bytes.extend(term.bits().to_le_bytes()));
        bytes.extend(&packed);
        let mut before = 0;
        let mut slice = Vec::new();
        for (at, body) in bodies.iter().enumerate() {
            varint::push(&mut bytes, body.definition - before);
            before = body.definition;
            varint::push(&mut bytes, body.parent.map_or(0, |parent| at as u32 - parent));
            varint::push(&mut bytes, body.length);
            slice.clear();
            body.names.iter().for_each(|&name| varint::push(&mut slice, name));
            push_slice(&mut bytes, &slice);
            slice.clear();
            let mut last = 0;
            for &(term, count) in &body.postings {
                let level = LEVELS.partition_point(|&level| level <= count).saturating_sub(1) as u32;
                varint::push(&mut slice, (term - last) << 3 | level);
                last = term;
            }
            push_slice(&mut bytes, &slice);
        }
        Self { bytes }
    }
}

impl<'a> Body<'a> {
    /// The terms of the definition's name: the exact one first, then its words.
    pub(crate) fn names(self) -> impl Iterator<Item = u32> + 'a {
        let mut rest = self.names;
        std::iter::from_fn(move || varint::take(&mut rest))
    }

    /// The terms of the body with their counts.
    pub(crate) fn postings(self) -> impl Iterator<Item = (u32, u32)> + 'a {
        let mut rest = self.postings;
        let mut term = 0_u32;
        std::iter::from_fn(move || {
            let posting = varint::take(&mut rest)?;
            term = term.wrapping_add(posting >> 3);
            Some((term, LEVELS[(posting & 7) as usize]))
        })
    }
}

/// The counts of a term in one number that is small where they are: whether it stands in another field than the content, which
/// then are half a byte each, and its count in the content.
fn pack(counts: Counts) -> u32 {
    let half = |field: Field| u32::from(counts[field as usize].min(15));
    let others = half(Field::Names) | half(Field::Signatures) << 4 | half(Field::Prose) << 8;
    let content = u32::from(counts[Field::Content as usize]);
    if others == 0 { content << 1 } else { content << 13 | others << 1 | 1 }
}

fn unpack(packed: u32) -> Counts {
    let mut counts = [0; Field::COUNT];
    let (content, others) =
        if packed & 1 == 0 { (packed >> 1, 0) } else { (packed >> 13, packed >> 1 & 0xfff) };
    // Damaged numbers are cut to what a count can be.
    counts[Field::Content as usize] = content as u8;
    counts[Field::Names as usize] = (others & 15) as u8;
    counts[Field::Signatures as usize] = (others >> 4 & 15) as u8;
    counts[Field::Prose as usize] = (others >> 8 & 15) as u8;
    counts
}

fn push_slice(into: &mut Vec<u8>, slice: &[u8]) {
    varint::push(into, u32::try_from(slice.len()).expect("a body has fewer than 2^32 bytes"));
    into.extend_from_slice(slice);
}

fn take_slice<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = varint::take(bytes)? as usize;
    let (slice, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back() {
        let terms: Vec<(Term, Counts)> =
            (0..300).map(|at| (Term::from_bits(at * 1_000), [at as u8, (at % 16) as u8, 15, 1])).collect();
        let bodies = [
            BodyParts { definition: 3, parent: None, length: 9, names: vec![299, 0], postings: vec![] },
            BodyParts {
                definition: 200,
                parent: Some(0),
                length: 70_000,
                names: vec![1],
                postings: vec![(0, 5), (299, 1)],
            },
        ];
        let words = FileWords::from_parts(&terms, [1, 2, 3, 4], &bodies);
        let read = FileWords::from_bytes(words.as_bytes()).unwrap();
        assert!(read.terms().eq(terms.iter().copied()));
        assert_eq!((read.lengths(), read.length(), read.bodies_length()), ([1, 2, 3, 4], 1, 70_009));
        assert_eq!(
            (read.position(Term::from_bits(2_000)), read.position(Term::from_bits(1))),
            (Some(2), None)
        );
        let [first, second] = read.bodies().collect::<Vec<_>>()[..] else { panic!("two bodies") };
        assert_eq!((first.definition, first.parent, first.length), (3, None, 9));
        assert_eq!((second.definition, second.parent, second.length), (200, Some(0), 70_000));
        assert!(first.names().eq([299, 0]) && first.postings().next().is_none());
        // Five is said as four: the counts of bodies come in levels.
        assert!(second.postings().eq([(0, 4), (299, 1)]));
    }
}
