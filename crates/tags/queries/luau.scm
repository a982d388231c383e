; Luau. What a file holds locally is the file's; what a function holds locally is nobody's.

(variable_declaration (assignment_statement (variable_list name: (identifier) @name)) @definition.variable
  (#not-match? @definition.variable "=\\s*require\\b"))
(variable_declaration (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list value: (function_definition body: (_) @body)))) @definition.function
(chunk (assignment_statement
  (variable_list name: (dot_index_expression field: (identifier) @name))) @definition.field
  (#not-match? @name "^__"))
(chunk (assignment_statement
  (variable_list name: (dot_index_expression field: (identifier) @name))
  (expression_list value: (function_definition body: (_) @body))) @definition.method)
(function_declaration name: (identifier) @name) @definition.function
(function_declaration name: (dot_index_expression field: (identifier) @name)) @definition.method
(function_declaration name: (method_index_expression method: (identifier) @name)) @definition.method
(type_definition name: [(identifier) @name (generic_type . (identifier) @name)]) @definition.type
(type_definition name: [(identifier) @name (generic_type . (identifier) @name)] (object_type) @body) @definition.type
(type_definition (object_type (identifier) @name @definition.field . ":"))

(function_call name: [
  (identifier) @reference.call
  (dot_index_expression field: (identifier) @reference.call)
  (method_index_expression method: (identifier) @reference.call)])
(generic_type . (identifier) @reference.type)
(object_type ":" . (identifier) @reference.type)
(object_type . "{" . (identifier) @reference.type . "}")
(parameter ":" . (identifier) @reference.type)
(function_type ":" . (identifier) @reference.type)
(function_declaration ":" . (identifier) @reference.type)
(union_type (identifier) @reference.type)

(function_call name: (identifier) @_require arguments: (arguments [
  (string content: (string_content) @reference.import)
  (dot_index_expression field: (identifier) @reference.import)])
  (#eq? @_require "require"))
