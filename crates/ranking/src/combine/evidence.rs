use crate::FileId;

/// What other stages know of files and definitions: named signals, to be weighted together with those of paths and references.
///
/// Values are finite, most of them from 0 to 1. A file or definition without a value has 0.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub(crate) files: Vec<(&'static str, Vec<(FileId, f32)>)>,
    pub(crate) definitions: Vec<DefinitionEvidence>,
    pub(crate) task: bool,
    pub(crate) log: bool,
}

/// What one stage knows of definitions.
#[derive(Clone, Debug)]
pub struct DefinitionEvidence {
    pub(crate) signals: &'static [&'static str],
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

    /// Says that a git log was asked: chooses the weights.
    pub fn set_log(&mut self) {
        self.log = true;
    }

    /// Adds a signal of files. Later values of a file replace earlier ones.
    pub fn files(&mut self, signal: &'static str, values: impl IntoIterator<Item = (FileId, f32)>) {
        self.files.push((signal, values.into_iter().collect()));
    }

    /// Adds signals of definitions, to be filled.
    pub fn definitions(&mut self, signals: &'static [&'static str]) -> &mut DefinitionEvidence {
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

    /// The rows of each definition by file and position.
    pub(crate) fn rows(&self) -> Rows<'_> {
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.sort_unstable_by_key(|&row| self.rows[row as usize]);
        Rows { evidence: self, order }
    }
}

/// The values of definitions in the order of files and positions.
pub(crate) struct Rows<'a> {
    evidence: &'a DefinitionEvidence,
    order: Vec<u32>,
}

impl Rows<'_> {
    pub(crate) fn get(&self, file: FileId, definition: u32) -> Option<&[f32]> {
        let known = &self.evidence.rows;
        let at = self.order.binary_search_by_key(&(file, definition), |&row| known[row as usize]).ok()?;
        let (row, signals) = (self.order[at] as usize, self.evidence.signals.len());
        self.evidence.values.get(row * signals..(row + 1) * signals)
    }
}
