//! The plain patterns of a query, matched without tree-sitter's query machine.
//!
//! Nearly all patterns say no more than "a node of this kind, with these children, and this text in one of them".
//! To match those by looking at the children costs a tenth of starting a query cursor at the node, and leaving
//! them out of the query spares its analysis, which takes as long as parsing 200 KB, in every process. What is
//! not plain (repetitions, groups, optional children before others) is left to tree-sitter; tests hold the
//! two ways against each other.

mod condition;
mod parse;
mod tokens;
mod unambiguous;

use std::ops::Range;

use tree_sitter::Node;

use crate::children::{self, Children};
use crate::query::Capture;
use condition::Condition;

pub(crate) use parse::{head, kind_id, needs_child, plain, split};

/// A node of a plain pattern.
#[derive(Debug, Default)]
pub(crate) struct Pattern {
    captures: Vec<Capture>,
    /// Of the node's text: the predicates of all that it is captured as.
    conditions: Vec<Condition>,
    absent: Vec<u16>,
    /// In the order in which they stand in the tree.
    children: Vec<Child>,
}

/// A child that a node must have.
#[derive(Debug)]
struct Child {
    field: Option<u16>,
    /// `.` before it: no named sibling is between it and the one before, or the beginning.
    adjacent: bool,
    /// `.` behind it: no named sibling follows.
    last: bool,
    /// `?`: a match does without it where there is none.
    optional: bool,
    /// Nothing of it is captured, so that the first that fits will do.
    silent: bool,
    alternatives: Vec<(Kind, Pattern)>,
}

#[derive(Debug)]
enum Kind {
    AnyNamed,
    Id(u16),
}

/// What the captures of one match hold, in the making.
pub(crate) trait Captured<'tree>: Copy {
    fn add(&mut self, capture: Capture, node: Node<'tree>);
}

/// What is called with every match.
type Sink<'s, 'tree, C> = &'s mut dyn FnMut(&mut Children<'tree>, C);

impl Pattern {
    /// Calls `found` with every match of the pattern at this node, whose kind is known to fit and whose children
    /// are `at` this place.
    pub(crate) fn each_match<'tree, C: Captured<'tree>>(
        &self,
        node: Node<'tree>,
        at: &Range<usize>,
        captured: C,
        children: &mut Children<'tree>,
        found: Sink<'_, 'tree, C>,
    ) {
        if self.text_fits(node, children) {
            self.each_inside(node, at, captured, children, found);
        }
    }

    fn text_fits<'tree>(&self, node: Node<'tree>, children: &Children<'tree>) -> bool {
        self.conditions.iter().all(|condition| {
            let text = children.text(node);
            // Nodes nest, and each may be asked for all of its text.
            children.budget.read(text.len()).is_continue() && condition.holds(text)
        })
    }

    fn each_inside<'tree, C: Captured<'tree>>(
        &self,
        node: Node<'tree>,
        at: &Range<usize>,
        mut captured: C,
        children: &mut Children<'tree>,
        found: Sink<'_, 'tree, C>,
    ) {
        if self.absent.iter().any(|&field| children.of(at).any(|child| child.field == Some(field))) {
            return;
        }
        for &capture in &self.captures {
            captured.add(capture, node);
        }
        each_choice(&self.children, at, captured, children, found);
    }

    /// Whether it looks at nothing but the node itself.
    pub(crate) fn is_childless(&self) -> bool {
        self.children.is_empty() && self.absent.is_empty()
    }

    /// Whether it asks for nothing but the kind.
    #[cfg(all(test, feature = "core"))]
    pub(crate) fn is_bare(&self) -> bool {
        self.is_childless() && self.conditions.is_empty()
    }

    /// Whether a node without children can match and be a tag.
    pub(crate) fn tags_leaves(&self) -> bool {
        let tags = |capture: &Capture| {
            matches!(capture, Capture::Reference(_) | Capture::Definition(_) | Capture::Declaration(_))
        };
        self.children.iter().all(|child| child.optional) && self.captures.iter().any(tags)
    }

    pub(crate) fn captures(&self) -> &[Capture] {
        &self.captures
    }
}

impl Kind {
    fn fits(&self, child: &children::Child<'_>) -> bool {
        match *self {
            Self::AnyNamed => child.node.is_named() && child.kind != ERROR,
            Self::Id(id) => child.kind == id,
        }
    }
}

/// The kind of what the parser could make nothing of; `(_)` does not mean it.
const ERROR: u16 = u16::MAX;

/// Fewer children are not counted.
const MANY: usize = 256;

/// To look at so many children costs as much as a visit.
const LOOKS_A_STEP: usize = 16;

/// Chooses a child for the first of `wanted`, in every way, and goes on with the others behind it.
fn each_choice<'tree, C: Captured<'tree>>(
    wanted: &[Child],
    at: &Range<usize>,
    captured: C,
    children: &mut Children<'tree>,
    found: Sink<'_, 'tree, C>,
) {
    let Some((first, others)) = wanted.split_first() else { return found(children, captured) };
    // Each child in the place of the first has all behind it tried for the others.
    if at.len() > MANY && children.budget.step(at.len() / LOOKS_A_STEP).is_break() {
        return;
    }
    let is_named = |index: &usize| children.list[*index].node.is_named();
    // Looked for once: a node may have all signs of a file behind its name.
    let last_named = if first.last { at.clone().rev().find(is_named) } else { None };
    let mut taken = false;
    for index in at.clone() {
        let child = children.list[index];
        let behind = index + 1..at.end;
        if (first.field.is_none() || first.field == child.field)
            && last_named.is_none_or(|last| last <= index)
        {
            for (kind, pattern) in &first.alternatives {
                if !kind.fits(&child) || !pattern.text_fits(child.node, children) {
                    continue;
                }
                let below = if pattern.is_childless() { 0..0 } else { children.push(child.node) };
                pattern.each_inside(child.node, &below, captured, children, &mut |children, captured| {
                    if !(first.silent && taken) {
                        taken = true;
                        each_choice(others, &behind, captured, children, found);
                    }
                });
                children.pop(&below);
            }
        }
        if (first.silent && taken) || (first.adjacent && child.node.is_named()) {
            break;
        }
    }
    if first.optional && !taken {
        found(children, captured);
    }
}

#[cfg(test)]
mod tests;
