use super::{Definition, NONE, Rows, RowsBuilder};
use crate::Corpus;
use crate::corpus::CorpusFile;
use crate::symbols::Symbol;

/// The names that some file defines, numbered in the order of first definition; where they are defined and used.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) symbols: Vec<Symbol>,
    /// Name of a symbol, [`NONE`] where nothing defines it.
    of_symbol: Vec<u32>,
    pub(crate) places: Rows<Place>,
    pub(crate) uses: Rows<Use>,
}

/// Where a name is defined: once for each definition, in the order of nodes and of definitions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) node: u32,
    /// Position in the file's tags.
    pub(crate) definition: u32,
}

/// Which file references a name, and how often; in the order of nodes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Use {
    pub(crate) node: u32,
    pub(crate) count: u32,
}

/// How often a node references a name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NameCount {
    pub(super) name: u32,
    pub(super) count: u32,
}

/// What one pass over the files gives.
pub(super) struct Collected {
    pub(super) names: Names,
    /// Node → its definitions.
    pub(super) definitions: Rows<Definition>,
}

impl Names {
    pub(super) fn collect(corpus: &Corpus, files: &[&CorpusFile]) -> Collected {
        let (symbols, of_symbol, definitions) = number(corpus, files);
        let references = match files.iter().all(|file| file.references.is_empty()) {
            true => definitions_as_references(&definitions),
            false => defined_references(files, &of_symbol),
        };
        let names = Self {
            places: places(symbols.len(), &definitions),
            uses: uses(symbols.len(), &references),
            symbols,
            of_symbol,
        };
        Collected { names, definitions }
    }

    /// The same, where it is known who uses which name: `uses` gives that for so many names.
    pub(super) fn collect_with(
        corpus: &Corpus,
        files: &[&CorpusFile],
        uses: impl FnOnce(usize) -> Option<Rows<Use>>,
    ) -> Option<Collected> {
        let (symbols, of_symbol, definitions) = number(corpus, files);
        let uses = uses(symbols.len())?;
        let names = Self { places: places(symbols.len(), &definitions), uses, symbols, of_symbol };
        Some(Collected { names, definitions })
    }

    /// Of each node, whether it references a defined name.
    pub(super) fn users(&self, files: usize) -> Vec<bool> {
        let mut is_user = vec![false; files];
        self.uses.all().iter().for_each(|of| is_user[of.node as usize] = true);
        is_user
    }

    pub(crate) fn len(&self) -> usize {
        self.symbols.len()
    }

    /// The number of a defined name.
    pub(crate) fn of_symbol(&self, symbol: Symbol) -> Option<usize> {
        self.of_symbol.get(symbol.0 as usize).filter(|&&name| name != NONE).map(|&name| name as usize)
    }

    pub(crate) fn is_referenced(&self, name: usize) -> bool {
        !self.uses.row(name).is_empty()
    }

    /// The nodes that define a name, each once, ascending.
    pub(crate) fn definers(&self, name: usize) -> impl Iterator<Item = u32> {
        // A file may define one name a hundred thousand times: who asks for a few definers does not pay for that.
        let mut rest = self.places.row(name);
        std::iter::from_fn(move || {
            let node = rest.first()?.node;
            rest = match rest.get(1) {
                Some(next) if next.node == node => &rest[rest.partition_point(|place| place.node == node)..],
                _ => &rest[1..],
            };
            Some(node)
        })
    }

    pub(super) fn edge_count(&self) -> u64 {
        (0..self.len())
            .map(|name| self.definers(name).count() as u64 * self.uses.row(name).len().max(1) as u64)
            .sum()
    }
}

/// Numbers the defined names; gives (symbol of a name, name of a symbol, definitions of a node).
fn number(corpus: &Corpus, files: &[&CorpusFile]) -> (Vec<Symbol>, Vec<u32>, Rows<Definition>) {
    let mut symbols = Vec::new();
    let mut of_symbol = vec![NONE; corpus.symbols().len()];
    let mut definitions = Vec::with_capacity(files.iter().map(|file| file.definitions.len()).sum());
    for definition in files.iter().flat_map(|file| &file.definitions) {
        let name = &mut of_symbol[definition.symbol.0 as usize];
        if *name == NONE {
            *name = u32::try_from(symbols.len()).expect("names are no more than symbols, fewer than 2^32");
            symbols.push(definition.symbol);
        }
        definitions.push(Definition {
            name: *name,
            kind: definition.kind,
            role: definition.role,
            lines: definition.lines,
        });
    }
    let lengths = files.iter().map(|file| file.definitions.len() as u32);
    (symbols, of_symbol, Rows::joined(lengths, definitions))
}

fn defined_references(files: &[&CorpusFile], of_symbol: &[u32]) -> Rows<NameCount> {
    let mut references = Vec::new();
    let mut lengths = Vec::with_capacity(files.len());
    for file in files {
        let before = references.len();
        references.extend(file.references.iter().filter_map(|reference| {
            let name = of_symbol[reference.symbol.0 as usize];
            (name != NONE).then_some(NameCount { name, count: reference.count })
        }));
        lengths.push((references.len() - before) as u32);
    }
    Rows::joined(lengths.into_iter(), references)
}

/// Where a whole corpus has no reference, each file references what it defines.
fn definitions_as_references(definitions: &Rows<Definition>) -> Rows<NameCount> {
    let mut references = Vec::new();
    let mut lengths = Vec::with_capacity(definitions.len());
    for row in definitions.iter() {
        let mut names: Vec<u32> = row.iter().map(|definition| definition.name).collect();
        names.sort_unstable();
        names.dedup();
        lengths.push(names.len() as u32);
        references.extend(names.into_iter().map(|name| NameCount { name, count: 1 }));
    }
    Rows::joined(lengths.into_iter(), references)
}

fn places(names: usize, definitions: &Rows<Definition>) -> Rows<Place> {
    let mut lengths = vec![0; names];
    definitions.iter().flatten().for_each(|definition| lengths[definition.name as usize] += 1);
    let mut places = RowsBuilder::new(&lengths);
    for (node, row) in definitions.iter().enumerate() {
        for (index, definition) in row.iter().enumerate() {
            places.push(definition.name as usize, Place { node: node as u32, definition: index as u32 });
        }
    }
    places.build()
}

fn uses(names: usize, references: &Rows<NameCount>) -> Rows<Use> {
    let mut lengths = vec![0; names];
    references.iter().flatten().for_each(|reference| lengths[reference.name as usize] += 1);
    let mut uses = RowsBuilder::new(&lengths);
    for (node, row) in references.iter().enumerate() {
        for reference in row {
            uses.push(reference.name as usize, Use { node: node as u32, count: reference.count });
        }
    }
    uses.build()
}
