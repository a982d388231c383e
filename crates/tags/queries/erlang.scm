; Erlang. The clauses of a function follow each other, each a definition.

(module_attribute name: (atom) @name) @definition.module
(fun_decl clause: (function_clause name: (atom) @name body: (_) @body)) @definition.function
(callback fun: (atom) @name) @declaration.function
(pp_define lhs: (macro_lhs name: (_) @name)) @definition.macro
(record_decl name: (atom) @name . (record_field) @rest) @definition.struct
(record_decl name: (atom) @name) @definition.struct
(record_decl fields: (record_field name: (atom) @name) @definition.field)
(type_alias name: (type_name name: (atom) @name)) @definition.type
(opaque name: (type_name name: (atom) @name)) @definition.type

(call expr: (atom) @reference.call)
(internal_fun fun: (atom) @reference.call)
(external_fun fun: (atom) @reference.call)
(macro_call_expr name: (_) @reference.macro)
(record_name name: (atom) @reference.type)
(remote_module module: (atom) @reference.type)
(behaviour_attribute name: (atom) @reference.implementation)
(pp_include file: (string) @reference.import)
(pp_include_lib file: (string) @reference.import)
(import_attribute module: (atom) @reference.import)
(import_attribute funs: (fa fun: (atom) @reference.import))
