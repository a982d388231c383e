; Thrift.

(const_definition (identifier) @name) @definition.constant
(typedef_definition (typedef_identifier) @name) @definition.type
(enum_definition type: (identifier) @name "{" @rest) @definition.enum
(enum_definition "{" (identifier) @name @definition.enum_member)
(struct_definition type: (identifier) @name "{" @rest) @definition.struct
(union_definition type: (identifier) @name "{" @rest) @definition.type
(exception_definition (identifier) @name "{" @rest) @definition.class
(service_definition . "service" . (identifier) @name "{" @rest) @definition.interface
(field (identifier) @name) @definition.field
(function_definition (identifier) @name) @definition.method

(type type: (identifier) @reference.type)
(service_definition "extends" . (identifier) @reference.implementation)
(include_statement (string (string_fragment) @reference.import))
