/// Rows of different lengths, end to end: the entries of row `i` are `entries[starts[i]..starts[i + 1]]`.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    starts: Vec<u32>,
    entries: Vec<T>,
}

/// Fills rows of known lengths in any order of rows; within a row, in the order of the calls.
pub(crate) struct RowsBuilder<T> {
    rows: Rows<T>,
    next: Vec<u32>,
}

impl<T> Rows<T> {
    /// Puts rows together whose entries stand end to end already.
    pub(crate) fn joined(lengths: impl Iterator<Item = u32>, entries: Vec<T>) -> Self {
        Self { starts: starts(lengths), entries }
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn row(&self, index: usize) -> &[T] {
        &self.entries[self.starts[index] as usize..self.starts[index + 1] as usize]
    }

    /// Where a row begins among the entries of all rows.
    pub(crate) fn start(&self, index: usize) -> usize {
        self.starts[index] as usize
    }

    /// The row that holds an entry, by its place among the entries of all rows.
    pub(crate) fn row_of(&self, entry: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= entry) - 1
    }

    /// The entries of all rows, end to end.
    pub(crate) fn all(&self) -> &[T] {
        &self.entries
    }

    /// The same rows of others.
    pub(crate) fn map<U>(&self, of: impl FnMut(T) -> U) -> Rows<U>
    where
        T: Copy,
    {
        Rows { starts: self.starts.clone(), entries: self.entries.iter().copied().map(of).collect() }
    }

    /// How many entries all rows have.
    pub(crate) fn entries(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len()).map(|index| self.row(index))
    }
}

impl<T: Clone + Default> RowsBuilder<T> {
    /// Row `i` will have `lengths[i]` entries.
    pub(crate) fn new(lengths: &[u32]) -> Self {
        let starts = starts(lengths.iter().copied());
        let total = starts[lengths.len()] as usize;
        Self { next: starts.clone(), rows: Rows { starts, entries: vec![T::default(); total] } }
    }

    pub(crate) fn push(&mut self, row: usize, entry: T) {
        let next = &mut self.next[row];
        self.rows.entries[*next as usize] = entry;
        *next += 1;
    }

    pub(crate) fn build(self) -> Rows<T> {
        self.rows
    }
}

fn starts(lengths: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut sum = 0_u32;
    std::iter::once(0)
        .chain(lengths.map(|length| {
            sum = sum.checked_add(length).expect("a repository has fewer than 2^32 references");
            sum
        }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_the_order_of_pushes() {
        let mut rows = RowsBuilder::new(&[2, 0, 1]);
        rows.push(2, 'c');
        rows.push(0, 'b');
        rows.push(0, 'a');
        let rows = rows.build();
        assert_eq!(rows.iter().collect::<Vec<_>>(), [&['b', 'a'][..], &[], &['c']]);
        assert_eq!(rows.len(), 3);
        assert_eq!([0, 1, 2].map(|entry| rows.row_of(entry)), [0, 0, 2]);
    }
}
