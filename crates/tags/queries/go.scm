; Go.

(package_clause (package_identifier) @name) @definition.module
(function_declaration name: (identifier) @name) @definition.function
(method_declaration name: (field_identifier) @name) @definition.method
(type_spec name: (type_identifier) @name) @definition.type
(type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type) @body) @definition.interface
(type_alias name: (type_identifier) @name) @definition.type
(field_declaration name: (field_identifier) @name) @definition.field
(method_elem name: (field_identifier) @name) @definition.method
(const_spec name: (identifier) @name) @definition.constant
(var_spec name: (identifier) @name) @definition.variable

(func_literal) @local

(call_expression function: [
  (identifier) @reference.call
  (selector_expression field: (field_identifier) @reference.call)
  (index_expression operand: (identifier) @reference.call)])
(type_identifier) @reference.type

; What a struct or an interface embeds, it has.
(field_declaration !name type: [
  (type_identifier) @reference.implementation
  (qualified_type name: (type_identifier) @reference.implementation)
  (generic_type type: (type_identifier) @reference.implementation)])
(interface_type (type_elem . [
  (type_identifier) @reference.implementation
  (qualified_type name: (type_identifier) @reference.implementation)] .))

(import_spec path: (_) @reference.import)

[(interpreted_string_literal) (raw_string_literal) (rune_literal)] @opaque
