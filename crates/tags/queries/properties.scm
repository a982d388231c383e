; Java properties: a key is a variable, which `${key}` uses.

(property (key) @name) @definition.variable
(substitution (key) @reference.call)
