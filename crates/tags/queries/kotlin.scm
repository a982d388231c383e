; Kotlin. Nodes have few fields: names and bodies are told by their place.

(class_declaration "class" (type_identifier) @name (class_body)? @body) @definition.class
(class_declaration "interface" (type_identifier) @name (class_body)? @body) @definition.interface
(class_declaration "enum" (type_identifier) @name (enum_class_body)? @body) @definition.enum
(object_declaration (type_identifier) @name (class_body)? @body) @definition.class
(companion_object (type_identifier) @name (class_body)? @body) @definition.class
[(companion_object) (object_literal)] @scope.type
(enum_entry (simple_identifier) @name (class_body)? @body) @definition.enum_member
(type_alias . (type_identifier) @name) @definition.type
(function_declaration (simple_identifier) @name (function_body)? @body) @definition.function

(property_declaration (variable_declaration (simple_identifier) @name)) @definition.variable
(property_declaration (multi_variable_declaration (variable_declaration (simple_identifier) @name)))
  @definition.variable
(property_declaration
  (modifiers (property_modifier) @_const) (variable_declaration (simple_identifier) @name)
  (#eq? @_const "const")) @definition.constant
(property_declaration receiver: (_) (variable_declaration (simple_identifier) @name)) @definition.property
(class_parameter (binding_pattern_kind) (simple_identifier) @name) @definition.field

[(secondary_constructor) (anonymous_initializer) (lambda_literal) (anonymous_function) (getter) (setter)] @local

(call_expression . [
  (simple_identifier) @reference.call
  (navigation_expression (navigation_suffix (simple_identifier) @reference.call))])
(infix_expression . (_) . (simple_identifier) @reference.call)
(callable_reference (simple_identifier) @reference.call .)

(user_type (type_identifier) @reference.type)
; `Engine` of `Engine.start()` and `Engine::start`
(navigation_expression . (simple_identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(callable_reference . (type_identifier) @reference.type)

(delegation_specifier [
  (user_type (type_identifier) @reference.implementation)
  (constructor_invocation (user_type (type_identifier) @reference.implementation))
  (explicit_delegation (user_type (type_identifier) @reference.implementation))])

(import_header (identifier (simple_identifier) @reference.import .))
