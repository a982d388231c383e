; Odin.

(package_declaration (identifier) @name) @definition.module
(const_declaration . (identifier) @name) @definition.constant
(variable_declaration . (identifier) @name) @definition.variable
(enum_declaration . (identifier) @name "{" @rest) @definition.enum
(enum_declaration "{" (identifier) @name @definition.enum_member)
(struct_declaration . (identifier) @name "{" @rest) @definition.struct
(union_declaration . (identifier) @name "{" @rest) @definition.type
(field (identifier) @name) @definition.field
(procedure_declaration . (identifier) @name (procedure (block) @body)) @definition.function

(call_expression function: (identifier) @reference.call)
(type (identifier) @reference.type)
(struct . (identifier) @reference.type)
(field "using" (type (identifier) @reference.implementation))
(import_declaration (string (string_content) @reference.import))
