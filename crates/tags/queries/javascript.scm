; JavaScript alone: what TypeScript's grammar names otherwise.

(field_definition property: [(property_identifier) (private_property_identifier)] @name) @definition.field
(field_definition property: [(property_identifier) (private_property_identifier)] @name value: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)]) @definition.method

(class_heritage [
  (identifier) @reference.implementation
  (member_expression property: (property_identifier) @reference.implementation)])
