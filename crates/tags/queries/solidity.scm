; Solidity. Events and errors are types: they are declared with fields, emitted and thrown.

(contract_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(library_declaration name: (identifier) @name) @definition.module
(struct_declaration name: (identifier) @name) @definition.struct
(struct_member name: (identifier) @name) @definition.field
(enum_declaration name: (identifier) @name) @definition.enum
(enum_value) @name @definition.enum_member
(user_defined_type_definition name: (identifier) @name) @definition.type
(event_definition name: (identifier) @name) @definition.type
(error_declaration name: (identifier) @name) @definition.type
(function_definition name: (identifier) @name) @definition.function
(modifier_definition name: (identifier) @name) @definition.function
(constructor_definition "constructor" @name) @definition.constructor
(fallback_receive_definition ["receive" "fallback"] @name) @definition.function
(constant_variable_declaration name: (identifier) @name) @definition.constant
(state_variable_declaration name: (identifier) @name) @definition.variable
(state_variable_declaration "constant" name: (identifier) @name) @definition.constant

(call_expression function: (expression [
  (identifier) @reference.call
  (member_expression property: (identifier) @reference.call)
  (new_expression name: (type_name (user_defined_type (identifier) @reference.call .)))
  (struct_expression type: (expression (identifier) @reference.call))]))
(emit_statement name: (expression [
  (identifier) @reference.call
  (member_expression property: (identifier) @reference.call)]))
(revert_statement error: (expression [
  (identifier) @reference.call
  (member_expression property: (identifier) @reference.call)]))
(modifier_invocation . (identifier) @reference.call)

(user_defined_type (identifier) @reference.type .)
(using_directive (type_alias (identifier) @reference.type .))
; `Level` of `Level.High`: types begin with a capital.
(member_expression object: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(inheritance_specifier ancestor: (user_defined_type (identifier) @reference.implementation .))

(import_directive source: (string) @reference.import)
(import_directive import_name: (identifier) @reference.import)
