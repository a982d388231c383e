//! The children of nodes, listed once for all that ask for them.

use std::ops::Range;

use tree_sitter::{Node, Tree, TreeCursor};

use crate::budget::Budget;

/// Lists of children, one behind the other: those of a node, then those of a child of it, and so on.
///
/// One cursor goes through each family once; every pattern that begins at the node and the walk itself look at
/// the list. A cursor's step is the dearest part of walking a tree.
pub(crate) struct Children<'tree> {
    cursor: TreeCursor<'tree>,
    source: &'tree [u8],
    pub(crate) list: Vec<Child<'tree>>,
    /// What patterns do with the lists and texts counts.
    pub(crate) budget: &'tree Budget,
}

#[derive(Clone, Copy)]
pub(crate) struct Child<'tree> {
    pub(crate) node: Node<'tree>,
    pub(crate) kind: u16,
    /// The field that it fills, where fields were asked for.
    pub(crate) field: Option<u16>,
}

impl<'tree> Children<'tree> {
    pub(crate) fn new(tree: &'tree Tree, source: &'tree [u8], budget: &'tree Budget) -> Self {
        Self { cursor: tree.walk(), source, list: Vec::new(), budget }
    }

    /// What the node stands for in the source.
    pub(crate) fn text(&self, node: Node<'tree>) -> &'tree [u8] {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    /// Lists the children of the node, with their fields, and tells where they are, until [`pop`](Self::pop).
    pub(crate) fn push(&mut self, node: Node<'tree>) -> Range<usize> {
        let start = self.list.len();
        self.each(node, |cursor, list, node| {
            let field = cursor.field_id().map(u16::from);
            list.push(Child { node, kind: node.kind_id(), field });
            true
        });
        start..self.list.len()
    }

    /// Lists, without fields, those children of the node that have children themselves.
    pub(crate) fn push_inner(&mut self, node: Node<'tree>) -> Range<usize> {
        let start = self.list.len();
        // Nodes below the children; where none is left, neither is a child to look for.
        let mut below = node.descendant_count() - 1 - node.child_count() as usize;
        self.each(node, |_, list, node| {
            let of_child = node.descendant_count() - 1;
            if of_child > 0 {
                list.push(Child { node, kind: node.kind_id(), field: None });
                below -= of_child;
            }
            below > 0
        });
        start..self.list.len()
    }

    /// Goes through the children until `take` says that this was the last.
    fn each(
        &mut self,
        node: Node<'tree>,
        mut take: impl FnMut(&TreeCursor<'tree>, &mut Vec<Child<'tree>>, Node<'tree>) -> bool,
    ) {
        self.cursor.reset(node);
        // To ask for a sibling behind the last child would cost as much as a child.
        let mut left = node.child_count();
        let mut more = left > 0 && self.cursor.goto_first_child();
        while more {
            left -= 1;
            let child = self.cursor.node();
            more = take(&self.cursor, &mut self.list, child) && left > 0 && self.cursor.goto_next_sibling();
        }
    }

    pub(crate) fn of(&self, at: &Range<usize>) -> impl DoubleEndedIterator<Item = &Child<'tree>> {
        self.list[at.clone()].iter()
    }

    /// Forgets the last list.
    pub(crate) fn pop(&mut self, at: &Range<usize>) {
        if !at.is_empty() {
            self.list.truncate(at.start);
        }
    }
}
