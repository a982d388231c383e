; Elixir. Everything is a call: what defines is told by its name.

(call
  target: (identifier) @_def (arguments (alias) @name) (do_block) @body
  (#eq? @_def "defmodule")) @definition.module
(call
  target: (identifier) @_def (arguments (alias) @name) (do_block) @body
  (#eq? @_def "defprotocol")) @definition.interface
(call
  target: (identifier) @_def (arguments . (alias) @reference.implementation)
  (#any-of? @_def "defimpl" "use")) 
(call target: (identifier) @_def (arguments) (do_block) (#eq? @_def "defimpl")) @scope.implementation

(call
  target: (identifier) @_def
  (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")])
  (do_block)? @body
  (#any-of? @_def "def" "defp" "defdelegate" "defn" "defnp")) @definition.function
(call
  target: (identifier) @_def
  (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")])
  (do_block)? @body
  (#any-of? @_def "defmacro" "defmacrop" "defguard" "defguardp")) @definition.macro
; Operators: `def left <~> right`, `def -value`, with a guard or without, in parentheses or not.
(call
  target: (identifier) @_def
  (arguments . [
    (binary_operator operator: _ @name)
    (binary_operator left: (binary_operator operator: _ @name) operator: "when")
    (unary_operator operator: _ @name)])
  (do_block)? @body
  (#not-any-of? @name "when" "@" "::" "|" "=" "=>" "/" "\\\\")
  (#any-of? @_def "def" "defp")) @definition.function
(call
  target: (identifier) @_def
  (arguments . [
    (binary_operator operator: _ @name)
    (binary_operator left: (binary_operator operator: _ @name) operator: "when")
    (unary_operator operator: _ @name)])
  (do_block)? @body
  (#not-any-of? @name "when" "@" "::" "|" "=" "=>" "/" "\\\\")
  (#any-of? @_def "defmacro" "defmacrop")) @definition.macro
(call
  target: (identifier) @_def
  (arguments . (list [(atom) @name (keywords (pair key: (keyword) @name))]))
  (#any-of? @_def "defstruct" "defexception")) @definition.field
(call
  target: (identifier) @_def
  (arguments . (keywords (pair key: (keyword) @name)))
  (#any-of? @_def "defstruct" "defexception")) @definition.field

; Module attributes: types, contracts and constants.
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_kind
    (arguments (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "::")))
  (#any-of? @_kind "type" "typep" "opaque")) @definition.type
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_kind
    (arguments [
      (binary_operator left: (call target: (identifier) @name) operator: "::")
      (binary_operator left: (binary_operator left: (call target: (identifier) @name) operator: "::") operator: "when")]))
  (#any-of? @_kind "callback" "macrocallback" "spec")) @declaration.function
(unary_operator
  operator: "@"
  operand: (call target: (identifier) @name (arguments))
  (#not-any-of? @name
    "after_compile" "after_verify" "before_compile" "behaviour" "callback" "compile" "deprecated" "derive"
    "describetag" "dialyzer" "doc" "enforce_keys" "external_resource" "impl" "macrocallback" "moduledoc"
    "moduletag" "on_definition" "on_load" "opaque" "optional_callbacks" "since" "spec" "tag" "type" "typedoc"
    "typep")) @definition.constant
(unary_operator
  operator: "@"
  operand: (call target: (identifier) @_kind (arguments (alias) @reference.implementation))
  (#eq? @_kind "behaviour"))

[(anonymous_function) (stab_clause)] @local

(call target: [(identifier) @reference.call (dot right: (identifier) @reference.call)])
(unary_operator
  operator: "&" operand: (binary_operator left: (identifier) @reference.call operator: "/"))

(alias) @reference.type

(call
  target: (identifier) @_names (arguments . [
    (alias) @reference.import
    (dot right: (tuple (alias) @reference.import))])
  (#any-of? @_names "alias" "import" "require"))

(comment) @opaque
