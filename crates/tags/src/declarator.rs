//! The declarators of C and its kin: the name is wrapped in what its value is.

use std::ops::Range;

use tree_sitter::Node;

use crate::budget::Budget;

/// What a declarator declares.
pub(crate) struct Declared {
    /// The bytes of the name's last segment.
    pub(crate) name: Range<usize>,
    /// It is a function, not a pointer to one or a value.
    pub(crate) function: bool,
    /// The name has a qualifier: `A` of `A::f`.
    pub(crate) qualifier: Option<Range<usize>>,
    /// The name stands alone in parentheses, which only macros make one write.
    pub(crate) parenthesized: bool,
}

/// Follows a declarator down to its name: `f` of `*(*f(int a))[3]`.
///
/// What stands nearest to the name decides what it is: a function that returns a pointer, or a pointer to a function.
pub(crate) fn resolve(declarator: Node<'_>, budget: &Budget) -> Option<Declared> {
    let mut node = declarator;
    let mut function = false;
    let mut qualifier = None;
    let parenthesized = node.kind() == "parenthesized_declarator";
    loop {
        // Declarators nest, and each level may be one that goes down from there.
        if budget.step(1).is_break() {
            return None;
        }
        let next = match node.kind() {
            "function_declarator" => {
                function = true;
                node.child_by_field_name("declarator")
            }
            "pointer_declarator" | "block_pointer_declarator" | "array_declarator" | "init_declarator" => {
                function = false;
                node.child_by_field_name("declarator")
            }
            "reference_declarator" => {
                function = false;
                last_named_child(node)
            }
            "parenthesized_declarator" => last_named_child(node),
            "attributed_declarator" => node.named_child(0),
            "qualified_identifier" => {
                qualifier =
                    node.child_by_field_name("scope").map(|scope| match scope.child_by_field_name("name") {
                        Some(name) => name.byte_range(),
                        None => scope.byte_range(),
                    });
                node.child_by_field_name("name")
            }
            "template_function" | "template_method" | "template_type" => node.child_by_field_name("name"),
            "operator_cast" => {
                let name = node.start_byte()..node.child_by_field_name("type")?.end_byte();
                return Some(Declared { name, function: true, qualifier, parenthesized });
            }
            "identifier" | "field_identifier" | "type_identifier" | "destructor_name" | "operator_name" => {
                return Some(Declared { name: node.byte_range(), function, qualifier, parenthesized });
            }
            _ => None,
        };
        node = next?;
    }
}

fn last_named_child(node: Node<'_>) -> Option<Node<'_>> {
    node.named_child(u32::try_from(node.named_child_count().checked_sub(1)?).ok()?)
}
