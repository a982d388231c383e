//! The definitions of the best files.

use std::cmp::Reverse;

use repo_map_model::DefinitionKind;

use super::columns::{Columns, descending, log_shares, unit_roots};
use super::logs::ln_1p;
use super::neighbours::Step;
use super::reach::{Reached, shares_of};
use super::signals::Signal;
use super::weights::{NEEDS, PLACES};
use super::{DefinitionChance, Evidence, FileChance, Occasion, Weights};
use crate::corpus::Role;
use crate::graph::{Definition, ReferenceGraph};
use crate::score::rounded;
use crate::{Corpus, PathClass};

/// Shares of files below this, as a logarithm, are all alike.
const LEAST_SHARE: f64 = -20.0;

/// A definition among those of the best files.
#[derive(Clone, Copy)]
struct Place {
    node: u32,
    /// Its position in the file.
    at: u32,
    definition: Definition,
}

/// In how many of the best files definitions are weighed: the others are beyond any budget.
const FILES_WITH_DEFINITIONS: usize = 300;

/// So many further files, that chat files use, are weighed too.
const FILES_WITH_NEEDS: usize = 100;

/// What definitions are weighed by.
pub(super) struct Weighing<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) graph: &'a ReferenceGraph,
    pub(super) evidence: &'a Evidence,
    pub(super) weights: &'a Weights,
    pub(super) occasion: Occasion,
    pub(super) chat: &'a [(u32, f64)],
    pub(super) steps: [(Signal, &'a Step); 2],
}

/// What came of it.
pub(super) struct Weighed {
    pub(super) best: Vec<DefinitionChance>,
    /// A row for each definition that was weighed.
    pub(super) columns: Columns,
    /// By row, beside chat files: which part of the share is there for what one must know to write in them.
    pub(super) known: Vec<f32>,
}

impl Weighing<'_> {
    /// The best definitions of the best files.
    ///
    /// Beside a chat file a map serves two needs: what will be edited with it, and what one must know to write there. Each has
    /// its shares; what both have is added up, by [`Weights`] of the packing.
    pub(super) fn weigh(&self, files: &[FileChance], shares: &[f64], limit: usize) -> Weighed {
        let Self { graph, weights, .. } = self;
        let needs = (!self.chat.is_empty()).then(|| Needs::of(self.corpus, graph, self.chat));
        let files = self.files(files, needs.as_ref());
        let places: Vec<Place> = files.iter().flat_map(|file| places(graph, file)).collect();
        let mut columns = self.columns(&files, &places, shares);
        if let Some(needs) = &needs {
            let named = places.iter().map(|place| needs.named(place.definition.name, place.node));
            columns.push(Signal::NamedByChat, named.collect());
            let of_file = places.iter().map(|place| needs.of_files[place.node as usize].ln_1p());
            columns.push(Signal::FileUsedByChat, of_file.collect());
            let is = |place: &Place| {
                if place.definition.kind == DefinitionKind::Module { 1.0 } else { 0.0 }
            };
            columns.push(Signal::Module, places.iter().map(is).collect());
        }
        columns.weigh(weights, self.occasion.definitions());
        let mut shares = log_shares(columns.sums(), |_| false);
        let mut known = Vec::new();
        if needs.is_some() {
            let of_needs = weights.worth(match self.occasion {
                Occasion::Chat => "needs_of_chat",
                _ => "needs_of_task",
            });
            let classes = |place: &Place| graph.nodes.classes[place.node as usize];
            let needed = log_shares(columns.sums_by(|signal| weights.of(NEEDS, signal)), |row| {
                !matches!(classes(&places[row]), PathClass::Source)
            });
            let is_any = needed.iter().any(|needed| needed.is_finite());
            let of_needs = if is_any { of_needs.min(1.0) } else { 0.0 };
            for (share, needed) in shares.iter_mut().zip(needed) {
                let needed = of_needs * needed.exp();
                let both = (1.0 - of_needs) * share.exp() + needed;
                known.push(if both > 0.0 { (needed / both) as f32 } else { 0.0 });
                *share = both.ln();
            }
        }
        Weighed { best: best(graph, &places, &shares, limit), columns, known }
    }

    /// The best files, and those that chat files use.
    fn files<'f>(&self, files: &'f [FileChance], needs: Option<&Needs>) -> Vec<&'f FileChance> {
        let (best, others) = files.split_at(files.len().min(FILES_WITH_DEFINITIONS));
        let needed = |file: &&FileChance| needs.is_some_and(|needs| needs.of_files[file.row as usize] > 0.0);
        let others = others.iter().filter(needed).take(FILES_WITH_NEEDS);
        best.iter().chain(others).filter(|file| file.chance > 0.0).collect()
    }

    fn columns(&self, files: &[&FileChance], places: &[Place], file_shares: &[f64]) -> Columns {
        let Self { graph, evidence, weights, .. } = self;
        let rows = |file: &FileChance| graph.nodes.definitions.row(file.row as usize);
        let all = places.len();
        let mut columns = Columns::new(all);
        let mut of_files = |signal: Signal, value: &dyn Fn(&FileChance) -> f32| {
            let mut column = Vec::with_capacity(all);
            files.iter().for_each(|file| column.resize(column.len() + rows(file).len(), value(file)));
            columns.push(signal, column);
        };
        // Scaled to the size of the other signals.
        of_files(Signal::File, &|file| (file_shares[file.row as usize].max(LEAST_SHARE) / 10.0) as f32);
        of_files(Signal::Siblings, &|file| ln_1p(rows(file).len()) / 6.0);
        for stage in &evidence.definitions {
            let found = stage.rows();
            let mut known: Vec<Option<&[f32]>> = Vec::with_capacity(all);
            for file in files {
                found.each(file.file, rows(file).len() as u32, |values| known.push(values));
            }
            for (at, &signal) in stage.signals.iter().enumerate() {
                columns.push(
                    signal,
                    known.iter().map(|values| values.map_or(0.0, |values| values[at])).collect(),
                );
            }
        }
        columns.push(Signal::Lines, places.iter().map(|place| extent(place.definition.lines)).collect());
        for (signal, is) in KINDS {
            let flags = places.iter().map(|place| if is(&place.definition) { 1.0 } else { 0.0 });
            columns.push(signal, flags.collect());
        }
        let used = |place: &Place| {
            let users = graph.names.uses.row(place.definition.name as usize).len();
            (ln_1p(users) / 5.0).min(1.0)
        };
        columns.push(Signal::Used, places.iter().map(used).collect());
        for (signal, step) in self.steps {
            columns.push(signal, carried(graph, places, step));
        }
        columns.push(Signal::PlaceInFile, places_in_files(places, &columns, weights));
        columns
    }
}

fn places<'g>(graph: &'g ReferenceGraph, file: &FileChance) -> impl Iterator<Item = Place> + 'g {
    let (node, row) = (file.row, graph.nodes.definitions.row(file.row as usize));
    row.iter().zip(0..).map(move |(&definition, at)| Place { node, at, definition })
}

/// What chat files name.
struct Needs {
    /// Name and node of a definer, ascending, with how surely it is meant.
    named: Vec<((u32, u32), f32)>,
    /// By node: how many of its names.
    of_files: Vec<f32>,
}

impl Needs {
    fn of(corpus: &Corpus, graph: &ReferenceGraph, chat: &[(u32, f64)]) -> Self {
        let mut reached = Reached::new(corpus, graph);
        let mut named: Vec<((u32, u32), f32)> = Vec::new();
        for &(user, _) in chat {
            let file = graph.nodes.files[user as usize];
            let references = &corpus.slots()[file.index()].references;
            reached.begin(user as usize, references.len());
            for reference in references {
                let Some(name) = graph.names.of_symbol(reference.symbol) else { continue };
                let shares = shares_of(graph, &mut reached, name);
                let others = shares.into_iter().filter(|(definer, _)| *definer != user);
                named.extend(others.map(|(definer, share)| ((name as u32, definer), share)));
            }
        }
        named.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        named.dedup_by_key(|(key, _)| *key);
        let mut of_files = vec![0.0; graph.file_count()];
        named.iter().for_each(|&((_, definer), share)| of_files[definer as usize] += share);
        Self { named, of_files }
    }

    fn named(&self, name: u32, node: u32) -> f32 {
        let found = self.named.binary_search_by_key(&(name, node), |(key, _)| *key);
        found.map_or(0.0, |at| self.named[at].1)
    }
}

/// What references carry to each definition's name.
fn carried(graph: &ReferenceGraph, places: &[Place], step: &Step) -> Vec<f32> {
    if step.names.is_empty() {
        return vec![0.0; places.len()];
    }
    let mut of_names = vec![0.0; graph.names.len()];
    step.names.iter().for_each(|&(name, mass)| of_names[name as usize] = mass);
    unit_roots(places.iter().map(|place| of_names[place.definition.name as usize]).collect())
}

/// The best definitions in their order: by rounded share, then by path and position.
fn best(graph: &ReferenceGraph, places: &[Place], shares: &[f64], limit: usize) -> Vec<DefinitionChance> {
    // No chance is below 0: they are ordered as their bits are.
    let key = |((place, share), row): ((&Place, &f64), u32)| {
        (Reverse(rounded(share.exp()).to_bits()), place.node, place.at, row)
    };
    let mut order: Vec<_> = places.iter().zip(shares).zip(0..).map(key).collect();
    if order.len() > limit {
        if limit > 0 {
            order.select_nth_unstable(limit - 1);
        }
        order.truncate(limit);
    }
    order.sort_unstable();
    let chances = order.into_iter().map(|(Reverse(chance), node, at, row)| DefinitionChance {
        file: graph.nodes.files[node as usize],
        definition: at,
        chance: f64::from_bits(chance),
        row,
    });
    chances.collect()
}

type IsKind = fn(&Definition) -> bool;

/// What is defined, as far as it matters: functions are none of these.
const KINDS: [(Signal, IsKind); 6] = [
    (Signal::Type, |of| of.kind.is_type()),
    (Signal::Method, |of| of.kind == DefinitionKind::Method),
    (Signal::Constructor, |of| of.kind == DefinitionKind::Constructor),
    (Signal::Data, |of| !of.kind.is_type() && !of.kind.is_callable()),
    (Signal::Declaration, |of| of.role == Role::Declaration),
    (Signal::Test, |of| of.role == Role::Test),
];

/// The length of a definition: 1 from 400 lines on.
fn extent(lines: u16) -> f32 {
    (ln_1p(usize::from(lines)) / 6.0).min(1.0)
}

/// Which place a definition has among those of its file, by a first weighing: 0 for the best, falling with the logarithm
/// of the place to -1. What a file's definitions share is shared out by it, whatever the size of the file.
fn places_in_files(places: &[Place], columns: &Columns, weights: &Weights) -> Vec<f32> {
    let sums = columns.sums_by(|signal| weights.of(PLACES, signal));
    let mut order: Vec<(u64, u32)> = sums.into_iter().map(descending).zip(0..).collect();
    let mut column = vec![0.0; places.len()];
    let mut rest = order.as_mut_slice();
    // The definitions of a file stand together, in their order.
    for of_file in places.chunk_by(|a, b| a.node == b.node) {
        let (own, others) = rest.split_at_mut(of_file.len());
        rest = others;
        own.sort_unstable();
        for (place, &(_, row)) in own.iter().enumerate() {
            column[row as usize] = (-ln_1p(place) / 7.0).max(-1.0);
        }
    }
    column
}

#[cfg(test)]
mod tests {
    use repo_map_model::RepoPath;

    use super::super::reach::LISTED;
    use super::*;
    use crate::{Preset, RankRequest, combine};

    /// What all files import was listed anew for each request.
    #[test]
    fn a_request_lists_the_imports_of_its_chat_files_alone() {
        let mut corpus = Corpus::new();
        let names: Vec<String> = (0..40).map(|at| format!("m{at}")).collect();
        let paths: Vec<RepoPath> =
            names.iter().map(|name| RepoPath::new(&format!("{name}.py")).unwrap()).collect();
        for (at, (name, path)) in names.iter().zip(&paths).enumerate() {
            let other = names[(at + 1) % names.len()].as_str();
            let file = corpus.set_file(path, [(name.as_str(), DefinitionKind::Class, false)], [(other, 1)]);
            corpus.set_imports(file, [other]);
        }
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let request = RankRequest { chat_files: &paths[..2], ..RankRequest::default() };
        LISTED.set(0);
        let chances = combine(&corpus, &graph, &request, &Evidence::new(), &Weights::default());
        assert_eq!(LISTED.get(), 2);
        assert_eq!(corpus.path(chances.definitions[0].file), &paths[2]);
    }
}
