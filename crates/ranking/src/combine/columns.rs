//! Signals side by side: a column each, a row each node.

use crate::combine::signals::Signal;
use crate::combine::weights::Weights;

/// The signals of all rows with their weights.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    rows: usize,
    pub(crate) columns: Vec<Column>,
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) signal: Signal,
    pub(crate) weight: f32,
    pub(crate) values: Vec<f32>,
}

impl Columns {
    pub(crate) fn new(rows: usize) -> Self {
        Self { rows, columns: Vec::new() }
    }

    pub(crate) fn push(&mut self, signal: Signal, values: Vec<f32>) {
        debug_assert_eq!(values.len(), self.rows);
        self.columns.push(Column { signal, weight: 0.0, values });
    }

    /// The values of a signal, if it is there.
    pub(crate) fn values(&self, signal: Signal) -> Option<&[f32]> {
        self.columns.iter().find(|column| column.signal == signal).map(|column| column.values.as_slice())
    }

    /// Sets the weights from a table.
    pub(crate) fn weigh(&mut self, weights: &Weights, table: &str) {
        for column in &mut self.columns {
            column.weight = weights.of(table, column.signal);
        }
    }

    /// The weighted sum of each row.
    pub(crate) fn sums(&self) -> Vec<f64> {
        self.sum(|column| column.weight)
    }

    /// The sum of each row under other weights.
    pub(crate) fn sums_by(&self, weight: impl Fn(Signal) -> f32) -> Vec<f64> {
        self.sum(|column| weight(column.signal))
    }

    fn sum(&self, weight: impl Fn(&Column) -> f32) -> Vec<f64> {
        let mut sums = vec![0.0; self.rows];
        for column in &self.columns {
            let weight = f64::from(weight(column));
            if weight == 0.0 {
                continue;
            }
            sums.iter_mut().zip(&column.values).for_each(|(sum, &value)| *sum += weight * f64::from(value));
        }
        sums
    }
}

/// The logarithms of the shares that sums have of one, by softmax; rows that are out have none.
pub(crate) fn log_shares(mut sums: Vec<f64>, is_out: impl Fn(usize) -> bool) -> Vec<f64> {
    sums.iter_mut().enumerate().filter(|(row, _)| is_out(*row)).for_each(|(_, sum)| *sum = f64::NEG_INFINITY);
    let top = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return sums;
    }
    let all: f64 = sums.iter().map(|sum| (sum - top).exp()).sum();
    sums.iter_mut().for_each(|sum| *sum -= top + all.ln());
    sums
}

/// Scales values so that the largest is 1, after their square root: flows are skewed.
pub(crate) fn unit_roots(values: Vec<f64>) -> Vec<f32> {
    let top = values.iter().copied().fold(0.0, f64::max);
    let scale = |value: f64| if top > 0.0 { (value.max(0.0) / top).sqrt() as f32 } else { 0.0 };
    values.into_iter().map(scale).collect()
}

/// A number for each value, the smaller the larger the value is: in the order of `f64::total_cmp`, turned round.
pub(crate) fn descending(value: f64) -> u64 {
    let bits = value.to_bits();
    // Below 0 the bits grow downwards.
    if bits >> 63 == 0 { !bits & !(1 << 63) } else { bits }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_ordered_as_values_are(a: f64, b: f64) {
            prop_assert_eq!(descending(a).cmp(&descending(b)), b.total_cmp(&a));
        }
    }
}
