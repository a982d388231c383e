; Perl.

(package_statement name: (package) @name (block)? @body) @definition.module
(class_statement name: (package) @name) @definition.class
(subroutine_declaration_statement name: (bareword) @name body: (_)) @definition.function
(subroutine_declaration_statement name: (bareword) @name !body) @declaration.function
(method_declaration_statement name: (bareword) @name) @definition.method

(use_statement
  module: (package) @_constant [
    (autoquoted_bareword) @name @definition.constant
    (list_expression . (autoquoted_bareword) @name @definition.constant)
    (anonymous_hash_expression (list_expression (autoquoted_bareword) @name @definition.constant))]
  (#eq? @_constant "constant"))
(variable_declaration
  "our" variable: [(scalar (varname) @name) (array (varname) @name) (hash (varname) @name)]) @definition.variable
(ambiguous_function_call_expression
  function: (function) @_has arguments: (list_expression . [
    (string_literal content: (string_content) @name)
    (autoquoted_bareword) @name])
  (#eq? @_has "has")) @definition.property

(function_call_expression function: (function) @reference.call)
(ambiguous_function_call_expression function: (function) @reference.call)
(method_call_expression method: (method) @reference.call)

(method_call_expression invocant: (bareword) @reference.type)

(use_statement
  module: (package) @_base [
    (string_literal content: (string_content) @reference.implementation)
    (quoted_word_list content: (string_content) @reference.implementation)
    (list_expression [
      (string_literal content: (string_content) @reference.implementation)
      (quoted_word_list content: (string_content) @reference.implementation)])]
  (#any-of? @_base "parent" "base"))
(ambiguous_function_call_expression
  function: (function) @_extends arguments: [
    (string_literal content: (string_content) @reference.implementation)
    (quoted_word_list content: (string_content) @reference.implementation)
    (list_expression (string_literal content: (string_content) @reference.implementation))]
  (#any-of? @_extends "extends" "with"))
(assignment_expression
  left: [(variable_declaration variable: (array (varname) @_isa)) (array (varname) @_isa)]
  right: [
    (quoted_word_list content: (string_content) @reference.implementation)
    (parenthesized_expression (string_literal content: (string_content) @reference.implementation))]
  (#eq? @_isa "ISA"))

(use_statement module: (package) @reference.import)
(require_expression [
  (bareword) @reference.import
  (string_literal content: (string_content) @reference.import)])

[(comment) (pod) (data_section)] @opaque
