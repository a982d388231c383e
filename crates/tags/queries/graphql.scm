; GraphQL: schemas, and the operations and fragments that use them.

(object_type_definition (name) @name) @definition.class
(object_type_definition (name) @name (fields_definition) @body) @definition.class
(interface_type_definition (name) @name) @definition.interface
(interface_type_definition (name) @name (fields_definition) @body) @definition.interface
(input_object_type_definition (name) @name) @definition.struct
(input_object_type_definition (name) @name (input_fields_definition) @body) @definition.struct
(enum_type_definition (name) @name) @definition.enum
(enum_type_definition (name) @name (enum_values_definition) @body) @definition.enum
(enum_value_definition (enum_value (name) @name)) @definition.enum_member
(union_type_definition (name) @name) @definition.type
(scalar_type_definition (name) @name) @definition.type
(field_definition (name) @name) @definition.field
(input_fields_definition (input_value_definition (name) @name) @definition.field)
(directive_definition (name) @name) @definition.macro
(operation_definition (name) @name (selection_set) @body) @definition.function
(fragment_definition (fragment_name (name) @name) (selection_set) @body) @definition.function

[(object_type_extension) (interface_type_extension) (input_object_type_extension)] @scope.implementation

(named_type (name) @reference.type)
(object_type_extension (name) @reference.type)
(implements_interfaces (named_type (name) @reference.implementation))
(directive (name) @reference.macro)
(fragment_spread (fragment_name (name) @reference.call))
(field (name) @reference.call (arguments))
