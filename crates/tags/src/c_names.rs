//! Names that only an error of the parse gives to definitions of C and C++.

use repo_map_model::DefinitionKind;

use crate::found::FoundDefinition;
use crate::rewrite::is_of_word;

/// Names macros as their lines do, and leaves out what no one can have called so.
pub(crate) fn correct(definitions: &mut Vec<FoundDefinition>, source: &[u8]) {
    definitions.iter_mut().for_each(|definition| name_macro(definition, source));
    definitions.retain(|definition| !is_of_errors(definition, source));
}

/// Gives a macro the name behind its `#define`: in a body that the grammar cannot read, it takes another word for it.
fn name_macro(definition: &mut FoundDefinition, source: &[u8]) {
    if definition.kind != DefinitionKind::Macro {
        return;
    }
    let head = &source[definition.node.start..definition.name.start];
    let Some(rest) = head.strip_prefix(b"#").map(<[u8]>::trim_ascii_start) else { return };
    let Some(rest) = rest.strip_prefix(b"define").map(<[u8]>::trim_ascii_start) else { return };
    let length = rest.iter().take_while(|byte| is_of_word(**byte)).count();
    if length > 0 {
        let start = definition.name.start - rest.len();
        definition.name = start..start + length;
    }
}

/// Words of both languages that no definition but a macro is called by. Where a condition cuts a statement in two, its second half looks
/// like the head of a function `if`.
const RESERVED: &[&[u8]] = &[
    b"auto",
    b"break",
    b"case",
    b"char",
    b"const",
    b"continue",
    b"default",
    b"do",
    b"double",
    b"else",
    b"enum",
    b"extern",
    b"float",
    b"for",
    b"goto",
    b"if",
    b"int",
    b"long",
    b"register",
    b"return",
    b"short",
    b"signed",
    b"sizeof",
    b"static",
    b"struct",
    b"switch",
    b"typedef",
    b"union",
    b"unsigned",
    b"void",
    b"volatile",
    b"while",
];

/// Whether only an error of the parse makes it a definition.
fn is_of_errors(definition: &FoundDefinition, source: &[u8]) -> bool {
    definition.kind != DefinitionKind::Macro && RESERVED.contains(&&source[definition.name.clone()])
}
