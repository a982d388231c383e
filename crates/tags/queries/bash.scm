; Bash and its relatives.

(function_definition name: (word) @name) @definition.function

(program (variable_assignment name: (variable_name) @name) @definition.variable)
(declaration_command (variable_assignment name: (variable_name) @name)) @definition.variable

(command name: (command_name (word) @reference.call))
(command
  name: (command_name (word) @_trap) . argument: (word) @reference.call
  (#eq? @_trap "trap"))

(command
  name: (command_name (word) @_source) . argument: [
    (word) @reference.import
    (raw_string) @reference.import
    (string (string_content) @reference.import .)
    (concatenation [(word) @reference.import (string (string_content) @reference.import .)] .)]
  (#any-of? @_source "source" "."))

[(comment) (heredoc_body)] @opaque
