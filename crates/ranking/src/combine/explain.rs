use super::columns::Columns;
use super::signals::Signal;
use super::{Chances, DefinitionChance, FileChance};

/// What one signal gave.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SignalShare {
    /// The signal.
    pub signal: Signal,
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
    /// The signals of a file in the order of listings, zeros included.
    pub fn file_signals(&self, of: &FileChance) -> Vec<SignalShare> {
        self.file_columns.row(of.row)
    }

    /// The signals of a definition, in the same way.
    pub fn definition_signals(&self, of: &DefinitionChance) -> Vec<SignalShare> {
        self.definition_columns.row(of.row)
    }

    /// Which part of a definition's chance it has because one must know it to write in the chat files, which use its name; the rest it has
    /// because it will be edited with them. `None` without chat files.
    pub fn known_for_chat(&self, of: &DefinitionChance) -> Option<f32> {
        self.known.get(of.row as usize).copied()
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
