; Prolog: the clauses of a predicate follow each other. A goal is called behind `:-` and in a conjunction.

(directive_term (functional_notation
  function: (atom) @_module (arg_list . (atom) @name)) (#eq? @_module "module")) @definition.module
(clause_term (functional_notation function: (atom) @name)) @definition.function
(clause_term (operator_notation
  . (functional_notation function: (atom) @name) . (binary_operator) . (_) @rest)) @definition.function

(operator_notation (binary_operator) @_operator (functional_notation function: (atom) @reference.call)
  (#any-of? @_operator ":-" "->" "\\+"))
(operator_notation (comma) (functional_notation function: (atom) @reference.call))
(operator_notation (functional_notation function: (atom) @reference.call) (comma))
(directive_term (functional_notation
  function: (atom) @_use (arg_list . [
    (atom) @reference.import
    (functional_notation (arg_list . (atom) @reference.import))]))
  (#any-of? @_use "use_module" "ensure_loaded" "consult"))
