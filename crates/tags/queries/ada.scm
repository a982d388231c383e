; Ada. A specification declares what a body defines.

(package_body name: (identifier) @name (non_empty_declarative_part) @body) @definition.module
(package_body
  name: (selected_component selector_name: (identifier) @name) (non_empty_declarative_part) @body) @definition.module
(package_declaration name: (identifier) @name . (_) @rest) @definition.module
(package_declaration name: (selected_component selector_name: (identifier) @name) . (_) @rest) @definition.module
(package_body name: (identifier) @name) @definition.module
(generic_instantiation "package" name: (identifier) @name) @definition.module
(generic_instantiation ["procedure" "function"] name: [(identifier) (string_literal)] @name) @definition.function

(subprogram_body [
  (procedure_specification name: [(identifier) @name (selected_component selector_name: (identifier) @name)])
  (function_specification name: [
    (identifier) @name (string_literal) @name (selected_component selector_name: (identifier) @name)])]
  . (_) @rest) @definition.function
(expression_function_declaration
  (function_specification name: [(identifier) (string_literal)] @name)) @definition.function
(null_procedure_declaration (procedure_specification name: (identifier) @name)) @definition.function
(subprogram_body_stub [
  (procedure_specification name: (identifier) @name)
  (function_specification name: [(identifier) (string_literal)] @name)]) @declaration.function
(subprogram_declaration [
  (procedure_specification name: [(identifier) @name (selected_component selector_name: (identifier) @name)])
  (function_specification name: [
    (identifier) @name (string_literal) @name (selected_component selector_name: (identifier) @name)])])
  @declaration.function

(subprogram_renaming_declaration [
  (procedure_specification name: (identifier) @name)
  (function_specification name: [(identifier) (string_literal)] @name)]) @definition.function
(generic_subprogram_declaration [
  (procedure_specification name: (identifier) @name)
  (function_specification name: (identifier) @name)]) @declaration.function
(task_body . (identifier) @name) @definition.class
(protected_body . (identifier) @name) @definition.class
[(task_body) (entry_body) (block_statement)] @local
(entry_body . (identifier) @name) @definition.method
(object_renaming_declaration . (identifier) @name) @definition.variable
(exception_renaming_declaration . (identifier) @name) @definition.type
(package_renaming_declaration name: (identifier) @name) @definition.module

(private_type_declaration . (identifier) @name) @definition.type
(private_extension_declaration . (identifier) @name) @definition.type
(full_type_declaration . (identifier) @name) @definition.type
(full_type_declaration . (identifier) @name (record_type_definition) @body) @definition.struct
(full_type_declaration . (identifier) @name (derived_type_definition (record_extension_part) @body)) @definition.struct
(full_type_declaration . (identifier) @name (enumeration_type_definition) @body) @definition.enum
(full_type_declaration . (identifier) @name (interface_type_definition)) @definition.interface
(enumeration_type_definition (identifier) @name @definition.enum_member)
(component_declaration (identifier) @name) @definition.field
(subtype_declaration . (identifier) @name) @definition.type
(exception_declaration (identifier) @name) @definition.type
(single_task_declaration . (identifier) @name (task_definition) @body) @definition.class
(task_type_declaration . (identifier) @name (task_definition) @body) @definition.class
(single_protected_declaration . (identifier) @name (protected_definition) @body) @definition.class
(protected_type_declaration . (identifier) @name (protected_definition) @body) @definition.class
(entry_declaration entry_name: (identifier) @name) @definition.method
(object_declaration name: (identifier) @name) @definition.variable
(object_declaration name: (identifier) @name "constant") @definition.constant
(number_declaration (identifier) @name) @definition.constant

(procedure_call_statement name: [
  (identifier) @reference.call
  (selected_component selector_name: (identifier) @reference.call)])
(function_call name: [
  (identifier) @reference.call
  (selected_component selector_name: (identifier) @reference.call)])

(object_declaration subtype_mark: [
  (identifier) @reference.type
  (selected_component selector_name: (identifier) @reference.type)])
(parameter_specification subtype_mark: [
  (identifier) @reference.type
  (selected_component selector_name: (identifier) @reference.type)])
(result_profile subtype_mark: [
  (identifier) @reference.type
  (selected_component selector_name: (identifier) @reference.type)])
(component_definition subtype_mark: [
  (identifier) @reference.type
  (selected_component selector_name: (identifier) @reference.type)])
(raise_statement name: [
  (identifier) @reference.type
  (selected_component selector_name: (identifier) @reference.type)])
(derived_type_definition subtype_mark: [
  (identifier) @reference.implementation
  (selected_component selector_name: (identifier) @reference.implementation)])

(with_clause [
  (identifier) @reference.import
  (selected_component selector_name: (identifier) @reference.import)])
