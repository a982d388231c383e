; TypeScript and TSX beyond ECMAScript.

(abstract_class_declaration name: (_) @name) @definition.class
(interface_declaration name: (type_identifier) @name) @definition.interface
(type_alias_declaration name: (type_identifier) @name) @definition.type
(type_alias_declaration name: (type_identifier) @name value: (object_type) @body) @definition.type
(type_alias_declaration
  name: (type_identifier) @name value: (intersection_type (object_type) @body)) @definition.type
(enum_declaration name: (identifier) @name) @definition.enum
(enum_body name: (property_identifier) @name @definition.enum_member)
(enum_assignment name: (property_identifier) @name) @definition.enum_member
(internal_module name: [(identifier) (nested_identifier)] @name) @definition.module
(module name: [(identifier) (nested_identifier)] @name) @definition.module
(module name: (string (string_fragment) @name)) @definition.module

(function_signature name: (identifier) @name) @declaration.function
(method_signature name: [(property_identifier) (private_property_identifier)] @name) @definition.method @member
(abstract_method_signature name: (property_identifier) @name) @definition.method
(property_signature name: (property_identifier) @name) @definition.field @member

(public_field_definition name: [(property_identifier) (private_property_identifier)] @name) @definition.field
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name value: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)]) @definition.method
; `constructor(private readonly engine: Engine)`
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @definition.field

(object_type) @local
(class_body (decorator) @decorator)

(type_identifier) @reference.type
(type_query (identifier) @reference.type)
(extends_clause value: [
  (identifier) @reference.implementation
  (member_expression property: (property_identifier) @reference.implementation)])
(implements_clause [
  (type_identifier) @reference.implementation
  (nested_type_identifier name: (type_identifier) @reference.implementation)
  (generic_type name: [
    (type_identifier) @reference.implementation
    (nested_type_identifier name: (type_identifier) @reference.implementation)])])
(extends_type_clause type: [
  (type_identifier) @reference.implementation
  (nested_type_identifier name: (type_identifier) @reference.implementation)
  (generic_type name: [
    (type_identifier) @reference.implementation
    (nested_type_identifier name: (type_identifier) @reference.implementation)])])
(import_require_clause source: (string (string_fragment) @reference.import))
