; Lua. Tables are namespaces and classes alike; what is assigned to them is their member.

(function_declaration name: [
  (identifier) @name
  (dot_index_expression field: (identifier) @name)]) @definition.function
(function_declaration name: (method_index_expression method: (identifier) @name)) @definition.method
(assignment_statement
  (variable_list [(identifier) @name (dot_index_expression field: (identifier) @name)])
  (expression_list (function_definition body: (_)? @body))) @definition.function

(chunk (variable_declaration (assignment_statement (variable_list (identifier) @name))) @definition.variable
  (#not-match? @definition.variable "^[^=]*=\\s*require\\b"))
(chunk (assignment_statement (variable_list (identifier) @name)) @definition.variable)
(chunk (assignment_statement (variable_list (dot_index_expression field: (identifier) @name))) @definition.field
  (#not-match? @name "^__"))

; A table that a variable or the module holds.
(assignment_statement (expression_list (table_constructor) @scope.block))
(return_statement (expression_list (table_constructor) @scope.block))
(field name: (identifier) @name value: (function_definition body: (_)? @body)) @definition.method @member
(function_definition) @local

(function_call name: [
  (identifier) @reference.call
  (dot_index_expression field: (identifier) @reference.call)
  (method_index_expression method: (identifier) @reference.call)])
; `Queue` of `Queue.open`
(dot_index_expression table: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(method_index_expression table: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(function_call
  name: (identifier) @_load arguments: (arguments (string content: (string_content) @reference.import))
  (#any-of? @_load "require" "dofile" "loadfile"))

[(comment) (string)] @opaque
