; Scheme. What a function defines inside is local; bindings are definitions that never count.

(list . (symbol) @_head . (list . (symbol) @name) . (_) @rest
  (#any-of? @_head "define" "define*" "define-public" "define-inlinable")) @definition.function
(list . (symbol) @_head . (symbol) @name
  (#any-of? @_head "define" "define-public" "define-parameter")) @definition.variable
(list . (symbol) @_head . (symbol) @name . (list . (symbol) @_lambda . (_) . (_) @rest)
  (#any-of? @_head "define" "define-public") (#any-of? @_lambda "lambda" "lambda*" "case-lambda"))
  @definition.function
(list . (symbol) @_head . [(symbol) @name (list . (symbol) @name)] . (_) @rest
  (#any-of? @_head "define-syntax" "define-syntax-rule" "define-macro" "defmacro")) @definition.macro
(list . (symbol) @_head . [(symbol) @name (list . (symbol) @name)] . (_) @rest
  (#eq? @_head "define-record-type")) @definition.struct
(list . (symbol) @_head . (_) . (list . (symbol) @name) @definition.constructor
  (#eq? @_head "define-record-type"))
(list . (symbol) @_head . (_) . (_) . (symbol) (list . (symbol) @name) @definition.field
  (#eq? @_head "define-record-type"))
(list . (symbol) @_head . (list (symbol) @name .) . (_) @rest
  (#any-of? @_head "define-library" "define-module" "library")) @definition.module

(list . (symbol) @_head (#any-of? @_head "let" "let*" "letrec" "lambda" "syntax-rules")) @local
(list . (symbol) @_head . (list (list . (symbol) @name) @definition.variable @member)
  (#any-of? @_head "let" "let*" "letrec" "letrec*" "parameterize" "do" "let-values" "let*-values" "receive"))
(list . (symbol) @_head . (symbol) . (list (list . (symbol) @name) @definition.variable @member)
  (#eq? @_head "let"))
(list . (symbol) @_head . (list . (symbol) @name) @definition.variable @member
  (#any-of? @_head "lambda" "export" "receive"))

(list . (symbol) @reference.call)
; `(map weight jobs)`
(list . (symbol) @_head . (symbol) @reference.call
  (#any-of? @_head "map" "for-each" "filter" "apply" "fold" "fold-left" "fold-right" "vector-map" "sort"))

; The first parts of `(shop clock)` are no calls.
(list . (symbol) @_head (list . (symbol) @name . (_)) @definition.variable @member
  (#any-of? @_head "import" "use-modules" "define-library" "define-module" "library"))
(list . (symbol) @_head (list (symbol) @reference.import .)
  (#any-of? @_head "import" "use-modules"))
(list . (symbol) @_head (list (list (symbol) @reference.import .) .)
  (#any-of? @_head "import" "use-modules"))
(list . (symbol) @_head (string) @reference.import
  (#any-of? @_head "load" "include"))

(quote) @opaque
