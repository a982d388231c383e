; R. A function is a value; classes are made by calls.

(binary_operator
  lhs: [(identifier) @name (string content: (string_content) @name)]
  operator: ["<-" "=" "<<-"]
  rhs: (function_definition body: (_) @body)) @definition.function
(program (binary_operator lhs: (identifier) @name operator: ["<-" "=" "<<-"]) @definition.variable)

(binary_operator
  lhs: (identifier) @name
  operator: ["<-" "="]
  rhs: (call
    function: [(identifier) @_maker (namespace_operator rhs: (identifier) @_maker)] arguments: (_) @body)
  (#any-of? @_maker "R6Class" "setRefClass" "setClass" "ggproto")) @definition.class
(call
  function: (identifier) @_maker
  arguments: (arguments . (argument value: (string content: (string_content) @name)))
  (#any-of? @_maker "setClass" "setRefClass" "setClassUnion")) @definition.class
(call
  function: (identifier) @_maker
  arguments: (arguments . (argument value: (string content: (string_content) @name)))
  (#any-of? @_maker "setGeneric")) @definition.function
(call
  function: (identifier) @_maker
  arguments: (arguments . (argument value: (string content: (string_content) @name)))
  (#any-of? @_maker "setMethod" "setReplaceMethod")) @definition.method
(argument name: (identifier) @name value: (function_definition body: (_) @body)) @definition.method @member

(call function: [
  (identifier) @reference.call
  (namespace_operator rhs: (identifier) @reference.call)
  (extract_operator rhs: (identifier) @reference.call)])

; `Runner` of `Runner$new()`, and the class that `new("Ticket")` names
(extract_operator lhs: (identifier) @reference.type (#match? @reference.type "^[A-Z]"))
(call
  function: (identifier) @_new
  arguments: (arguments . (argument value: (string content: (string_content) @reference.type)))
  (#eq? @_new "new"))

(argument
  name: (identifier) @_inherit value: [
    (identifier) @reference.implementation
    (string content: (string_content) @reference.implementation)]
  (#any-of? @_inherit "inherit" "contains"))

(call
  function: (identifier) @_library
  arguments: (arguments . (argument value: [
    (identifier) @reference.import
    (string content: (string_content) @reference.import)]))
  (#any-of? @_library "library" "require" "requireNamespace" "loadNamespace" "source"))
(namespace_operator lhs: (identifier) @reference.import)

(comment) @opaque
