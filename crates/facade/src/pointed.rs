//! Which definitions a place in a file means.

use repo_map_lexical::{Origin, PointedPlace};
use repo_map_model::{Definition, FileTags};

/// More definitions within the lines of one place are a file, not a place.
const MAX_DEFINITIONS: usize = 8;

/// The positions of the definitions that a place means, each once: those that are named beside it, else the innermost around its first line and
/// those that begin within its lines. A place may be one of another version of the file: what is named counts more than the line, but for hunks,
/// whose name stands before the hunk.
pub(crate) fn definitions_around(tags: &FileTags, place: &PointedPlace) -> Vec<u32> {
    let all = tags.definitions();
    // A task counts from 1.
    let lines = place.lines.map(|(first, last)| (first.saturating_sub(1), last.saturating_sub(1)));
    let is_named = |of: &Definition| place.names.iter().any(|name| name == tags.name(of.name));
    let is_data = |of: &Definition| !of.kind.is_callable() && !of.kind.is_type();
    let around = |wanted: &dyn Fn(&Definition) -> bool| {
        let (line, _) = lines?;
        let holders = all.iter().enumerate().filter(|(_, of)| span(of).contains(&line) && wanted(of));
        holders
            .min_by_key(|(_, of)| (span(of).end() - span(of).start(), std::cmp::Reverse(of.line)))
            .map(|(at, _)| at as u32)
    };
    if let Some(named) = around(&|of| is_named(of) && !is_data(of)) {
        // A closure within what is named is nearer still.
        let inner = around(&|of| !is_data(of));
        return with(vec![named], inner.filter(|&inner| is_inside(all, inner, named)));
    }
    // The last name is the innermost: the method after its type.
    let distance = |of: &Definition| lines.map_or(0, |(line, _)| line.abs_diff(of.line));
    let named = place.names.iter().rev().find_map(|name| {
        let of_name = all.iter().enumerate().filter(|(_, of)| tags.name(of.name) == name && !is_data(of));
        of_name
            .min_by_key(|(_, of)| (of.declaration, distance(of)))
            .map(|(at, of)| (at as u32, of.kind.is_callable()))
    });
    if let Some((named, true)) = named
        && place.origin != Origin::Hunk
    {
        return vec![named];
    }
    let inner = around(&|_| true);
    let mut found: Vec<u32> = inner.into_iter().collect();
    // A field stands for what it belongs to as well.
    found = with(found, around(&|of| !is_data(of)));
    found = with(found, named.map(|(named, _)| named));
    if let Some((first, last)) = lines.filter(|(first, last)| first < last) {
        let begin = |of: &Definition| (first..=last).contains(span(of).start()) && !is_data(of);
        let begun = all.iter().enumerate().filter(|(_, of)| begin(of)).map(|(at, _)| at as u32);
        for definition in begun.take(MAX_DEFINITIONS) {
            found = with(found, Some(definition));
        }
    }
    found
}

/// The lines of a definition, from 0.
fn span(of: &Definition) -> std::ops::RangeInclusive<u32> {
    of.signature.first..=of.end_line.max(of.signature.last)
}

fn is_inside(all: &[Definition], inner: u32, outer: u32) -> bool {
    let [inner, outer] = [inner, outer].map(|at| span(&all[at as usize]));
    outer.start() <= inner.start() && inner.end() <= outer.end()
}

fn with(mut found: Vec<u32>, more: Option<u32>) -> Vec<u32> {
    if let Some(more) = more.filter(|more| !found.contains(more)) {
        found.push(more);
    }
    found
}
