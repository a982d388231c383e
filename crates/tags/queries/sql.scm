; SQL: a table is a struct with its columns; what a query reads is a type that it uses.

(create_schema (identifier) @name) @definition.module
(create_table (object_reference name: (identifier) @name)) @definition.struct
(create_table (object_reference name: (identifier) @name) (column_definitions) @body) @definition.struct
(column_definitions (column_definition name: (identifier) @name) @definition.field)
(create_view (object_reference name: (identifier) @name) (create_query) @body) @definition.class
(create_materialized_view (object_reference name: (identifier) @name) (create_query) @body) @definition.class
(create_type (object_reference name: (identifier) @name)) @definition.type
(create_index column: (identifier) @name) @definition.property
(create_sequence (object_reference name: (identifier) @name)) @definition.variable
(create_function (object_reference name: (identifier) @name) (function_body) @body) @definition.function
(create_trigger . (_) . (_) . (object_reference name: (identifier) @name)) @definition.function

(invocation (object_reference name: (identifier) @reference.call))
(create_trigger (keyword_function) . (object_reference name: (identifier) @reference.call))
(relation (object_reference name: (identifier) @reference.type))
(from (object_reference name: (identifier) @reference.type))
(insert (object_reference name: (identifier) @reference.type))
(alter_table (object_reference name: (identifier) @reference.type))
(create_index (object_reference name: (identifier) @reference.type))
(create_trigger (keyword_on) . (object_reference name: (identifier) @reference.type))
(column_definition (keyword_references) . (object_reference name: (identifier) @reference.type))
(column_definition custom_type: (object_reference name: (identifier) @reference.type))
(constraint (keyword_references) . (object_reference name: (identifier) @reference.type))
