; TOML: tables, and the keys at the margin.

(document (pair (_) @name . "=") @definition.field)
(table (_) @name . "]" . (_) @rest) @definition.module
(table (_) @name . "]" .) @definition.module
(table_array_element (_) @name . "]]" . (_) @rest) @definition.module
(table_array_element (_) @name . "]]" .) @definition.module
(table (pair (_) @name . "=") @definition.field)
