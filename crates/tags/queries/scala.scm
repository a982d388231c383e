; Scala, 2 and 3.

(class_definition name: (identifier) @name) @definition.class
(object_definition name: (identifier) @name) @definition.class
(trait_definition name: (identifier) @name) @definition.interface
(enum_definition name: (identifier) @name) @definition.enum
(simple_enum_case name: (identifier) @name) @definition.enum_member
(full_enum_case name: (identifier) @name) @definition.enum_member
(package_object name: (identifier) @name) @definition.module
(type_definition name: (type_identifier) @name) @definition.type
(function_definition name: (_) @name) @definition.function
(function_declaration name: (_) @name) @definition.function
(given_definition name: (identifier) @name) @definition.variable
(val_definition pattern: [
  (identifier) @name
  (tuple_pattern (identifier) @name)
  (identifiers (identifier) @name)]) @definition.variable
(val_definition pattern: (identifier) @name (#match? @name "^[A-Z]")) @definition.constant
(var_definition pattern: [
  (identifier) @name
  (tuple_pattern (identifier) @name)
  (identifiers (identifier) @name)]) @definition.variable
(val_declaration name: (identifier) @name) @definition.variable
(var_declaration name: (identifier) @name) @definition.variable

; Parameters of a class that are its members: of a case class all in the first list.
(class_definition "case" [(identifier) (operator_identifier) (type_parameters) (annotation) (access_modifier)] @_before
  . class_parameters: (class_parameters (class_parameter name: (identifier) @name) @definition.field))
(class_parameter ["val" "var"] name: (identifier) @name) @definition.field

(extension_definition) @scope.implementation
(instance_expression (template_body)) @scope.type
[(block) (indented_block) (lambda_expression)] @local

(call_expression function: (identifier) @reference.call)
; A method without arguments is called as a field is read.
(field_expression field: (identifier) @reference.call)
(generic_function function: (identifier) @reference.call)
(infix_expression operator: [(identifier) (operator_identifier)] @reference.call)
(instance_expression [
  (type_identifier) @reference.call
  (generic_type type: (type_identifier) @reference.call)
  (stable_type_identifier (type_identifier) @reference.call)])

(type_identifier) @reference.type
; `Engine` of `Engine.start`
(field_expression value: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(extends_clause [
  (type_identifier) @reference.implementation
  (generic_type type: [
    (type_identifier) @reference.implementation
    (stable_type_identifier (type_identifier) @reference.implementation)])
  (stable_type_identifier (type_identifier) @reference.implementation)])

(import_declaration (identifier) @reference.import .)
(import_declaration (identifier) @reference.import . (namespace_wildcard))
(namespace_selectors [
  (identifier) @reference.import
  (arrow_renamed_identifier name: (identifier) @reference.import)
  (as_renamed_identifier name: (identifier) @reference.import)])
