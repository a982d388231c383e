; Elm. Only what stands at the left margin is a definition; the annotation above belongs to it.

(module_declaration name: (upper_case_qid (upper_case_identifier) @name .)) @definition.module
(file (value_declaration
  functionDeclarationLeft: (function_declaration_left . (lower_case_identifier) @name (_))) @definition.function)
(file (value_declaration
  functionDeclarationLeft: (function_declaration_left . (lower_case_identifier) @name .)) @definition.constant)
(port_annotation name: (lower_case_identifier) @name) @definition.function
(type_declaration name: (upper_case_identifier) @name . (eq) @rest) @definition.enum
(type_declaration name: (upper_case_identifier) @name) @definition.enum
(union_variant name: (upper_case_identifier) @name) @definition.enum_member
(type_alias_declaration name: (upper_case_identifier) @name) @definition.type
(type_alias_declaration
  name: (upper_case_identifier) @name
  typeExpression: (type_expression part: (record_type) @body)) @definition.struct
(type_alias_declaration
  typeExpression: (type_expression
    part: (record_type fieldType: (field_type name: (lower_case_identifier) @name) @definition.field)))

(type_annotation) @decorator

(function_call_expr target: (value_expr name: [
  (value_qid (lower_case_identifier) @reference.call .)
  (upper_case_qid (upper_case_identifier) @reference.call .)]))
; `model |> count`
(bin_op_expr (operator) @_operator . (value_expr name: (value_qid (lower_case_identifier) @reference.call .))
  (#any-of? @_operator "|>" ">>" "<<"))
(bin_op_expr (value_expr name: (value_qid (lower_case_identifier) @reference.call .)) . (operator) @_operator
  (#any-of? @_operator "<|" ">>" "<<"))

(type_ref (upper_case_qid (upper_case_identifier) @reference.type .))
(union_pattern constructor: (upper_case_qid (upper_case_identifier) @reference.type .))

(import_clause moduleName: (upper_case_qid (upper_case_identifier) @reference.import .))
(import_clause exposing: (exposing_list [
  (exposed_type (upper_case_identifier) @reference.import)
  (exposed_value (lower_case_identifier) @reference.import)]))
