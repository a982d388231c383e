; Dart.

(class_declaration name: (identifier) @name) @definition.class
(mixin_declaration name: (identifier) @name) @definition.class
(enum_declaration name: (identifier) @name) @definition.enum
(enum_entry name: (identifier) @name) @definition.enum_member
(extension_declaration name: (identifier) @name) @definition.type
(extension_type_declaration name: (extension_type_name (identifier) @name)) @definition.type
(type_alias (type_identifier) @name) @definition.type
(library_name (dotted_identifier_list (identifier) @name .)) @definition.module

(function_signature name: (identifier) @name) @definition.function
(function_declaration signature: (function_signature name: (identifier) @name) body: (_) @body) @definition.function
(local_function_declaration (function_signature name: (identifier) @name) (function_body) @body) @definition.function
(method_declaration
  signature: (method_signature (function_signature name: (identifier) @name)) body: (_) @body) @definition.method
(getter_signature name: (identifier) @name) @definition.property
(setter_signature name: (identifier) @name) @definition.property
(method_declaration
  signature: (method_signature [
    (getter_signature name: (identifier) @name)
    (setter_signature name: (identifier) @name)])
  body: (_) @body) @definition.property
(operator_signature operator: (binary_operator) @name) @definition.method
(constructor_signature (identifier) @name . (formal_parameter_list)) @definition.constructor
(constant_constructor_signature (identifier) @name . (formal_parameter_list)) @definition.constructor
(factory_constructor_signature (identifier) @name . (formal_parameter_list)) @definition.constructor
(redirecting_factory_constructor_signature (identifier) @name . (formal_parameter_list)) @definition.constructor

(static_final_declaration name: (identifier) @name) @definition.constant
(initialized_identifier name: (identifier) @name) @definition.variable

(call_expression function: [
  (identifier) @reference.call
  (member_expression property: (identifier) @reference.call)
  (instantiation_expression function: (identifier) @reference.call)
  (instantiation_expression function: (member_expression property: (identifier) @reference.call))])
(cascade_call_expression property: (identifier) @reference.call)
(new_expression type: (type (type_identifier) @reference.call))
(const_object_expression type: (type (type_identifier) @reference.call))

(type_identifier) @reference.type
(annotation name: (identifier) @reference.type)
; `Engine` of `Engine.start()`
(member_expression object: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(superclass type: (type (type_identifier) @reference.implementation))
(mixins (type (type_identifier) @reference.implementation))
(interfaces (type (type_identifier) @reference.implementation))
(mixin_declaration (type (type_identifier) @reference.implementation))

(uri (string_literal [
  (string_literal_single_quotes (template_chars_single_single) @reference.import)
  (string_literal_double_quotes (template_chars_double_single) @reference.import)]))
(combinator (identifier) @reference.import)
