; Haskell. Only what a module, a class or an instance declares; bindings of `where` and `let` are locals.

(header module: (module (module_id) @name .)) @definition.module
(type_synonym name: (name) @name) @definition.type
(type_synonym (infix operator: (operator) @name)) @definition.type
(newtype name: (name) @name) @definition.type
(data_type name: (name) @name) @definition.type
(type_family name: (name) @name) @definition.type
(data_family name: (name) @name) @definition.type
(data_constructor constructor: (prefix name: (constructor) @name)) @definition.constructor
(data_constructor constructor: (prefix name: (prefix_id (constructor_operator) @name))) @definition.constructor
(data_constructor constructor: (infix operator: [(constructor_operator) @name (infix_id (constructor) @name)])) @definition.constructor
(data_constructor constructor: (record name: (constructor) @name)) @definition.constructor
(newtype_constructor name: (constructor) @name) @definition.constructor
(gadt_constructor name: (constructor) @name) @definition.constructor
(pattern_synonym (equation synonym: (constructor) @name)) @definition.constructor
(pattern_synonym (signature synonym: (constructor) @name)) @declaration.constructor
(field name: (field_name (variable) @name)) @definition.field

(class name: (name) @name declarations: (_) @body) @definition.interface
(class name: (name) @name !declarations) @definition.interface
(class_declarations (signature name: [(variable) @name (prefix_id (operator) @name)]) @definition.method)
(class_declarations (function name: [(variable) @name (prefix_id (operator) @name)] . (_)? . (match) @rest) @definition.method)
(class_declarations (function (infix operator: [(operator) @name (infix_id (variable) @name)]) . (match) @rest) @definition.method)
(instance) @scope.implementation
(instance_declarations (function name: [(variable) @name (prefix_id (operator) @name)] . (_)? . (match) @rest) @definition.method)
(instance_declarations (function (infix operator: [(operator) @name (infix_id (variable) @name)]) . (match) @rest) @definition.method)
(instance_declarations (bind name: [(variable) @name (prefix_id (operator) @name)] . (match) @rest) @definition.method)

; The type of a function belongs to it.
(declarations (signature) @decorator)
(declarations (function name: [(variable) @name (prefix_id (operator) @name)] . (_)? . (match) @rest) @definition.function)
(declarations (function (infix operator: [(operator) @name (infix_id (variable) @name)]) . (match) @rest) @definition.function)
(declarations (bind name: [(variable) @name (prefix_id (operator) @name)] . (match) @rest) @definition.function)
(foreign_import signature: (signature name: (variable) @name)) @definition.function

(apply function: [
  (variable) @reference.call
  (qualified id: (variable) @reference.call)])
(infix operator: [(operator) @reference.call (infix_id (variable) @reference.call)])
(infix left_operand: [(variable) @reference.call (qualified id: (variable) @reference.call)])
(infix right_operand: [(variable) @reference.call (qualified id: (variable) @reference.call)])
(match expression: [(variable) @reference.call (qualified id: (variable) @reference.call)])
(bind expression: [(variable) @reference.call (qualified id: (variable) @reference.call)])
(constructor) @reference.call

(name) @reference.type

(instance name: (name) @reference.implementation)
(instance name: (qualified id: (name) @reference.implementation))
(deriving classes: (name) @reference.implementation)
(deriving classes: (tuple (name) @reference.implementation))
(deriving classes: (parens (name) @reference.implementation))
(class context: (context context: (apply constructor: (name) @reference.implementation)))

(import module: (module (module_id) @reference.import .))
(import_name [(name) (variable)] @reference.import)

[(comment) (haddock) (pragma)] @opaque
