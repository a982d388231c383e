use super::Chances;
use super::columns::Columns;
use crate::FileId;

/// What one signal gave.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SignalShare {
    /// The name of the signal.
    pub signal: &'static str,
    /// Its value, mostly from 0 to 1.
    pub value: f32,
    /// Its weight: a value of 1 multiplies the chance by `exp(weight)`.
    pub weight: f32,
}

impl SignalShare {
    /// What the signal adds to the logarithm of the chance.
    pub fn gain(&self) -> f32 {
        self.value * self.weight
    }
}

impl Chances {
    /// The signals of a file in the order of listings, zeros included; `None` for one that was not weighed.
    pub fn file_signals(&self, file: FileId) -> Option<Vec<SignalShare>> {
        let row = self.files.iter().find(|chance| chance.file == file)?.row;
        Some(self.file_columns.row(row))
    }

    /// The signals of a definition, in the same way.
    pub fn definition_signals(&self, file: FileId, definition: u32) -> Option<Vec<SignalShare>> {
        let mut chances = self.definitions.iter();
        let row = chances.find(|chance| chance.file == file && chance.definition == definition)?.row;
        Some(self.definition_columns.row(row))
    }
}

impl Columns {
    fn row(&self, row: u32) -> Vec<SignalShare> {
        let columns = self.columns.iter();
        columns
            .map(|column| SignalShare {
                signal: column.signal,
                value: column.values[row as usize],
                weight: column.weight,
            })
            .collect()
    }
}
