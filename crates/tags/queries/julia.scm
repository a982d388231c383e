; Julia. A definition looks like the call that it defines.

(module_definition name: (identifier) @name (block) @body) @definition.module
(struct_definition
  (type_head [
    (identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])])
  (block)? @body) @definition.struct
(abstract_definition
  (type_head [
    (identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])]))
  @definition.interface
(primitive_definition
  (type_head [(identifier) @name (binary_expression . (identifier) @name)])) @definition.type
(struct_definition (block [
  (identifier) @name
  (typed_expression . (identifier) @name)
  (assignment . [(identifier) @name (typed_expression . (identifier) @name)])] @definition.field))

(function_definition
  (signature [
    (identifier) @name
    (call_expression . [(identifier) @name (operator) @name (field_expression (identifier) @name .)])
    (typed_expression . (call_expression . [(identifier) @name (operator) @name (field_expression (identifier) @name .)]))
    (where_expression . [
      (call_expression . [(identifier) @name (operator) @name (field_expression (identifier) @name .)])
      (typed_expression . (call_expression . [(identifier) @name (operator) @name (field_expression (identifier) @name .)]))])])
  (block)? @body) @definition.function
(assignment
  . [
    (call_expression . [(identifier) @name (operator) @name (field_expression (identifier) @name .)])
    (typed_expression . (call_expression . [(identifier) @name (operator) @name (field_expression (identifier) @name .)]))
    (where_expression . [
      (call_expression . [(identifier) @name (operator) @name (field_expression (identifier) @name .)])
      (typed_expression . (call_expression . [(identifier) @name (operator) @name (field_expression (identifier) @name .)]))])]
  . (operator) . (_) @body) @definition.function
(macro_definition (signature (call_expression . (identifier) @name)) (block)? @body) @definition.macro

(const_statement (assignment . [(identifier) @name (typed_expression . (identifier) @name)])) @definition.constant
(source_file (assignment . (identifier) @name) @definition.variable)
(module_definition (block (assignment . (identifier) @name) @definition.variable))
(macrocall_expression
  (macro_identifier (identifier) @_enum)
  (macro_argument_list . [(identifier) @name (typed_expression . (identifier) @name)])
  (#eq? @_enum "enum")) @definition.enum
(macrocall_expression
  (macro_identifier (identifier) @_enum)
  (macro_argument_list . (_) [
    (identifier) @name @definition.enum_member
    (assignment . (identifier) @name) @definition.enum_member])
  (#eq? @_enum "enum"))

[(do_clause) (let_statement) (arrow_function_expression) (argument_list)] @local

(call_expression . [
  (identifier) @reference.call
  (field_expression (identifier) @reference.call .)
  (parametrized_type_expression . (identifier) @reference.call)])
(broadcast_call_expression . [
  (identifier) @reference.call
  (field_expression (identifier) @reference.call .)])
(macro_identifier (identifier) @reference.macro)

(typed_expression (_) . (identifier) @reference.type)
(parametrized_type_expression . (identifier) @reference.type)
(curly_expression (identifier) @reference.type)
(curly_expression (binary_expression (_) . (operator) . (identifier) @reference.type))
; `Clocks` of `Clocks.measure`
(field_expression value: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(type_head (binary_expression
  (_) . (operator) . [
    (identifier) @reference.implementation
    (parametrized_type_expression . (identifier) @reference.implementation)]))

(using_statement [
  (identifier) @reference.import
  (import_path (identifier) @reference.import .)
  (selected_import [(identifier) @reference.import (import_path (identifier) @reference.import .)])])
(import_statement [
  (identifier) @reference.import
  (import_path (identifier) @reference.import .)
  (selected_import [(identifier) @reference.import (import_path (identifier) @reference.import .)])])
(call_expression
  . (identifier) @_include (argument_list . (string_literal (content) @reference.import))
  (#eq? @_include "include"))

[(line_comment) (block_comment)] @opaque
