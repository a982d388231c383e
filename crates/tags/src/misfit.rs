//! How much of a text the parser could not make anything of.

use tree_sitter::{Node, Tree};

use crate::budget::Budget;

/// The bytes of a text that are in no construct of its language. What stands whole in the middle of them is one.
pub(crate) fn bytes(tree: &Tree, budget: &Budget) -> u32 {
    if !tree.root_node().has_error() {
        return 0;
    }
    let mut cursor = tree.walk();
    // Whether each of the nodes above is itself what does not fit.
    let mut above = Vec::new();
    let mut bytes = 0_i64;
    loop {
        let node = cursor.node();
        let length = node.byte_range().len() as i64;
        match (above.last() == Some(&true), node.is_error()) {
            (false, true) => bytes += length,
            // A token by itself says nothing.
            (true, false) if node.child_count() > 0 => bytes -= length,
            _ => {}
        }
        if budget.step(1).is_break() {
            break;
        }
        if holds_misfits(node) && cursor.goto_first_child() {
            above.push(node.is_error());
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return u32::try_from(bytes).unwrap_or(0);
            }
            above.pop();
        }
    }
    0
}

fn holds_misfits(node: Node<'_>) -> bool {
    node.is_error() || node.has_error()
}

#[cfg(test)]
#[cfg(feature = "lang-python")]
mod tests {
    use crate::{Language, extract};

    fn misfit(source: &str) -> u32 {
        extract(Language::by_id("python").unwrap(), source.as_bytes()).misfit_bytes
    }

    #[test]
    fn only_what_is_in_no_construct_counts() {
        assert_eq!(misfit("def f():\n    return 1\n"), 0);
        let sound = "def f(a):\n    return g(a)\n\n".repeat(50);
        let few = misfit(&format!("{sound}a b c\n{sound}"));
        assert!((1..=5).contains(&few), "{few}");
        let many = misfit(&"a b c ] 1 2\n".repeat(50));
        assert!(many > 300, "{many}");
    }
}
