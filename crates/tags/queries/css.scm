; CSS: a rule is a class by its first selector.

(rule_set (selectors . (_) @name) (block) @body) @definition.class
(keyframes_statement (keyframes_name) @name (keyframe_block_list) @body) @definition.function
(declaration (property_name) @name (#match? @name "^--")) @definition.variable

(media_statement (block) @body) @scope.block
