; WGSL.

(struct_declaration name: (identifier) @name "{" @rest) @definition.struct
(struct_member (variable_identifier_declaration name: (identifier) @name)) @definition.field
(function_declaration name: (identifier) @name) @definition.function
(global_variable_declaration (variable_declaration (variable_identifier_declaration name: (identifier) @name)))
  @definition.variable
(global_constant_declaration (variable_identifier_declaration name: (identifier) @name)) @definition.constant
(type_alias_declaration (identifier) @name) @definition.type

(type_constructor_or_function_call_expression (type_declaration (identifier) @reference.call))
(type_declaration (identifier) @reference.type)
