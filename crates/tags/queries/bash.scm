; Bash and its relatives.

(function_definition name: (word) @name) @definition.function

(program (variable_assignment name: (variable_name) @name) @definition.variable)
(declaration_command (variable_assignment name: (variable_name) @name)) @definition.variable
; What is declared and has no value yet. `declare -p` and `declare -f` print.
(declaration_command ["declare" "typeset"] (word) @_kind (variable_name) @name (#match? @_kind "^-[aAgilrux]+$")) @definition.variable

; The word holds the value too where that has no quotes.
(command
  name: (command_name (word) @_alias) argument: [(word) @name (concatenation . (word) @name)]
  (#eq? @_alias "alias") (#match? @name "^[^=]+=")) @definition.function

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
