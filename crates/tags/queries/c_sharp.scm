; C#. Types are plain identifiers, told by their place.

(namespace_declaration name: (_) @name) @definition.module
(file_scoped_namespace_declaration name: (_) @name) @definition.module
(class_declaration name: (identifier) @name) @definition.class
(record_declaration name: (identifier) @name) @definition.class
(struct_declaration name: (identifier) @name) @definition.struct
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(enum_member_declaration name: (identifier) @name) @definition.enum_member
(delegate_declaration name: (identifier) @name) @definition.type
(method_declaration name: (identifier) @name) @definition.method
(local_function_statement name: (identifier) @name) @definition.function
(constructor_declaration name: (identifier) @name) @definition.constructor
(destructor_declaration name: (identifier) @name) @definition.method
(property_declaration name: (identifier) @name accessors: (_) @body) @definition.property
(property_declaration name: (identifier) @name value: (arrow_expression_clause) @body) @definition.property
(record_declaration (parameter_list (parameter name: (identifier) @name) @definition.property))
(event_declaration name: (identifier) @name) @definition.property
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.field
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.field
(field_declaration
  (modifier) @_const (variable_declaration (variable_declarator name: (identifier) @name) @definition.constant)
  (#eq? @_const "const"))

[(lambda_expression) (anonymous_method_expression) (global_statement)] @local

(invocation_expression function: [
  (identifier) @reference.call
  (generic_name (identifier) @reference.call)
  (member_access_expression name: [(identifier) @reference.call (generic_name (identifier) @reference.call)])
  (conditional_access_expression (member_binding_expression name: [
    (identifier) @reference.call
    (generic_name (identifier) @reference.call)]))])
(object_creation_expression type: [
  (identifier) @reference.call
  (generic_name (identifier) @reference.call)
  (qualified_name name: [(identifier) @reference.call (generic_name (identifier) @reference.call)])])

(generic_name (identifier) @reference.type)
(qualified_name name: (identifier) @reference.type)
(nullable_type type: (identifier) @reference.type)
(array_type type: (identifier) @reference.type)
(ref_type type: (identifier) @reference.type)
(type_argument_list (identifier) @reference.type)
(tuple_element type: (identifier) @reference.type)
(parameter type: (identifier) @reference.type)
(variable_declaration type: (identifier) @reference.type)
(method_declaration returns: (identifier) @reference.type)
(delegate_declaration type: (identifier) @reference.type)
(local_function_statement type: (identifier) @reference.type)
(property_declaration type: (identifier) @reference.type)
(indexer_declaration type: (identifier) @reference.type)
(event_declaration type: (identifier) @reference.type)
(operator_declaration type: (identifier) @reference.type)
(conversion_operator_declaration type: (identifier) @reference.type)
(type_parameter_constraint type: (identifier) @reference.type)
(foreach_statement type: (identifier) @reference.type)
(catch_declaration type: (identifier) @reference.type)
(cast_expression type: (identifier) @reference.type)
(as_expression right: (identifier) @reference.type)
(is_expression right: (identifier) @reference.type)
(typeof_expression type: (identifier) @reference.type)
(default_expression type: (identifier) @reference.type)
(declaration_pattern type: (identifier) @reference.type)
(declaration_expression type: (identifier) @reference.type)
(recursive_pattern type: (identifier) @reference.type)
(type_pattern type: (identifier) @reference.type)
(attribute name: [(identifier) @reference.type (qualified_name name: (identifier) @reference.type)])
; `Engine` of `Engine.Start()`
(member_access_expression expression: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(constant_pattern (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(base_list [
  (identifier) @reference.implementation
  (generic_name (identifier) @reference.implementation)
  (qualified_name name: [
    (identifier) @reference.implementation
    (generic_name (identifier) @reference.implementation)])
  (primary_constructor_base_type type: [
    (identifier) @reference.implementation
    (generic_name (identifier) @reference.implementation)])])

(using_directive !name (identifier) @reference.import)
(using_directive (qualified_name name: (identifier) @reference.import))

; A namespace in an import is no type.
(using_directive) @opaque
