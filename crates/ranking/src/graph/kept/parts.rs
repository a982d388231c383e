//! What the bytes of each part hold.

use super::columns::{Reader, Writer};
use super::{GraphPart, Kept};
use crate::PathClass;
use crate::graph::groups::Groups;
use crate::graph::imports::Imports;
use crate::graph::names::Use;
use crate::graph::walk::{Links, Walk};
use crate::graph::{Link, NONE, OverviewOrder, Placed, ReferenceGraph, Rows, Uses};
use crate::weights::NameShape;

/// The bytes of a part; `None` where it was never worked out.
pub(super) fn write(graph: &ReferenceGraph, part: GraphPart) -> Option<Vec<u8>> {
    let mut writer = Writer::default();
    match part {
        GraphPart::Base => base(graph, &mut writer),
        GraphPart::Walk => walk(graph.walk.get()?, &mut writer),
        GraphPart::Used => writer.numbers(graph.used.get()?.iter().map(|used| used.to_bits())),
        GraphPart::Imports => {
            let Imports { imported, .. } = graph.imports.get()?;
            writer.rows(imported, |link| link.node);
            writer.coded(imported.all().iter().map(|link| link.weight.into()));
        }
        GraphPart::Overview => {
            let counts = graph.counts.get()?;
            overview(&counts.weights, counts.order.get()?, &mut writer);
        }
    }
    Some(writer.finish())
}

fn base(graph: &ReferenceGraph, writer: &mut Writer) {
    let code = |class: &PathClass| PathClass::ALL.iter().position(|of| of == class).unwrap_or_default() as u8;
    writer.bytes(graph.nodes.classes.iter().map(code));
    writer.rows(&graph.names.uses, |of| of.node);
    writer.numbers(graph.names.uses.all().iter().map(|of| of.count));
}

/// What the files are for, and who uses which name.
pub(crate) fn read_base(kept: &Kept, files: usize, names: usize) -> Option<(Vec<PathClass>, Rows<Use>)> {
    kept.take(GraphPart::Base, |bytes| {
        let mut reader = Reader::new(bytes);
        let class = |code: &u8| PathClass::ALL.get(usize::from(*code)).copied();
        let classes = reader.bytes(files)?.iter().map(class).collect::<Option<Vec<_>>>()?;
        let nodes = reader.rows(names, files as u32)?;
        let counts = reader.numbers(nodes.entries(), u32::MAX)?;
        let mut counts = counts.into_iter();
        let uses = nodes.map(|node| Use { node, count: counts.next().unwrap_or(1) });
        reader.end((classes, uses))
    })
}

fn walk(walk: &Walk, writer: &mut Writer) {
    let Walk { groups, links, shapes } = walk;
    writer.number(groups.len() as u32);
    writer.bytes(shapes.iter().copied());
    writer.numbers(groups.of_name.iter().map(|group| group.wrapping_add(1)));
    writer.rows(&groups.definers, |node| *node);
    writer.rows(&links.groups, |group| *group);
    writer.coded(links.weights.all().iter().map(|weight| weight.to_bits()));
}

pub(crate) fn read_walk(kept: &Kept, graph: &ReferenceGraph) -> Option<Walk> {
    let (files, names) = (graph.file_count(), graph.names.len());
    let edges = &graph.preset.edges;
    kept.take(GraphPart::Walk, |bytes| {
        let mut reader = Reader::new(bytes);
        let groups = reader.number()?;
        let shapes = reader.bytes(names)?.to_vec();
        let of_name = reader.numbers(names, groups.checked_add(1)?)?;
        let of_name = of_name.into_iter().map(|group| group.wrapping_sub(1)).collect::<Vec<_>>();
        let definers = reader.rows(groups as usize, files as u32)?;
        let links = reader.rows(files, groups)?;
        let mut weights = reader.coded(links.entries())?.into_iter().map(f64::from_bits);
        let is_whole = shapes.iter().all(|shape| usize::from(*shape) < NameShape::COUNT)
            && (0..names).all(|name| graph.names.is_referenced(name) == (of_name[name] != NONE))
            && weights.clone().all(|weight| weight.is_finite() && weight >= 0.0);
        if !is_whole {
            return None;
        }
        let weights = links.map(|_| weights.next().unwrap_or_default());
        let groups = Groups::joined(of_name, definers, edges);
        let links = Links::joined(edges, &graph.names, &groups, &graph.nodes.definitions, links, weights);
        reader.end(Walk { groups, links, shapes })
    })
}

pub(crate) fn read_used(kept: &Kept, files: usize) -> Option<Vec<f32>> {
    kept.take(GraphPart::Used, |bytes| {
        let mut reader = Reader::new(bytes);
        let used: Vec<f32> = reader.numbers(files, u32::MAX)?.into_iter().map(f32::from_bits).collect();
        used.iter().all(|used| used.is_finite()).then_some(())?;
        reader.end(used)
    })
}

pub(crate) fn read_imports(kept: &Kept, files: usize) -> Option<Imports> {
    kept.take(GraphPart::Imports, |bytes| {
        let mut reader = Reader::new(bytes);
        let nodes = reader.rows(files, files as u32)?;
        let weights = reader.coded(nodes.entries())?;
        let weight = |bits: u64| u32::try_from(bits).ok().filter(|weight| *weight > 0);
        let weights = weights.into_iter().map(weight).collect::<Option<Vec<u32>>>()?;
        let mut weights = weights.into_iter();
        let imported = nodes.map(|node| Link { node, weight: weights.next().unwrap_or(1) });
        reader.end(Imports::of(imported))
    })
}

fn overview(weights: &[f64], order: &OverviewOrder, writer: &mut Writer) {
    let OverviewOrder { definitions, files } = order;
    writer.words(weights.iter().map(|weight| weight.to_bits()));
    writer.number(definitions.len() as u32);
    writer.words(definitions.iter().map(|of| of.chance.to_bits()));
    writer.numbers(definitions.iter().map(|of| of.row));
    for Placed { uses, is_double, .. } in definitions {
        let Uses { source, tests, exported, documents, comments, definers } = *uses;
        writer.bytes([u8::from(*is_double) | u8::from(exported) << 1].into_iter());
        writer.numbers([source, tests, documents, comments].into_iter().map(f32::to_bits));
        writer.number(definers);
    }
    writer.words(files.iter().map(|of| of.0.to_bits()));
    writer.numbers(files.iter().map(|of| of.1));
}

/// The order of an overview by the same weights.
pub(crate) fn read_overview(kept: &Kept, graph: &ReferenceGraph, weights: &[f64]) -> Option<OverviewOrder> {
    let files = graph.file_count();
    kept.take(GraphPart::Overview, |bytes| {
        let mut reader = Reader::new(bytes);
        if !reader.words(weights.len())?.eq(weights.iter().map(|weight| weight.to_bits())) {
            return None;
        }
        let chance = |bits: u64| Some(f64::from_bits(bits)).filter(|chance| (0.0..=1.0).contains(chance));
        let count = reader.number()? as usize;
        let chances = reader.words(count)?;
        let rows = reader.numbers(count, graph.nodes.definitions.entries() as u32)?;
        let mut definitions = Vec::with_capacity(count);
        for (bits, row) in chances.zip(rows) {
            let flags = reader.bytes(1)?[0];
            let mut value = || Some(f32::from_bits(reader.number()?)).filter(|value| value.is_finite());
            let [source, tests, documents, comments] = [value()?, value()?, value()?, value()?];
            let definers = reader.number()?;
            let uses = Uses { source, tests, exported: flags & 2 != 0, documents, comments, definers };
            definitions.push(Placed { chance: chance(bits)?, row, is_double: flags & 1 != 0, uses });
        }
        let chances = reader.words(files)?;
        let nodes = reader.numbers(files, files as u32)?;
        let of_files = chances.zip(nodes).map(|(bits, node)| Some((chance(bits)?, node)));
        let files = of_files.collect::<Option<Vec<_>>>()?;
        reader.end(OverviewOrder { definitions, files })
    })
}
