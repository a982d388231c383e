; AWK: what a rule at the margin sets is a variable of the whole program.

(func_def name: (identifier) @name (block) @body) @definition.function
(rule (pattern "BEGIN") (block (assignment_exp left: (identifier) @name) @definition.variable)
  (#not-match? @name "^O?[FR]S$"))

(func_call name: (identifier) @reference.call)
(directive (string) @reference.import)
