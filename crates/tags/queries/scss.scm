; SCSS: a rule is a class by its first selector.

(rule_set (selectors . (_) @name) (block) @body) @definition.class
(mixin_statement name: (_) @name (block) @body) @definition.macro
(function_statement name: (_) @name (block) @body) @definition.function
(declaration (property_name) @name (#match? @name "^(\\$|--)")) @definition.variable

(include_statement (identifier) @reference.macro)
(call_expression (function_name) @reference.call)
(use_statement (string_value) @reference.import)
(import_statement (string_value) @reference.import)
(forward_statement (string_value) @reference.import)
