; Groovy.

(class_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enum_member
(method_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.field
(function_definition name: (identifier) @name) @definition.function
(program (local_variable_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.variable)
(program (local_variable_declaration
  declarator: (variable_declarator name: (identifier) @name value: (closure) @body)) @definition.function)

(method_invocation name: (identifier) @reference.call)
(juxt_function_call name: (identifier) @reference.call)
(object_creation_expression type: [
  (type_identifier) @reference.call
  (generic_type . (type_identifier) @reference.call)])
; `Level` of `Level.HIGH`: types begin with a capital.
(field_access object: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(method_invocation object: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(type_identifier) @reference.type
(marker_annotation name: (identifier) @reference.type)
(annotation name: (identifier) @reference.type)
(superclass [
  (type_identifier) @reference.implementation
  (generic_type . (type_identifier) @reference.implementation)])
(type_list [
  (type_identifier) @reference.implementation
  (generic_type . (type_identifier) @reference.implementation)])

(import_declaration [
  (identifier) @reference.import
  (scoped_identifier name: (identifier) @reference.import)])
