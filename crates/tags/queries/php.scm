; PHP.

(namespace_definition name: (namespace_name (name) @name .)) @definition.module
(class_declaration name: (name) @name) @definition.class
(trait_declaration name: (name) @name) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(enum_declaration name: (name) @name) @definition.enum
(enum_case name: (name) @name) @definition.enum_member
(method_declaration name: (name) @name) @definition.method
(function_definition name: (name) @name) @definition.function
(property_declaration (property_element name: (variable_name (name) @name))) @definition.field
(property_promotion_parameter name: (variable_name (name) @name)) @definition.field
(const_element . (name) @name) @definition.constant
(function_call_expression
  function: (name) @_define arguments: (arguments . (argument (string (string_content) @name)))
  (#eq? @_define "define")) @definition.constant

(anonymous_class) @scope.type
[(anonymous_function) (arrow_function)] @local
(if_statement) @scope.block

(function_call_expression function: [
  (name) @reference.call
  (qualified_name (name) @reference.call)])
(member_call_expression name: (name) @reference.call)
(nullsafe_member_call_expression name: (name) @reference.call)
(scoped_call_expression name: (name) @reference.call)
(object_creation_expression [
  (name) @reference.call
  (qualified_name (name) @reference.call)])

(named_type [(name) @reference.type (qualified_name (name) @reference.type)])
(scoped_call_expression scope: [(name) @reference.type (qualified_name (name) @reference.type)])
(scoped_property_access_expression scope: [(name) @reference.type (qualified_name (name) @reference.type)])
(class_constant_access_expression . [(name) @reference.type (qualified_name (name) @reference.type)])
(binary_expression
  operator: "instanceof" right: [(name) @reference.type (qualified_name (name) @reference.type)])
(attribute [(name) @reference.type (qualified_name (name) @reference.type)])

(base_clause [(name) @reference.implementation (qualified_name (name) @reference.implementation)])
(class_interface_clause [(name) @reference.implementation (qualified_name (name) @reference.implementation)])
(use_declaration [(name) @reference.implementation (qualified_name (name) @reference.implementation)])

(namespace_use_clause . [(name) @reference.import (qualified_name (name) @reference.import)])
(require_expression [
  (string (string_content) @reference.import)
  (binary_expression right: (string (string_content) @reference.import))
  (parenthesized_expression (string (string_content) @reference.import))])
(require_once_expression [
  (string (string_content) @reference.import)
  (binary_expression right: (string (string_content) @reference.import))
  (parenthesized_expression (string (string_content) @reference.import))])
(include_expression [
  (string (string_content) @reference.import)
  (binary_expression right: (string (string_content) @reference.import))
  (parenthesized_expression (string (string_content) @reference.import))])
(include_once_expression [
  (string (string_content) @reference.import)
  (binary_expression right: (string (string_content) @reference.import))
  (parenthesized_expression (string (string_content) @reference.import))])

[(comment) (text)] @opaque
