; CMake: a command's name tells what its arguments are. Targets and projects are modules.

(function_def (function_command (argument_list . (argument) @name)) (body) @body) @definition.function
(macro_def (macro_command (argument_list . (argument) @name)) (body) @body) @definition.macro
(normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name))
  (#match? @_command "^(?i)(set|option)$")) @definition.variable
(normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name))
  (#match? @_command "^(?i)(project|add_library|add_executable|add_custom_target)$")
  (#not-match? @name "\\$")) @definition.module

(normal_command (identifier) @reference.call)
(normal_command (identifier) @_command (argument_list (argument (unquoted_argument) @reference.call))
  (#match? @_command "^(?i)(target_link_libraries|add_dependencies)$") (#not-match? @reference.call "\\$"))
(normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @reference.call))
  (#match? @_command "^(?i)target_") (#not-match? @reference.call "\\$"))
(variable_ref (normal_var (variable) @reference.macro))
(normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @reference.import))
  (#match? @_command "^(?i)(include|add_subdirectory|find_package)$"))
