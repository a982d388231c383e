; Objective-C beyond C. Classes are declared where their interface is, methods defined where they are implemented.

(class_interface . (identifier) @name superclass: (_) @rest) @definition.class
(class_interface category: (_)) @scope.implementation
(class_interface !superclass !category) @scope.implementation
(class_implementation) @scope.implementation
(protocol_declaration . (identifier) @name . (_)? @rest) @definition.interface
(class_declaration (identifier) @name) @declaration.class
(protocol_forward_declaration (identifier) @name) @declaration.interface

(method_definition . (method_type) . (identifier) @name (compound_statement) @body) @definition.method
(method_declaration . (method_type) . (identifier) @name) @declaration.method
(protocol_declaration (method_declaration . (method_type) . (identifier) @name) @definition.method)
(qualified_protocol_interface_declaration (method_declaration . (method_type) . (identifier) @name) @definition.method)
(property_declaration (struct_declaration (struct_declarator [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)]))) @definition.property
(instance_variable (struct_declaration (struct_declarator [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)]))) @definition.field

(block_literal) @local

(message_expression method: (identifier) @reference.call)
(selector_expression (identifier) @reference.call)
; `Queue` of `[Queue open]`
(message_expression receiver: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(class_implementation . (identifier) @reference.type)
(class_interface . (identifier) @reference.type category: (_))
(typedefed_specifier (protocol_reference_list (identifier) @reference.type))

(class_interface superclass: (identifier) @reference.implementation)
(class_interface (parameterized_arguments (type_name (type_identifier) @reference.implementation)))
(protocol_declaration (protocol_reference_list (identifier) @reference.implementation))

(module_import path: (identifier) @reference.import)
