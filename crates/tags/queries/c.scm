; C, and the part of C++ that is C. `@declarator` holds the name somewhere inside; what stands around
; the name decides between functions, prototypes and variables. Locals are told by their surroundings.

(function_definition declarator: (_) @declarator) @definition.function
(declaration declarator: (_) @declarator) @definition.variable
(field_declaration declarator: (_) @declarator) @definition.field
(type_definition declarator: (_) @declarator) @definition.type

; Where the type is spelt out on the way, the name comes after it.
(declaration type: (_ body: (_) @body) declarator: (_) @declarator) @definition.variable
(field_declaration type: (_ body: (_) @body) declarator: (_) @declarator) @definition.field
(type_definition type: (_ name: (_) body: (_) @body) declarator: (_) @declarator) @definition.type

(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.type
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enum_member

; A type without a name of its own takes the one that the typedef gives it.
(type_definition
  type: (struct_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition
  type: (union_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.type
(type_definition
  type: (enum_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.enum

(preproc_def name: (identifier) @name) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro

[(preproc_if) (preproc_ifdef)] @scope.block

(call_expression function: [
  (identifier) @reference.call
  (field_expression field: (field_identifier) @reference.call)])
(type_identifier) @reference.type
(preproc_include path: [(string_literal) (system_lib_string)] @reference.import)

[(string_literal) (char_literal)] @opaque
