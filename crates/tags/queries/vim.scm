; Vim script. What begins with `l:` is local, and so is what a function lets.

(function_definition
  (function_declaration name: [(identifier) @name (scoped_identifier (identifier) @name)]) (body) @body)
  @definition.function
(let_statement (scoped_identifier (identifier) @name)) @definition.variable
(const_statement (scoped_identifier (identifier) @name)) @definition.constant
(command_statement name: (command_name) @name) @definition.macro

(call_expression function: [(identifier) @reference.call (scoped_identifier (identifier) @reference.call)])
(source_statement file: (filename) @reference.import)
(runtime_statement (filenames (filename) @reference.import))
