; Clojure: the first symbol of a list tells what the list is.

(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name)
  (#eq? @_head "ns")) @definition.module
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . [(vec_lit) (list_lit) (str_lit)] @rest
  (#any-of? @_head "defn" "defn-" "defmulti")) @definition.function
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . (vec_lit) . (_) @rest
  (#any-of? @_head "defn" "defn-")) @definition.function
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . (str_lit) . (vec_lit) . (_) @rest
  (#any-of? @_head "defn" "defn-")) @definition.function
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . (_) @rest
  (#any-of? @_head "defmulti" "deftest")) @definition.function
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) (vec_lit) . (_) @rest
  (#eq? @_head "defmethod")) @definition.method
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . (_) @rest
  (#eq? @_head "defmacro")) @definition.macro
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . (vec_lit) . (_) @rest
  (#eq? @_head "defmacro")) @definition.macro
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name)
  (#any-of? @_head "def" "defonce")) @definition.variable
; Those of libraries, `(s/defn total :- Int [orders])`, take a type before the arguments.
(list_lit . (sym_lit namespace: (_) name: (_) @_head) . (sym_lit name: (_) @name) (vec_lit) . (_) @rest
  (#any-of? @_head "defn" "defn-")) @definition.function
(list_lit . (sym_lit namespace: (_) name: (_) @_head) . (sym_lit name: (_) @name)
  (#any-of? @_head "def" "defonce" "defschema")) @definition.variable
(list_lit . (sym_lit) @_head . (sym_lit meta: (meta_lit value: (kwd_lit name: (_) @_meta)) name: (_) @name)
  (#eq? @_head "def") (#eq? @_meta "const")) @definition.constant

(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . (_) @rest
  (#any-of? @_head "defprotocol" "definterface")) @definition.interface
(list_lit . (sym_lit) @_head (list_lit . (sym_lit name: (_) @name) . (vec_lit)) @definition.method
  (#any-of? @_head "defprotocol" "definterface"))
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . (vec_lit) @rest
  (#eq? @_head "defrecord")) @definition.struct
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @name) . (vec_lit) @rest
  (#eq? @_head "deftype")) @definition.class
(list_lit . (sym_lit) @_head . (sym_lit) . (vec_lit (sym_lit name: (_) @name @definition.field))
  (#any-of? @_head "defrecord" "deftype"))
(list_lit . (sym_lit) @_head (list_lit . (sym_lit name: (_) @name) . (vec_lit)) @definition.method
  (#any-of? @_head "defrecord" "deftype" "extend-type" "extend-protocol"))
(list_lit . (sym_lit) @_head . (sym_lit) . (vec_lit) (sym_lit name: (_) @reference.implementation)
  (#any-of? @_head "defrecord" "deftype"))

(list_lit . (sym_lit) @_head (#any-of? @_head "let" "fn" "comment")) @local

(list_lit . (sym_lit name: (_) @reference.call))
; `(map weight jobs)`
(list_lit . (sym_lit) @_head . (sym_lit name: (_) @reference.call)
  (#any-of? @_head "map" "mapv" "filter" "remove" "reduce" "apply" "partial" "comp"))

(list_lit . (kwd_lit name: (_) @_key) [
  (vec_lit . (sym_lit name: (_) @reference.import))
  (sym_lit name: (_) @reference.import)]
  (#any-of? @_key "require" "use" "import"))
(list_lit . (kwd_lit name: (_) @_key) (vec_lit (vec_lit (sym_lit name: (_) @reference.import)))
  (#any-of? @_key "require" "use"))
(list_lit . (kwd_lit name: (_) @_key) (list_lit (sym_lit name: (_) @reference.import))
  (#eq? @_key "import"))

[(quoting_lit) (regex_lit)] @opaque
