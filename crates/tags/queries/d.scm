; D.

(module_declaration (module_fqn (identifier) @name .)) @definition.module
(class_declaration (identifier) @name (aggregate_body) @body) @definition.class
(struct_declaration (identifier) @name (aggregate_body) @body) @definition.struct
(union_declaration (identifier) @name (aggregate_body) @body) @definition.type
(interface_declaration (identifier) @name (aggregate_body) @body) @definition.interface
(enum_declaration (identifier) @name "{" @rest) @definition.enum
(enum_member (identifier) @name) @definition.enum_member
(function_declaration (identifier) @name (function_body) @body) @definition.function
(constructor (this) @name (function_body) @body) @definition.constructor
(manifest_constant (manifest_declarator . (identifier) @name)) @definition.constant
(variable_declaration (declarator . (identifier) @name)) @definition.variable
(variable_declaration (type (type_ctor [(immutable) (const)])) (declarator . (identifier) @name)) @definition.constant
(auto_declaration variable: (identifier) @name) @definition.variable
(alias_declaration (alias_initializer . (identifier) @name)) @definition.type
(template_declaration (identifier) @name "{" @rest) @definition.macro

[(destructor) (unittest_declaration)] @local

(call_expression . [
  (identifier) @reference.call
  (type (identifier) @reference.call .)
  (type (template_instance . (identifier) @reference.call) .)
  (property_expression (identifier) @reference.call .)])
(new_expression (type (identifier) @reference.call .))
(type (identifier) @reference.type .)
(type (template_instance . (identifier) @reference.type) .)
(base_class (identifier) @reference.implementation .)
(base_class (template_instance . (identifier) @reference.implementation))
; `Level` of `Level.high`: types begin with a capital.
(property_expression . (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(imported (module_fqn (identifier) @reference.import .))
(import_bind (identifier) @reference.import .)

(string_literal) @opaque
