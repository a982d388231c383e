; Python. Locals, methods and constants are told apart by their surroundings, not here.

(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name) @definition.function

(decorated_definition definition: (_) @wrapped) @wrapper

(assignment left: (identifier) @name) @definition.variable
(assignment left: (pattern_list (identifier) @name)) @definition.variable
(type_alias_statement left: (type (identifier) @name)) @definition.type
(type_alias_statement left: (type (generic_type . (identifier) @name))) @definition.type

[(if_statement) (try_statement) (with_statement)] @scope.block

(call function: [(identifier) @reference.call (attribute attribute: (identifier) @reference.call)])

(decorator [(identifier) @reference.call (attribute attribute: (identifier) @reference.call)])

(class_definition
  superclasses: (argument_list
    [(identifier) @reference.implementation
     (attribute attribute: (identifier) @reference.implementation)
     (subscript value: (identifier) @reference.implementation)
     (subscript value: (attribute attribute: (identifier) @reference.implementation))]))

(type [
  (identifier) @reference.type
  (attribute attribute: (identifier) @reference.type)
  (generic_type (identifier) @reference.type)
  (subscript value: (identifier) @reference.type)
  (binary_operator [(identifier) @reference.type (attribute attribute: (identifier) @reference.type)])])

; Of a dotted name the last part counts.
(import_statement name: [
  (dotted_name) @reference.import
  (aliased_import name: (dotted_name) @reference.import)])
(import_from_statement module_name: [
  (dotted_name) @reference.import
  (relative_import (dotted_name) @reference.import)])
(import_from_statement name: [
  (dotted_name) @reference.import
  (aliased_import name: (dotted_name) @reference.import)])
