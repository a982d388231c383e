; Zig. A type is the value of a constant.

(variable_declaration . (identifier) @name (struct_declaration) @body) @definition.struct
(variable_declaration . (identifier) @name (enum_declaration) @body) @definition.enum
(variable_declaration . (identifier) @name (union_declaration) @body) @definition.type
(variable_declaration . (identifier) @name (opaque_declaration) @body) @definition.type
(variable_declaration . (identifier) @name (error_set_declaration) @body) @definition.enum
(variable_declaration
  "const" . (identifier) @name (_) @_value .
  (#not-match? @_value "^@(import|cImport|This)\\b")) @definition.constant
(variable_declaration "var" . (identifier) @name) @definition.variable
(function_declaration name: (identifier) @name body: (_)) @definition.function
(function_declaration name: (identifier) @name !body) @declaration.function
(container_field name: (identifier) @name) @definition.field
(enum_declaration (container_field name: (identifier) @name) @definition.enum_member)
(error_set_declaration (identifier) @name @definition.enum_member)

; What a function returns as a type.
[(struct_declaration) (enum_declaration) (union_declaration)] @scope.type
[(test_declaration) (comptime_declaration)] @local

(call_expression function: [
  (identifier) @reference.call
  (field_expression member: (identifier) @reference.call)])

(parameter type: (identifier) @reference.type)
(function_declaration type: (identifier) @reference.type)
(variable_declaration type: (identifier) @reference.type)
(container_field type: (identifier) @reference.type)
(pointer_type (identifier) @reference.type)
(slice_type (identifier) @reference.type)
(nullable_type (identifier) @reference.type)
(array_type (identifier) @reference.type)
(error_union_type ok: (identifier) @reference.type)
(error_union_type error: (identifier) @reference.type)
(struct_initializer (identifier) @reference.type)
; `Ticket` of `Ticket.init()`
(field_expression object: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
; An argument that is a type makes a type.
(call_expression (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(builtin_function
  (builtin_identifier) @_load (arguments (string (string_content) @reference.import))
  (#any-of? @_load "@import" "@cInclude" "@embedFile"))

[(comment) (string)] @opaque
