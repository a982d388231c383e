//! How many files of comments and preprocessor lines alone are read without the parser.

use std::ops::ControlFlow;

use repo_map_tags::{ExtractOptions, Language, Outcome, extract_with};
use tree_sitter::{Node, ParseOptions, Parser};

/// A sentence about the sources. What the parser alone does in fewer steps than it reports shows nothing and
/// is not counted.
pub(crate) fn note(language: Language, grammar: &tree_sitter::Language, sources: &[Vec<u8>]) -> String {
    let mut parser = Parser::new();
    parser.set_language(grammar).expect("the runtime reads this grammar");
    let mut no_parser = ExtractOptions::default();
    (no_parser.budget_base, no_parser.budget_per_kilobyte) = (0, 0);
    let (mut all, mut unparsed) = ((0, 0), (0, 0));
    for source in sources {
        let has_only_lines = parser
            .parse(source, None)
            .is_some_and(|tree| !tree.root_node().has_error() && holds_only_lines(tree.root_node()));
        if !has_only_lines || parses_at_once(&mut parser, source) {
            continue;
        }
        all = (all.0 + 1, all.1 + source.len());
        if extract_with(language, source, &no_parser).outcome == Outcome::Complete {
            unparsed = (unparsed.0 + 1, unparsed.1 + source.len());
        }
    }
    format!(
        "{language}: {} of {} files of comments and preprocessor lines alone, {:.1} of {:.1} MB, need no parser",
        unparsed.0,
        all.0,
        unparsed.1 as f64 / 1e6,
        all.1 as f64 / 1e6
    )
}

fn parses_at_once(parser: &mut Parser, source: &[u8]) -> bool {
    let mut refuse = |_: &_| ControlFlow::Break(());
    let options = ParseOptions::new().progress_callback(&mut refuse);
    let read = &mut |offset: usize, _| source.get(offset..).unwrap_or_default();
    let tree = parser.parse_with_options(read, None, Some(options));
    parser.reset();
    tree.is_some()
}

/// Whether there are comments and preprocessor lines below the node, and nothing else.
fn holds_only_lines(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    let condition = node.child_by_field_name("condition").or_else(|| node.child_by_field_name("name"));
    node.named_children(&mut cursor).filter(|child| Some(*child) != condition).all(|child| {
        match child.kind() {
            "comment" | "preproc_def" | "preproc_function_def" | "preproc_call" | "preproc_include" => true,
            "preproc_if" | "preproc_ifdef" | "preproc_elif" | "preproc_elifdef" | "preproc_else" => {
                holds_only_lines(child)
            }
            _ => false,
        }
    })
}
