; Gleam.

(function name: (identifier) @name) @definition.function
(constant name: (identifier) @name) @definition.constant
(type_definition (type_name name: (type_identifier) @name)) @definition.enum
(type_definition (type_name name: (type_identifier) @name) (data_constructors) @body) @definition.enum
(data_constructor name: (constructor_name) @name) @definition.enum_member
(data_constructor_argument label: (label) @name) @definition.field
(type_alias (type_name name: (type_identifier) @name)) @definition.type

(attribute) @decorator

(function_call function: [
  (identifier) @reference.call
  (field_access field: (label) @reference.call)])
(binary_expression operator: "|>" right: [
  (identifier) @reference.call
  (field_access field: (label) @reference.call)])
(record name: (constructor_name) @reference.call)
(record name: (remote_constructor_name name: (constructor_name) @reference.call))

(type name: [
  (type_identifier) @reference.type
  (remote_type_identifier name: (type_identifier) @reference.type)])
(record_pattern name: (constructor_name) @reference.type)

(import module: (module) @reference.import)
(unqualified_import name: (_) @reference.import)
