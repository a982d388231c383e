; Fortran. What an interface block holds are declarations; generic names are interfaces.

(module (module_statement (name) @name) . (_) @rest) @definition.module
(submodule (submodule_statement (name) @name) . (_) @rest) @definition.module
(program (program_statement (name) @name) . (_) @rest) @definition.function
(internal_procedures [
  (subroutine (subroutine_statement name: (name) @name) . (_) @rest)
  (function (function_statement name: (name) @name) . (_) @rest)] @definition.function)
(translation_unit [
  (subroutine (subroutine_statement name: (name) @name) . (_) @rest)
  (function (function_statement name: (name) @name) . (_) @rest)] @definition.function)
(preproc_if [
  (subroutine (subroutine_statement name: (name) @name) . (_) @rest)
  (function (function_statement name: (name) @name) . (_) @rest)] @definition.function)
(preproc_ifdef [
  (subroutine (subroutine_statement name: (name) @name) . (_) @rest)
  (function (function_statement name: (name) @name) . (_) @rest)] @definition.function)
(module_procedure (module_procedure_statement name: (name) @name) . (_) @rest) @definition.function
(entry_statement name: (name) @name) @definition.function
(block_data (block_data_statement (name) @name) . (_) @rest) @definition.function
; A main program may have no head: what is declared there is its own all the same.
[(program) (module_procedure)] @local
(interface [
  (subroutine (subroutine_statement name: (name) @name) . (_) @rest)
  (function (function_statement name: (name) @name) . (_) @rest)] @declaration.function)
(interface (interface_statement (name) @name) . (_) @rest) @definition.interface

(derived_type_definition (derived_type_statement (type_name) @name) . (_) @rest) @definition.struct
(derived_type_procedures (procedure_statement declarator: (method_name) @name) @definition.method)
(procedure_statement declarator: (binding (binding_name (identifier) @name))) @definition.method

(variable_declaration declarator: (identifier) @name) @definition.variable
(variable_declaration declarator: (init_declarator left: (identifier) @name)) @definition.variable
(variable_declaration declarator: (sized_declarator . (identifier) @name)) @definition.variable
(variable_declaration declarator: (init_declarator left: (sized_declarator . (identifier) @name))) @definition.variable
(variable_declaration
  attribute: (type_qualifier) @_qualifier
  declarator: (init_declarator left: (identifier) @name)
  (#match? @_qualifier "^(?i)parameter$")) @definition.constant
(enumerator_statement declarator: (init_declarator left: (identifier) @name)) @definition.enum_member
(enumerator_statement declarator: (identifier) @name) @definition.enum_member

(subroutine_call subroutine: (identifier) @reference.call)
(subroutine_call subroutine: (derived_type_member_expression (type_member) @reference.call .))
(call_expression . (identifier) @reference.call)
(call_expression . (derived_type_member_expression (type_member) @reference.call .))
(binding (method_name) @reference.call)
(interface (procedure_statement declarator: (method_name) @reference.call))

(derived_type name: (type_name) @reference.type)
(procedure_interface) @reference.type
(base_type_specifier (identifier) @reference.implementation)

(use_statement (module_name) @reference.import)
(included_items (identifier) @reference.import)

(string_literal) @opaque
