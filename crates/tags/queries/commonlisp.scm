; Common Lisp. Bindings are definitions that never count; so their heads are no calls.

(defun (defun_header keyword: (defun_keyword ["defun" "defgeneric"]) function_name: (_) @name) . (_) @rest)
  @definition.function
(defun (defun_header keyword: (defun_keyword "defmethod") function_name: (_) @name) . (_) @rest) @definition.method
(defun (defun_header keyword: (defun_keyword "defmacro") function_name: (_) @name) . (_) @rest) @definition.macro
(defun_header lambda_list: (list_lit . (sym_lit) @name) @definition.variable @member)
(defun_header lambda_list: (list_lit (list_lit . (sym_lit) @name . (sym_lit) @reference.type)))
(defun_header lambda_list: (list_lit (list_lit . (sym_lit) @name) @definition.variable @member))

(list_lit . (sym_lit) @_head . [
  (kwd_lit (kwd_symbol) @name) (sym_lit) @name (_ (kwd_lit (kwd_symbol) @name))]
  (#any-of? @_head "defpackage" "define-package")) @definition.module
(list_lit . (sym_lit) @_head . (sym_lit) @name
  (#any-of? @_head "defconstant" "define-constant")) @definition.constant
(list_lit . (sym_lit) @_head . (sym_lit) @name
  (#any-of? @_head "defvar" "defparameter" "defglobal")) @definition.variable
(list_lit . (sym_lit) @_head . (sym_lit) @name
  (#eq? @_head "deftype")) @definition.type
(list_lit . (sym_lit) @_head . [(sym_lit) @name (list_lit . (sym_lit) @name)] . (_) @rest
  (#eq? @_head "defstruct")) @definition.struct
(list_lit . (sym_lit) @_head . (_) [(sym_lit) @name (list_lit . (sym_lit) @name)] @definition.field
  (#eq? @_head "defstruct"))
(list_lit . (sym_lit) @_head . (sym_lit) @name . (list_lit) . (_) @rest
  (#any-of? @_head "defclass" "define-condition")) @definition.class
(list_lit . (sym_lit) @_head . (sym_lit) . (list_lit (sym_lit) @reference.implementation)
  (#any-of? @_head "defclass" "define-condition"))
(list_lit . (sym_lit) @_head . (sym_lit) . (list_lit) .
  (list_lit [(sym_lit) @name (list_lit . (sym_lit) @name)] @definition.field)
  (#any-of? @_head "defclass" "define-condition"))
(list_lit . (sym_lit) @_head . (list_lit . (sym_lit) @name) @definition.variable @member
  (#any-of? @_head "dolist" "dotimes" "destructuring-bind" "multiple-value-bind" "lambda"))
(list_lit . (sym_lit) @_head . (list_lit (list_lit . (sym_lit) @name) @definition.variable @member)
  (#any-of? @_head "let" "let*" "flet" "labels" "macrolet" "with-slots"))

(list_lit . (sym_lit) @reference.call)
(list_lit . (package_lit symbol: (sym_lit) @reference.call))
(var_quoting_lit (sym_lit) @reference.call)
(list_lit . (sym_lit) @_head . (quoting_lit (sym_lit) @reference.type)
  (#any-of? @_head "make-instance" "error" "signal" "make-condition"))

(list_lit . (kwd_lit (kwd_symbol) @_key) [
  (kwd_lit (kwd_symbol) @reference.import) (sym_lit) @reference.import]
  (#any-of? @_key "use" "import-from"))

[(quoting_lit) (str_lit)] @opaque
