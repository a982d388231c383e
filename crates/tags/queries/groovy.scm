; Groovy.

(class_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enum_member
(method_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.field
(function_definition name: (identifier) @name) @definition.function
; Of a script: `def total = 0`, `final total`, `int total`, `List<Job> jobs`, `Job job`. `println total` is read as if it
; declared one too, but types begin with a capital.
(program (local_variable_declaration !type
  declarator: (variable_declarator name: (identifier) @name)) @definition.variable)
(program (local_variable_declaration (modifiers)
  declarator: (variable_declarator name: (identifier) @name)) @definition.variable)
(program (local_variable_declaration
  type: [(integral_type) (floating_point_type) (boolean_type) (array_type) (generic_type)]
  declarator: (variable_declarator name: (identifier) @name)) @definition.variable)
(program (local_variable_declaration
  type: [(type_identifier) (scoped_type_identifier)] @_type
  declarator: (variable_declarator name: (identifier) @name)
  (#match? @_type "^va[lr]$|(^|[.])[A-Z_$][^.]*$")) @definition.variable)
(program (local_variable_declaration !type
  declarator: (variable_declarator name: (identifier) @name value: (closure) @body)) @definition.function)
(program (local_variable_declaration (modifiers)
  declarator: (variable_declarator name: (identifier) @name value: (closure) @body)) @definition.function)
(program (local_variable_declaration
  type: [(generic_type) (type_identifier) (scoped_type_identifier)] @_type
  declarator: (variable_declarator name: (identifier) @name value: (closure) @body)
  (#match? @_type "^va[lr]$|(^|[.])[A-Z_$][^.]*$|>$")) @definition.function)
; The command in `println total`.
(local_variable_declaration
  type: (type_identifier) @reference.call (#match? @reference.call "^[a-z]") (#not-any-of? @reference.call "var" "val"))

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
