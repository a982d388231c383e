; Starlark, as Bazel uses it: what a call at the margin names is a target.

(function_definition name: (identifier) @name) @definition.function
(assignment left: (identifier) @name) @definition.variable
(assignment left: (identifier) @name right: (call function: (identifier) @_maker)
  (#any-of? @_maker "rule" "repository_rule" "macro" "aspect")) @definition.function
(assignment left: (identifier) @name right: (call function: (identifier) @_maker)
  (#eq? @_maker "provider")) @definition.struct
(expression_statement
  (call arguments: (argument_list
    (keyword_argument name: (identifier) @_key value: (string (string_content) @name))))
  (#eq? @_key "name")) @definition.module

(call function: [(identifier) @reference.call (attribute attribute: (identifier) @reference.call)])

(call function: (identifier) @_load arguments: (argument_list [
  (string (string_content) @reference.import)
  (keyword_argument value: (string (string_content) @reference.import))])
  (#eq? @_load "load"))
(keyword_argument name: (identifier) @_key value: (list (string (string_content) @reference.import))
  (#any-of? @_key "deps" "exports" "runtime_deps" "data" "tools"))
