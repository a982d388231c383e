; Rust. A function in an implementation or a trait is a method by its surroundings.

(function_item name: (identifier) @name) @definition.function
(function_signature_item name: (identifier) @name) @definition.function
(struct_item name: (type_identifier) @name) @definition.struct
(union_item name: (type_identifier) @name) @definition.type
(enum_item name: (type_identifier) @name) @definition.enum
(enum_variant name: (identifier) @name) @definition.enum_member
(field_declaration name: (field_identifier) @name) @definition.field
(trait_item name: (type_identifier) @name) @definition.interface
(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.variable
(macro_definition name: (identifier) @name) @definition.macro
(mod_item name: (identifier) @name body: (_)) @definition.module
(mod_item name: (identifier) @name !body) @declaration.module

(impl_item) @scope.implementation
(foreign_mod_item) @scope.block

; `f()`, `a::f()`, `a.f()`, each with and without a turbofish
(call_expression function: [
  (identifier) @reference.call
  (scoped_identifier name: (identifier) @reference.call)
  (field_expression field: (field_identifier) @reference.call)
  (generic_function function: [
    (identifier) @reference.call
    (scoped_identifier name: (identifier) @reference.call)
    (field_expression field: (field_identifier) @reference.call)])])

(macro_invocation macro: [
  (identifier) @reference.macro
  (scoped_identifier name: (identifier) @reference.macro)])

(type_identifier) @reference.type

; `Engine` of `Engine::new`: types begin with a capital, modules do not.
(scoped_identifier
  path: [(identifier) @reference.type (scoped_identifier name: (identifier) @reference.type)]
  (#match? @reference.type "^[A-Z]"))
(scoped_type_identifier
  path: [(identifier) @reference.type (scoped_identifier name: (identifier) @reference.type)]
  (#match? @reference.type "^[A-Z]"))

(impl_item trait: [
  (type_identifier) @reference.implementation
  (scoped_type_identifier name: (type_identifier) @reference.implementation)
  (generic_type type: [
    (type_identifier) @reference.implementation
    (scoped_type_identifier name: (type_identifier) @reference.implementation)])])
(trait_item bounds: (trait_bounds [
  (type_identifier) @reference.implementation
  (scoped_type_identifier name: (type_identifier) @reference.implementation)
  (generic_type type: (type_identifier) @reference.implementation)]))

(use_declaration argument: [
  (identifier) @reference.import
  (scoped_identifier name: (identifier) @reference.import)])
(use_list [
  (identifier) @reference.import
  (scoped_identifier name: (identifier) @reference.import)])
(use_as_clause path: [
  (identifier) @reference.import
  (scoped_identifier name: (identifier) @reference.import)])
(use_wildcard [
  (identifier) @reference.import
  (scoped_identifier name: (identifier) @reference.import)])
(scoped_use_list path: [
  (identifier) @reference.import
  (scoped_identifier name: (identifier) @reference.import)])

[(token_tree) (token_tree_pattern) (string_literal) (char_literal) (line_comment) (block_comment)] @opaque
