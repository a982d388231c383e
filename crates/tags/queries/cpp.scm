; C++ beyond C.

(class_specifier name: (_) @name body: (_)) @definition.class
(struct_specifier name: [(template_type) (qualified_identifier)] @name body: (_)) @definition.struct
(namespace_definition name: (_) @name) @definition.module
(alias_declaration name: (type_identifier) @name) @definition.type
(concept_definition name: (identifier) @name) @definition.interface

(template_declaration [
  (class_specifier) (struct_specifier) (union_specifier) (function_definition) (declaration) (field_declaration)
  (alias_declaration) (concept_definition) (template_declaration)] @wrapped) @wrapper

(linkage_specification body: (declaration_list)) @scope.block
(lambda_expression) @local
(friend_declaration) @local

(call_expression function: [
  (qualified_identifier) @reference.call
  (template_function) @reference.call
  (field_expression field: [(template_method) (dependent_name)] @reference.call)])
(new_expression type: [(type_identifier) (qualified_identifier) (template_type)] @reference.call)

; `Engine` of `Engine::start`; a namespace counts as well.
(qualified_identifier scope: (namespace_identifier) @reference.type)

(base_class_clause [
  (type_identifier) @reference.implementation
  (qualified_identifier) @reference.implementation
  (template_type) @reference.implementation])
(using_declaration [(identifier) (qualified_identifier)] @reference.import)
