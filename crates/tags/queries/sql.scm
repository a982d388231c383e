; SQL: definitions are read without a tree (src/statements), and so is what bodies of routines use. What a query reads is a type that
; it uses.

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
