; Nix. What is inside of a function or an argument is local; of other sets the keys count.

(binding attrpath: (attrpath attr: (identifier) @name .)) @definition.variable
(binding attrpath: (attrpath attr: (identifier) @name .) expression: (attrset_expression) @body) @definition.variable
(binding attrpath: (attrpath attr: (identifier) @name .) expression: (rec_attrset_expression) @body) @definition.variable
(binding
  attrpath: (attrpath attr: (identifier) @name .)
  expression: (function_expression body: (_) @body)) @definition.function

(apply_expression argument: [
  (attrset_expression) (rec_attrset_expression) (parenthesized_expression) (list_expression)] @local)
(binding expression: (let_expression) @local)

(apply_expression function: [
  (variable_expression name: (identifier) @reference.call)
  (select_expression attrpath: (attrpath attr: (identifier) @reference.call .))])
; `map helpers.weigh`
(apply_expression argument: (select_expression attrpath: (attrpath attr: (identifier) @reference.call .)))

(path_expression) @reference.import
(inherit_from attrs: (inherited_attrs attr: (identifier) @reference.import))
