; Swift.

(class_declaration declaration_kind: "class" name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "actor" name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "struct" name: (type_identifier) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (type_identifier) @name) @definition.enum
(class_declaration declaration_kind: "extension") @scope.implementation
(protocol_declaration name: (type_identifier) @name) @definition.interface
(enum_entry name: (simple_identifier) @name) @definition.enum_member
(typealias_declaration name: (type_identifier) @name) @definition.type
(associatedtype_declaration name: (type_identifier) @name) @definition.type
(function_declaration name: [(simple_identifier) (custom_operator)] @name) @definition.function
(protocol_function_declaration name: [(simple_identifier) (custom_operator)] @name) @definition.method
; What Swift has itself is no name of its own to the grammar. The type that a function returns has this field too.
(function_declaration name: [
  "==" "!=" "===" "!==" "<" ">" "<=" ">=" "+" "-" "*" "/" "%" "=" "+=" "-=" "*=" "/=" "%=" "++" "--" (bang)
  "~" "|" "^" "<<" ">>" "&"] @name) @definition.function
(protocol_function_declaration name: [
  "==" "!=" "===" "!==" "<" ">" "<=" ">=" "+" "-" "*" "/" "%" "=" "+=" "-=" "*=" "/=" "%=" "++" "--" (bang)
  "~" "|" "^" "<<" ">>" "&"] @name) @definition.method
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property
(init_declaration name: "init" @name) @definition.constructor
(deinit_declaration "deinit" @name) @definition.method
(subscript_declaration "subscript" @name) @definition.method
(macro_declaration (simple_identifier) @name) @definition.macro

(property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.variable
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  computed_value: (computed_property) @body) @definition.property
(source_file (property_declaration
  (value_binding_pattern mutability: "let")
  name: (pattern bound_identifier: (simple_identifier) @name)) @definition.constant)
(property_declaration
  (modifiers (property_modifier) @_static)
  (value_binding_pattern mutability: "let")
  name: (pattern bound_identifier: (simple_identifier) @name)
  (#any-of? @_static "static" "class")) @definition.constant

[(lambda_literal) (deinit_declaration) (subscript_declaration) (willset_didset_block)] @local

(call_expression [
  (simple_identifier) @reference.call
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @reference.call))
  (prefix_expression target: (simple_identifier) @reference.call)])
(constructor_expression constructed_type: (user_type (type_identifier) @reference.call))

(user_type (type_identifier) @reference.type)
; `Engine` of `Engine.start()`
(navigation_expression target: (simple_identifier) @reference.type (#match? @reference.type "^[A-Z]"))

(inheritance_specifier inherits_from: (user_type (type_identifier) @reference.implementation))

(import_declaration (identifier (simple_identifier) @reference.import .))
