//! Columns of numbers as bytes: small numbers in few of them, and each read only if it is what it may be.

use ahash::HashMap;

use crate::graph::Rows;

/// Puts columns together.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

/// Takes them apart again, in the same order. `None` where the bytes end or a number is out of its bounds.
pub(super) struct Reader<'b>(&'b [u8]);

impl Writer {
    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }

    /// LEB128: seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(super) fn numbers(&mut self, numbers: impl Iterator<Item = u32>) {
        numbers.for_each(|number| self.number(number));
    }

    pub(super) fn bytes(&mut self, bytes: impl Iterator<Item = u8>) {
        self.0.extend(bytes);
    }

    /// As they are, 8 bytes each.
    pub(super) fn words(&mut self, words: impl Iterator<Item = u64>) {
        words.for_each(|word| self.0.extend(word.to_le_bytes()));
    }

    /// How long each row is, then what each entry is beyond the one before it.
    pub(super) fn rows<T>(&mut self, rows: &Rows<T>, of: impl Fn(&T) -> u32) {
        self.numbers(rows.iter().map(|row| row.len() as u32));
        for row in rows.iter() {
            let mut before = 0;
            for entry in row.iter().map(&of) {
                self.number(entry - before);
                before = entry;
            }
        }
    }

    /// Values of which few are different: these, then which of them each is.
    pub(super) fn coded(&mut self, values: impl Iterator<Item = u64> + Clone) {
        let mut places: HashMap<u64, u32> = HashMap::default();
        let mut different = Vec::new();
        for value in values.clone() {
            places.entry(value).or_insert_with(|| {
                different.push(value);
                different.len() as u32 - 1
            });
        }
        self.number(different.len() as u32);
        self.words(different.into_iter());
        self.numbers(values.map(|value| places[&value]));
    }
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// `found`, if nothing is left.
    pub(super) fn end<T>(self, found: T) -> Option<T> {
        self.0.is_empty().then_some(found)
    }

    #[inline]
    pub(super) fn number(&mut self) -> Option<u32> {
        // Nearly all have one byte or two.
        match *self.0 {
            [low @ ..0x80, ref rest @ ..] => {
                self.0 = rest;
                Some(u32::from(low))
            }
            [low, high @ ..0x80, ref rest @ ..] => {
                self.0 = rest;
                Some(u32::from(low & 0x7f) | u32::from(high) << 7)
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> Option<u32> {
        let mut number = 0_u64;
        for shift in [0, 7, 14, 21, 28] {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    /// Each has a byte at least, so that no count takes more memory than the bytes allow.
    fn room(&self, count: usize, each: usize) -> Option<()> {
        (count.checked_mul(each)? <= self.0.len()).then_some(())
    }

    pub(super) fn numbers(&mut self, count: usize, below: u32) -> Option<Vec<u32>> {
        self.room(count, 1)?;
        let mut numbers = Vec::with_capacity(count);
        for _ in 0..count {
            numbers.push(self.number().filter(|number| *number < below)?);
        }
        Some(numbers)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        self.room(count, 1)?;
        let (bytes, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn words(&mut self, count: usize) -> Option<impl Iterator<Item = u64> + use<'b>> {
        self.room(count, 8)?;
        let bytes = self.bytes(count * 8)?;
        Some(bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)))
    }

    /// The entries of rows; those of a row do not descend.
    pub(super) fn rows(&mut self, rows: usize, below: u32) -> Option<Rows<u32>> {
        let lengths = self.numbers(rows, u32::MAX)?;
        let all = lengths.iter().map(|length| u64::from(*length)).sum::<u64>();
        let all = usize::try_from(u32::try_from(all).ok()?).ok()?;
        self.room(all, 1)?;
        let mut entries = Vec::with_capacity(all);
        for length in &lengths {
            let mut before = 0_u32;
            for _ in 0..*length {
                before = before.checked_add(self.number()?).filter(|entry| *entry < below)?;
                entries.push(before);
            }
        }
        Some(Rows::joined(lengths.into_iter(), entries))
    }

    pub(super) fn coded(&mut self, count: usize) -> Option<Vec<u64>> {
        let different = self.number()?;
        let different: Vec<u64> = self.words(different as usize)?.collect();
        self.room(count, 1)?;
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(*different.get(self.number()? as usize)?);
        }
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn columns_come_back_and_bytes_that_are_none_do_not_panic(
            mut rows in prop::collection::vec(prop::collection::vec(0_u32..1 << 20, 0..5), 0..20),
            values in prop::collection::vec(prop_oneof![Just(7_u64), any::<u64>()], 0..20),
            cut in 0_usize..200,
        ) {
            rows.iter_mut().for_each(|row| row.sort_unstable());
            let lengths = rows.iter().map(|row| row.len() as u32);
            let joined = Rows::joined(lengths, rows.concat());
            let mut writer = Writer::default();
            writer.rows(&joined, |entry| *entry);
            writer.coded(values.iter().copied());
            let bytes = writer.finish();
            let read = |bytes: &[u8], below: u32| {
                let mut reader = Reader::new(bytes);
                let found = (reader.rows(rows.len(), below)?, reader.coded(values.len())?);
                reader.end(found)
            };
            let (found, coded) = read(&bytes, 1 << 20).unwrap();
            prop_assert!(found.iter().eq(rows.iter().map(Vec::as_slice)));
            prop_assert_eq!(coded, &*values);
            let most = rows.iter().flatten().max().copied().unwrap_or(0);
            prop_assert!(rows.iter().all(Vec::is_empty) || read(&bytes, most).is_none());
            prop_assert!(cut >= bytes.len() || read(&bytes[..cut], 1 << 20).is_none());
            let mut damaged = bytes;
            if let Some(byte) = damaged.get_mut(cut) {
                *byte ^= 0xff;
                drop(read(&damaged, 1 << 20));
            }
        }
    }
}
