; OCaml, implementations and interfaces.

(module_binding (module_name) @name) @definition.module
(module_binding (module_name) @name module_type: (signature) @body) @definition.module
(module_type_definition (module_type_name) @name) @definition.interface
(type_binding name: (type_constructor) @name) @definition.type
(type_binding name: (type_constructor) @name body: (variant_declaration) @body) @definition.enum
(type_binding name: (type_constructor) @name body: (record_declaration) @body) @definition.struct
(constructor_declaration (constructor_name) @name) @definition.enum_member
(exception_definition (constructor_declaration (constructor_name) @name)) @definition.type
(field_declaration (field_name) @name) @definition.field

(let_binding pattern: [
  (value_name) @name
  (parenthesized_operator (_) @name)
  (tuple_pattern (value_name) @name)
  (typed_pattern pattern: (value_name) @name)]) @definition.variable
(let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)] (parameter)) @definition.function
(let_binding pattern: (value_name) @name body: [(fun_expression) (function_expression)] @body) @definition.function
(external [(value_name) @name (parenthesized_operator (_) @name)]) @definition.function
(value_specification [(value_name) @name (parenthesized_operator (_) @name)]) @declaration.function

(class_binding (class_name) @name) @definition.class
(class_binding (class_name) @name class_type: (_) @body) @definition.class
(class_type_binding (class_type_name) @name) @definition.interface
(method_definition (method_name) @name) @definition.method
(method_specification (method_name) @name) @definition.method
(instance_variable_definition (instance_variable_name) @name) @definition.field

[(let_expression) (fun_expression) (function_expression)] @local

(application_expression function: (value_path (value_name) @reference.call))
(infix_expression right: (value_path (value_name) @reference.call))
(infix_expression operator: (_) @reference.call)
(value_path (module_path) (value_name) @reference.call)
(method_invocation method: (method_name) @reference.call)
(new_expression (class_path (class_name) @reference.call))
(constructor_path (constructor_name) @reference.call)

(type_constructor_path (type_constructor) @reference.type)
(module_path (module_name) @reference.type)
(extended_module_path (module_name) @reference.type)
(module_type_path (module_type_name) @reference.type)

(module_binding module_type: (module_type_path (module_type_name) @reference.implementation))
(module_binding module_type: (module_type_constraint module_type: (module_type_path (module_type_name) @reference.implementation)))
(inheritance_definition class: (class_path (class_name) @reference.implementation))
(inheritance_specification class_type: (class_type_path (class_type_name) @reference.implementation))
(include_module module: (module_path (module_name) @reference.implementation .))
(include_module module: (module_application functor: (module_path (module_name) @reference.implementation .)))
(include_module_type module_type: (module_type_path (module_type_name) @reference.implementation))
(include_module_type
  module_type: (module_type_constraint module_type: (module_type_path (module_type_name) @reference.implementation)))

(open_module module: (module_path (module_name) @reference.import .))
(open_module_signature module: (extended_module_path (module_name) @reference.import .))

[(comment) (string) (quoted_string)] @opaque
