use std::ops::Range;

use ahash::RandomState;
use hashbrown::HashTable;

use super::{NONE, Names, Rows, RowsBuilder};
use crate::EdgeWeights;

/// Referenced names with the same set of definers: to the walk they are one.
///
/// Numbered in the order of their first names, so files nearby define groups nearby.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// Group → the nodes that define its names, ascending.
    pub(crate) definers: Rows<u32>,
    /// Group → its names, ascending.
    pub(crate) names: Rows<u32>,
    /// Name → its group, [`NONE`] where no file references the name.
    pub(super) of_name: Vec<u32>,
    /// Group → factor of the number of its definers.
    pub(crate) factors: Vec<f64>,
}

impl Groups {
    pub(super) fn of(names: &Names, weights: &EdgeWeights) -> Self {
        let (of_name, definers) = assign(names);
        Self::joined(of_name, definers, weights)
    }

    pub(super) fn joined(of_name: Vec<u32>, definers: Rows<u32>, weights: &EdgeWeights) -> Self {
        Self {
            names: members(definers.len(), &of_name),
            factors: definers.iter().map(|definers| weights.definers_factor(definers.len())).collect(),
            definers,
            of_name,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.definers.len()
    }

    /// The group of a name that some file references.
    pub(crate) fn of_name(&self, name: usize) -> Option<usize> {
        Some(self.of_name[name]).filter(|&group| group != NONE).map(|group| group as usize)
    }
}

/// Gives each referenced name a group, groups numbered as they are met, and each group's definers.
fn assign(names: &Names) -> (Vec<u32>, Rows<u32>) {
    let mut of_name = vec![NONE; names.len()];
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut definers: Vec<u32> = Vec::new();
    let mut known = HashTable::<u32>::new();
    let state = RandomState::new();
    for name in (0..names.len()).filter(|&name| names.is_referenced(name)) {
        let start = definers.len();
        definers.extend(names.definers(name));
        let span = start..definers.len();
        let of = |group: &u32| &definers[spans[*group as usize].clone()];
        let hash = state.hash_one(&definers[span.clone()]);
        let same = known.find(hash, |group| of(group) == &definers[span.clone()]).copied();
        of_name[name] = match same {
            Some(group) => {
                definers.truncate(start);
                group
            }
            None => {
                let group = spans.len() as u32;
                known.insert_unique(hash, group, |group| state.hash_one(of(group)));
                spans.push(span);
                group
            }
        };
    }
    (of_name, Rows::joined(spans.iter().map(|span| span.len() as u32), definers))
}

fn members(groups: usize, of_name: &[u32]) -> Rows<u32> {
    let referenced = || of_name.iter().enumerate().filter(|&(_, &group)| group != NONE);
    let mut lengths = vec![0; groups];
    referenced().for_each(|(_, &group)| lengths[group as usize] += 1);
    let mut members = RowsBuilder::new(&lengths);
    referenced().for_each(|(name, &group)| members.push(group as usize, name as u32));
    members.build()
}
