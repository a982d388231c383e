; Java.

(class_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(annotation_type_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enum_member
(record_declaration name: (identifier) @name) @definition.struct
(method_declaration name: (identifier) @name) @definition.method
(annotation_type_element_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor
(compact_constructor_declaration name: (identifier) @name) @definition.constructor
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.field
(constant_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.constant

(object_creation_expression (class_body)) @scope.type

(method_invocation name: (identifier) @reference.call)
(object_creation_expression type: [
  (type_identifier) @reference.call
  (generic_type . (type_identifier) @reference.call)
  (scoped_type_identifier (type_identifier) @reference.call .)])
(method_reference (identifier) @reference.call .)
; `Engine` of `Engine.start()` and `Engine::start`: classes begin with a capital.
(method_invocation object: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(method_reference . (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(field_access object: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(type_identifier) @reference.type
(marker_annotation name: [
  (identifier) @reference.type
  (scoped_identifier name: (identifier) @reference.type)])
(annotation name: [
  (identifier) @reference.type
  (scoped_identifier name: (identifier) @reference.type)])

(superclass [
  (type_identifier) @reference.implementation
  (generic_type . (type_identifier) @reference.implementation)
  (scoped_type_identifier (type_identifier) @reference.implementation .)])
(type_list [
  (type_identifier) @reference.implementation
  (generic_type . (type_identifier) @reference.implementation)
  (scoped_type_identifier (type_identifier) @reference.implementation .)])

(import_declaration [
  (identifier) @reference.import
  (scoped_identifier name: (identifier) @reference.import)])

(character_literal) @opaque
