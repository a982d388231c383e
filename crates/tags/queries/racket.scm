; Racket. What a function defines inside is local; bindings are definitions that never count.

(list . (symbol) @_head . (list . (symbol) @name) . (_) @rest
  (#any-of? @_head "define" "define/contract" "define-values" "define/memo")) @definition.function
(list . (symbol) @_head . (list . (symbol) @name) . (_) @rest
  (#any-of? @_head "define/public" "define/private" "define/override" "define/augment" "define/pubment"))
  @definition.method
(list . (symbol) @_head . (symbol) @name
  (#any-of? @_head "define" "define/contract" "define-parameter")) @definition.variable
(list . (symbol) @_head . (symbol) @name . (list . (symbol) @_lambda . (_) . (_) @rest)
  (#eq? @_head "define") (#any-of? @_lambda "lambda" "λ" "case-lambda")) @definition.function
(list . (symbol) @_head . (symbol) @name . (list . (symbol) @_class) @body
  (#eq? @_head "define") (#any-of? @_class "class" "class*" "mixin")) @definition.class
(list . (symbol) @_head . [(symbol) @name (list . (symbol) @name)] . (_) @rest
  (#any-of? @_head "define-syntax" "define-syntax-rule" "define-syntaxes" "define-simple-macro")) @definition.macro
(list . (symbol) @_head . (symbol) @name (list) @rest
  (#any-of? @_head "struct" "define-struct")) @definition.struct
(list . (symbol) @_head . (symbol) . (symbol) @reference.implementation
  (#any-of? @_head "struct" "define-struct"))
(list . (symbol) @_head . (symbol) (list [(symbol) @name (list . (symbol) @name)] @definition.field)
  (#any-of? @_head "struct" "define-struct"))
(list . (symbol) @_head . (symbol) @name . (_) @rest
  (#any-of? @_head "module" "module+" "module*")) @definition.module

(list . (symbol) @_head (#any-of? @_head "let" "let*" "letrec" "lambda" "syntax-case" "syntax-rules")) @local
(list . (symbol) @_head . (list (list . (symbol) @name) @definition.variable @member)
  (#any-of? @_head "let" "let*" "letrec" "parameterize" "for" "for/list" "for/fold" "for/hash" "let-values"))
(list . (symbol) @_head . (symbol) . (list (list . (symbol) @name) @definition.variable @member)
  (#eq? @_head "let"))
(list . (symbol) @_head . (list . (symbol) @name) @definition.variable @member
  (#any-of? @_head "lambda" "λ"))

(list . (symbol) @reference.call)
; `(map weight jobs)`
(list . (symbol) @_head . (symbol) @reference.call
  (#any-of? @_head "map" "for-each" "filter" "andmap" "ormap" "apply" "foldl" "foldr" "sort"))

(list . (symbol) @_head [
  (symbol) @reference.import
  (string) @reference.import
  (list . (symbol) [(symbol) @reference.import (string) @reference.import])]
  (#eq? @_head "require"))

(quote) @opaque
