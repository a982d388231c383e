; Emacs Lisp. Bindings are definitions that never count; so their heads are no calls.

(function_definition name: (symbol) @name) @definition.function
(function_definition name: (symbol) @name parameters: (_) . (_) @rest) @definition.function
(macro_definition name: (symbol) @name parameters: (_) . (_) @rest) @definition.macro
(list . (symbol) @_head . (symbol) @name . (list) . (_) @rest
  (#any-of? @_head "cl-defun" "cl-defmethod" "ert-deftest" "defadvice")) @definition.function
(list . (symbol) @_head . (symbol) @name . (_) @rest
  (#any-of? @_head "cl-defgeneric" "define-inline")) @definition.function
(list . (symbol) @_head . (symbol) @name . (list) . (_) @rest
  (#eq? @_head "cl-defmacro")) @definition.macro
(list . (symbol) @_head . (symbol) @name . (_) @rest
  (#any-of? @_head
    "define-minor-mode" "define-derived-mode" "define-globalized-minor-mode" "define-generic-mode"
    "transient-define-prefix" "transient-define-suffix" "transient-define-infix" "transient-define-argument"))
  @definition.function
(list . (symbol) @_head . (quote (symbol) @name)
  (#any-of? @_head "defalias" "define-obsolete-function-alias")) @definition.function
(special_form "defconst" . (symbol) @name) @definition.constant
(special_form "defvar" . (symbol) @name) @definition.variable
(list . (symbol) @_head . (symbol) @name
  (#any-of? @_head "defcustom" "defvar-local" "defvar-keymap" "defface")) @definition.variable
(list . (symbol) @_head . (symbol) @name
  (#eq? @_head "defgroup")) @definition.module
(list . (symbol) @_head . [(symbol) @name (list . (symbol) @name)] . (_) @rest
  (#eq? @_head "cl-defstruct")) @definition.struct
(list . (symbol) @_head . (_) [(symbol) @name (list . (symbol) @name)] @definition.field
  (#eq? @_head "cl-defstruct"))
(list . (symbol) @_head . (symbol) @name . (list) . (_) @rest
  (#eq? @_head "defclass")) @definition.class

(function_definition parameters: (list . (symbol) @name) @definition.variable @member)
(macro_definition parameters: (list . (symbol) @name) @definition.variable @member)
(list . (symbol) @_head . (symbol) . (list . (symbol) @name) @definition.variable @member
  (#match? @_head "^cl-def"))
(list . (symbol) @_head . (symbol) . (list (list . (symbol) @name) @definition.variable @member)
  (#match? @_head "^cl-def"))
(list . (symbol) @_head . (list . (symbol) @name) @definition.variable @member
  (#any-of? @_head "dolist" "dotimes" "pcase-let"))
(special_form ["let" "let*"] . (list (list . (symbol) @name) @definition.variable @member))
(list . (symbol) @_head . (list (list . (symbol) @name) @definition.variable @member)
  (#any-of? @_head "when-let" "when-let*" "if-let" "if-let*" "and-let*" "cl-letf" "cl-flet" "cl-labels"))

(list . (symbol) @reference.call)
(function_quote (symbol) @reference.call)
(list . (symbol) @_head . (quote (symbol) @reference.import)
  (#any-of? @_head "require" "autoload"))

[(quote) (string) (comment)] @opaque
