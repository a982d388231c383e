//! Turns the text of one source file into definitions, references and scopes, with tree-sitter.
