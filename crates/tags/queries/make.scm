; Make: targets run like functions, and a variable is replaced by its text, as macros are.

(rule (targets (word) @name) (recipe) @body (#not-match? @name "[%$]|^\\.")) @definition.function
(rule (targets (word) @name) (#not-match? @name "[%$]|^\\.")) @definition.function
(variable_assignment name: (word) @name operator: ["=" ":=" "::=" "?="]) @definition.variable
(shell_assignment name: (word) @name) @definition.variable
(define_directive name: (word) @name) @definition.macro

(prerequisites (word) @reference.call (#not-match? @reference.call "%"))
(variable_reference (word) @reference.macro)
(substitution_reference text: (word) @reference.macro)
(include_directive filenames: (list (word) @reference.import))
