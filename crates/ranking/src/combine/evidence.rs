use crate::{FileId, Signal};

/// What other stages know of files and definitions: named signals, to be weighted together with those of paths and references.
///
/// Values are finite, most of them from 0 to 1. A file or definition without a value has 0.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub(crate) files: Vec<(Signal, Vec<(FileId, f32)>)>,
    pub(crate) definitions: Vec<DefinitionEvidence>,
    pub(crate) task: bool,
}

/// What one stage knows of definitions.
#[derive(Clone, Debug)]
pub struct DefinitionEvidence {
    pub(crate) signals: Vec<Signal>,
    rows: Vec<(FileId, u32)>,
    /// The values of a row stand at its place times the number of signals.
    values: Vec<f32>,
}

impl Evidence {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that the request has a task: chooses the weights.
    pub fn set_task(&mut self) {
        self.task = true;
    }

    /// Adds a signal of files. Later values of a file replace earlier ones.
    pub fn files(&mut self, signal: Signal, values: impl IntoIterator<Item = (FileId, f32)>) {
        self.files.push((signal, values.into_iter().collect()));
    }

    /// Adds signals of definitions, to be filled.
    pub fn definitions(&mut self, signals: &[Signal]) -> &mut DefinitionEvidence {
        let signals = signals.to_vec();
        self.definitions.push(DefinitionEvidence { signals, rows: Vec::new(), values: Vec::new() });
        let last = self.definitions.len() - 1;
        &mut self.definitions[last]
    }
}

impl DefinitionEvidence {
    /// Adds the values of a definition, as many as there are signals: missing ones are 0, further ones are ignored.
    pub fn set(&mut self, file: FileId, definition: u32, values: &[f32]) {
        let values = values.iter().copied().chain(std::iter::repeat(0.0)).take(self.signals.len());
        self.rows.push((file, definition));
        self.values.extend(values);
    }

    /// The rows by file and position.
    pub(crate) fn rows(&self) -> Rows<'_> {
        // Stages tell of one file after the other, of its definitions in their order: then only the files are sorted.
        let follows = |a: &(FileId, u32), b: &(FileId, u32)| a.0 == b.0 && a.1 < b.1;
        let mut starts = Vec::new();
        let mut start = 0;
        for run in self.rows.chunk_by(follows) {
            starts.push((run[0].0, start));
            start += run.len() as u32;
        }
        starts.sort_unstable();
        if starts.is_sorted_by(|a, b| a.0 < b.0) {
            return Rows { evidence: self, order: None, starts };
        }
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.sort_unstable_by_key(|&row| self.rows[row as usize]);
        let places = order.iter().map(|&row| self.rows[row as usize].0).zip(0..);
        let mut starts: Vec<(FileId, u32)> = places.collect();
        starts.dedup_by_key(|start| start.0);
        Rows { evidence: self, order: Some(order), starts }
    }
}

/// The values of definitions by files and positions.
pub(crate) struct Rows<'a> {
    evidence: &'a DefinitionEvidence,
    /// The rows of each file in the order of positions, end to end; `None` where they were set so.
    order: Option<Vec<u32>>,
    /// Where the rows of each file begin, in the order of files.
    starts: Vec<(FileId, u32)>,
}

impl<'a> Rows<'a> {
    /// Calls with the values of each of the first `definitions` of a file, in their order.
    pub(crate) fn each(&self, file: FileId, definitions: u32, mut call: impl FnMut(Option<&'a [f32]>)) {
        let start = self.starts.binary_search_by_key(&file, |start| start.0);
        let mut at = start.map_or(u32::MAX, |found| self.starts[found].1);
        for definition in 0..definitions {
            while self.of_file(at, file).is_some_and(|row| self.evidence.rows[row].1 < definition) {
                at += 1;
            }
            let row = self.of_file(at, file).filter(|&row| self.evidence.rows[row].1 == definition);
            call(row.map(|row| self.values(row)));
        }
    }

    /// The row at a place, if it is one of the file.
    fn of_file(&self, at: u32, file: FileId) -> Option<usize> {
        let row = match &self.order {
            Some(order) => *order.get(at as usize)? as usize,
            None => at as usize,
        };
        self.evidence.rows.get(row).is_some_and(|known| known.0 == file).then_some(row)
    }

    fn values(&self, row: usize) -> &'a [f32] {
        let signals = self.evidence.signals.len();
        &self.evidence.values[row * signals..(row + 1) * signals]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn values_are_found_in_whatever_order_they_were_set(
            rows in prop::collection::btree_map((0_u32..6, 0_u32..6), 0.0_f32..1.0, 0..30),
            shuffled: bool,
        ) {
            let mut evidence = Evidence::new();
            let stage = evidence.definitions(&[Signal::Body, Signal::Coverage]);
            let mut set: Vec<_> = rows.iter().collect();
            if shuffled {
                set.sort_by_key(|((file, definition), _)| (definition * 7 % 5, *file));
            } else {
                set.sort_by_key(|((file, definition), _)| (file * 5 % 7, *definition));
            }
            for (&(file, definition), &value) in set {
                stage.set(FileId(file), definition, &[value, -value]);
            }
            let found = stage.rows();
            for file in 0..7 {
                let mut definition = 0;
                found.each(FileId(file), 7, |values| {
                    let expected = rows.get(&(file, definition)).map(|value| vec![*value, -value]);
                    assert_eq!(values.map(<[f32]>::to_vec), expected);
                    definition += 1;
                });
            }
        }
    }
}
