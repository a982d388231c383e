; PowerShell.

(function_statement (function_name) @name (script_block) @body) @definition.function
(function_statement (function_name) @name) @definition.function
(class_statement . (simple_name) @name "{" @rest) @definition.class
(class_property_definition (variable) @name) @definition.field
(class_method_definition (simple_name) @name "{" @rest) @definition.method
(enum_statement . (simple_name) @name "{" @rest) @definition.enum
(enum_member . (simple_name) @name) @definition.enum_member
; What a script sets at its margin is its own, and other scripts' when they read it in.
(program (statement_list
  (pipeline (assignment_expression (left_assignment_expression) @name)) @definition.variable)
  (#match? @name "^\\$[A-Za-z_:]+$"))

(command command_name: (command_name) @reference.call)
(invokation_expression (member_name (simple_name) @reference.call))
(command
  command_name: (command_name) @_command
  command_elements: (command_elements . (command_argument_sep) . (generic_token) @reference.call)
  (#match? @_command "^(?i)new-object$"))
(type_name (type_identifier) @reference.type .)
(class_statement . (simple_name) . (simple_name) @reference.implementation)

(command
  command_name: (command_name) @_command
  command_elements: (command_elements (generic_token) @reference.import .)
  (#match? @_command "^(?i)(using|import-module)$") (#not-match? @reference.import "^System\\."))
(command command_name: (command_name_expr (command_name) @reference.import) (#match? @reference.import "\\.ps"))
