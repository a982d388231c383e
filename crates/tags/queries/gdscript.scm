; GDScript. A file is a class of its own.

(class_name_statement name: (name) @name) @definition.class
(class_definition name: (name) @name) @definition.class
(enum_definition name: (name) @name) @definition.enum
(enumerator left: (identifier) @name) @definition.enum_member
(function_definition name: (name) @name) @definition.function
(signal_statement name: (name) @name) @definition.property
(const_statement name: (name) @name) @definition.constant
(variable_statement name: (name) @name) @definition.variable

(lambda) @local

(call . (identifier) @reference.call)
(attribute_call . (identifier) @reference.call)
; `Level` of `Level.HIGH`: types begin with a capital.
(attribute . (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(type (identifier) @reference.type)
(subscript_arguments (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(extends_statement (type (identifier) @reference.implementation))
(extends_statement (string) @reference.import)
(call . (identifier) @_load arguments: (arguments (string) @reference.import)
  (#any-of? @_load "preload" "load"))

[(string) (comment)] @opaque
