//! From matches to tags: who is inside whom, and what that makes of it.
//!
//! The nodes of a tree nest, so one pass over byte ranges with a stack tells every definition's
//! surroundings; no node is asked for its parent.

use std::cmp::Reverse;
use std::ops::Range;

use repo_map_model::{Definition, DefinitionKind, FileTags, LineIndex, Scope, ScopeId, ScopeKind};

use crate::budget::Budget;
use crate::found::{Found, FoundDefinition, HolderKind};
use crate::names::{Names, defined_name, mention, references};
use crate::rows::Row;
use crate::text::Text;
use crate::wrappers::{decorate, widen};
use crate::{c_names, preprocessor};

/// Orders what was found, drops locals and duplicates, and gives every definition its scope. `None` when that costs more
/// than the budget has left: each pass is linear but for the lengths of names, which may be nested.
pub(crate) fn tags(
    mut found: Found,
    row: &Row,
    source: &[u8],
    lines: &LineIndex,
    budget: &Budget,
) -> Option<FileTags> {
    widen(&mut found);
    decorate(&mut found, source);
    found.definitions.iter_mut().for_each(|definition| apply_declarator(definition, source));
    for definition in &mut found.definitions {
        if budget.read(definition.name.len()).is_break() {
            return None;
        }
        definition.name = defined_name(source, &definition.name, row);
    }
    if row.preprocessed {
        c_names::correct(&mut found.definitions, source);
    }
    let mut definitions = one_a_name(found.definitions);
    if row.preprocessed {
        found.holders.retain(|holder| !preprocessor::is_formality(&source[holder.node.clone()]));
    }
    let mut intervals = intervals(&definitions, &found.holders);
    let parents = nest(&mut intervals, &definitions);

    let beyond_blocks = beyond_blocks(&intervals);

    let mut kept = vec![true; definitions.len()];
    for (index, &parent) in parents.iter().enumerate() {
        // Names of the definition and of what holds it are compared.
        if budget.read(definitions[index].name.len()).is_break() {
            return None;
        }
        kept[index] = refine(index, &mut definitions, parent, &intervals, &beyond_blocks, row, source);
    }
    // Of clauses that become one, the first has the signature.
    let ends: Vec<usize> = definitions.iter().map(|definition| definition.signature_end(source)).collect();
    if row.clauses {
        join_clauses(&mut definitions, &parents, &mut kept, source);
    }

    thin_out(&mut kept, &parents, &intervals, row.most);

    let text = Text { source, lines, budget };
    let mut names = Names::new(source, budget);
    for (index, definition) in definitions.iter().enumerate() {
        kept[index] = kept[index] && names.id(&definition.name).is_some();
    }
    for (&parent, _) in parents.iter().zip(&kept).filter(|(_, kept)| **kept) {
        mark_shown(parent, &mut intervals);
    }
    let (scopes, scope_ids) = scopes(&intervals, &definitions, &kept, &text);
    let tagged = definitions
        .iter()
        .zip(&parents)
        .zip(&kept)
        .zip(&ends)
        .filter(|((_, kept), _)| **kept)
        .filter_map(|(((definition, &parent), _), &signature_end)| {
            Some(Definition {
                name: names.id(&definition.name)?,
                kind: definition.kind,
                declaration: definition.declaration,
                line: text.line(definition.name.start),
                name_start: definition.name.start as u32,
                signature: text.signature(definition),
                signature_end: signature_end as u32,
                end_line: text.end_line(&definition.node),
                scope: parent.and_then(|parent| scope_ids[parent]),
            })
        })
        .collect();
    let mut references = references(found.references, &definitions, row, &text, &mut names);
    if budget.exceeded() {
        return None;
    }
    mention(&mut references, &found.mentions, &text, &mut names);
    let tags = FileTags::from_parts(names.into_names(), tagged, references, scopes);
    Some(tags.expect("ids come from the parts themselves, parents before children"))
}

/// A stretch of bytes whose definitions belong to something.
struct Interval {
    range: Range<usize>,
    kind: HolderKind,
    /// The definition that this is the inside of.
    owner: Option<usize>,
    /// The lines of a scope that is no definition: node and start of its body.
    node: Range<usize>,
    body: Option<usize>,
    parent: Option<usize>,
    shown: bool,
}

/// What a declarator says of the kind: a function among variables is a prototype, a qualified one a method.
fn apply_declarator(definition: &mut FoundDefinition, source: &[u8]) {
    let Some(declared) = &definition.declared else { return };
    match definition.kind {
        DefinitionKind::Variable if declared.function => {
            definition.kind = DefinitionKind::Function;
            definition.declaration = true;
        }
        DefinitionKind::Field if declared.function => {
            definition.kind = DefinitionKind::Method;
            definition.declaration = true;
        }
        DefinitionKind::Variable => {
            definition.declaration = source[definition.node.clone()].starts_with(b"extern ");
        }
        _ => {}
    }
    if definition.kind == DefinitionKind::Function
        && let Some(qualifier) = &declared.qualifier
    {
        let same = source[qualifier.clone()] == source[definition.name.clone()];
        definition.kind = if same { DefinitionKind::Constructor } else { DefinitionKind::Method };
    }
}

/// Which kind stays when several patterns name one node: the more telling one, in this order.
fn precedence(kind: DefinitionKind) -> u8 {
    use DefinitionKind as K;
    match kind {
        K::Constructor => 0,
        K::Property => 1,
        K::Method => 2,
        K::Function => 3,
        K::Interface => 4,
        K::Enum => 5,
        K::Class => 6,
        K::Struct => 7,
        K::Type => 8,
        K::Module => 9,
        K::Macro => 10,
        K::EnumMember => 11,
        K::Constant => 12,
        K::Field => 13,
        _ => 14,
    }
}

/// One definition a name, in source order.
fn one_a_name(mut definitions: Vec<FoundDefinition>) -> Vec<FoundDefinition> {
    definitions.sort_by_key(|d| {
        (d.name.start, d.declaration, precedence(d.kind), d.body.is_none(), d.node.start, Reverse(d.node.end))
    });
    definitions.dedup_by_key(|definition| definition.name.start);
    definitions
}

/// Lets the first of several functions of one name that follow each other stand for all.
fn join_clauses(
    definitions: &mut [FoundDefinition],
    parents: &[Option<usize>],
    kept: &mut [bool],
    source: &[u8],
) {
    let mut first = 0;
    for index in 1..definitions.len() {
        if !kept[index] {
            continue;
        }
        let (before, clause) = definitions.split_at_mut(index);
        let (function, clause) = (&mut before[first], &clause[0]);
        if kept[first]
            && function.kind.is_callable()
            && function.kind == clause.kind
            && function.declaration == clause.declaration
            && parents[first] == parents[index]
            && source[function.name.clone()] == source[clause.name.clone()]
        {
            function.node.end = clause.node.end;
            kept[index] = false;
        } else {
            first = index;
        }
    }
}

/// Drops what is beyond `most` definitions: the innermost first, then the last.
fn thin_out(kept: &mut [bool], parents: &[Option<usize>], intervals: &[Interval], most: usize) {
    let mut left = kept.iter().filter(|kept| **kept).count();
    if left <= most {
        return;
    }
    // Parents stand before what is inside of them.
    let mut depth_of: Vec<usize> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        depth_of.push(interval.parent.map_or(1, |parent| depth_of[parent] + 1));
    }
    let depths: Vec<_> = parents.iter().map(|parent| parent.map_or(0, |parent| depth_of[parent])).collect();
    let mut at_depth = vec![0; depths.iter().max().map_or(0, |deepest| deepest + 1)];
    for (&depth, _) in depths.iter().zip(&*kept).filter(|(_, kept)| **kept) {
        at_depth[depth] += 1;
    }
    let mut end = at_depth.len();
    while left > most && end > 1 {
        end -= 1;
        left -= at_depth[end];
    }
    kept.iter_mut().zip(&depths).filter(|(_, depth)| **depth >= end).for_each(|(kept, _)| *kept = false);
    kept.iter_mut().filter(|kept| **kept).skip(most).for_each(|kept| *kept = false);
}

fn intervals(definitions: &[FoundDefinition], holders: &[crate::found::Holder]) -> Vec<Interval> {
    let of_definitions = definitions.iter().enumerate().filter_map(|(index, definition)| {
        Some(Interval {
            range: definition.inside.clone()?,
            kind: HolderKind::Scope(scope_kind(definition.kind)),
            owner: Some(index),
            node: definition.node.clone(),
            body: definition.body.as_ref().map(|body| body.start),
            parent: None,
            shown: false,
        })
    });
    let of_holders = holders.iter().map(|holder| Interval {
        range: holder.node.clone(),
        kind: holder.kind,
        owner: None,
        node: holder.node.clone(),
        body: holder.body,
        parent: None,
        shown: false,
    });
    let mut intervals: Vec<_> = of_definitions.chain(of_holders).collect();
    // The inside of a definition goes before a mere holder of the same bytes and replaces it.
    intervals.sort_by_key(|interval| {
        (interval.range.start, Reverse(interval.range.end), interval.owner.is_none())
    });
    intervals.dedup_by(|later, first| later.range == first.range);
    intervals
}

/// Finds the parent of every interval and returns the interval around each definition's name.
fn nest(intervals: &mut [Interval], definitions: &[FoundDefinition]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    definitions
        .iter()
        .map(|definition| {
            let at = definition.name.start;
            while next < intervals.len() && intervals[next].range.start <= at {
                close(&mut open, intervals, intervals[next].range.start);
                intervals[next].parent = open.last().copied();
                open.push(next);
                next += 1;
            }
            close(&mut open, intervals, at);
            open.last().copied()
        })
        .collect()
}

fn close(open: &mut Vec<usize>, intervals: &[Interval], at: usize) {
    while open.last().is_some_and(|&top| intervals[top].range.end <= at) {
        open.pop();
    }
}

/// For each interval the innermost one that it is or is inside of and that is no mere block.
fn beyond_blocks(intervals: &[Interval]) -> Vec<Option<usize>> {
    let mut beyond: Vec<Option<usize>> = Vec::with_capacity(intervals.len());
    for (index, interval) in intervals.iter().enumerate() {
        beyond.push(match interval.kind {
            // Parents stand before what is inside of them.
            HolderKind::Scope(ScopeKind::Block) => interval.parent.and_then(|parent| beyond[parent]),
            _ => Some(index),
        });
    }
    beyond
}

/// Decides the kind by the surroundings; false when the definition is a local one.
fn refine(
    index: usize,
    definitions: &mut [FoundDefinition],
    parent: Option<usize>,
    intervals: &[Interval],
    beyond_blocks: &[Option<usize>],
    row: &Row,
    source: &[u8],
) -> bool {
    use DefinitionKind as K;
    let around = parent.and_then(|parent| beyond_blocks[parent]);
    let owner_name =
        around.and_then(|around| intervals[around].owner).map(|owner| definitions[owner].name.clone());
    let around = around.map(|around| intervals[around].kind);
    let local = matches!(around, Some(HolderKind::Local | HolderKind::Scope(ScopeKind::Function)));
    let in_type = matches!(around, Some(HolderKind::Scope(ScopeKind::Type | ScopeKind::Implementation)));
    let member = in_type
        || parent.is_some_and(|parent| match intervals[parent].kind {
            HolderKind::Scope(ScopeKind::Module) => true,
            HolderKind::Scope(ScopeKind::Block) => !local,
            _ => false,
        });

    let definition = &mut definitions[index];
    let name = &source[definition.name.clone()];
    match definition.kind {
        _ if definition.member && !member => return false,
        K::Variable | K::Constant | K::Field if local => return false,
        K::Function if local && definition.declaration => return false,
        K::Variable if definition.declared.as_ref().is_some_and(|declared| declared.parenthesized) => {
            return false;
        }
        K::Variable if in_type => definition.kind = K::Field,
        K::Function if in_type => definition.kind = K::Method,
        _ => {}
    }
    if definition.kind == K::Method {
        let named_as_type =
            row.constructors_named_as_type && owner_name.is_some_and(|owner| source[owner] == *name);
        if named_as_type || row.constructors.iter().any(|constructor| constructor.as_bytes() == name) {
            definition.kind = K::Constructor;
        }
    }
    if row.capitals_are_constants && matches!(definition.kind, K::Variable | K::Field) && in_capitals(name) {
        definition.kind = K::Constant;
    }
    true
}

/// `MAX_SIZE`, `_X2`, not `Max` and not `_`.
fn in_capitals(name: &[u8]) -> bool {
    name.iter().any(u8::is_ascii_uppercase)
        && name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
}

fn scope_kind(kind: DefinitionKind) -> ScopeKind {
    use DefinitionKind as K;
    match kind {
        K::Function | K::Method | K::Constructor | K::Macro | K::Property => ScopeKind::Function,
        K::Module => ScopeKind::Module,
        K::Constant | K::Variable | K::Field => ScopeKind::Block,
        _ => ScopeKind::Type,
    }
}

/// Marks the intervals from here outwards, up to one that is marked already.
fn mark_shown(innermost: Option<usize>, intervals: &mut [Interval]) {
    let mut next = innermost;
    while let Some(index) = next
        && !intervals[index].shown
    {
        intervals[index].shown = true;
        next = intervals[index].parent;
    }
}

/// The scopes to store, and for each interval the innermost of them that it is or is inside of.
fn scopes(
    intervals: &[Interval],
    definitions: &[FoundDefinition],
    kept: &[bool],
    text: &Text<'_>,
) -> (Vec<Scope>, Vec<Option<ScopeId>>) {
    let mut scopes = Vec::new();
    let mut ids: Vec<Option<ScopeId>> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        let parent = interval.parent.and_then(|parent| ids[parent]);
        let shown = interval.shown && interval.owner.is_none_or(|owner| kept[owner]);
        let stored = match interval.kind {
            HolderKind::Scope(kind) if shown => {
                let name = interval.owner.map(|owner| &definitions[owner].name);
                text.scope(kind, &interval.node, interval.body, name, parent)
            }
            _ => None,
        };
        ids.push(match stored {
            Some(scope) => {
                scopes.push(scope);
                Some(ScopeId(scopes.len() as u32 - 1))
            }
            None => parent,
        });
    }
    (scopes, ids)
}
