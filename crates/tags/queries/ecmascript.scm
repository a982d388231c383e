; What JavaScript, TypeScript and TSX share.

(class_declaration name: (_) @name) @definition.class
(class name: (_) @name) @definition.class
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function

; Methods of classes, and of objects that a variable or an export holds.
(method_definition name: [(property_identifier) (private_property_identifier)] @name) @definition.method @member
(method_definition "get" name: [(property_identifier) (private_property_identifier)] @name)
  @definition.property @member
(pair key: (property_identifier) @name value: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)]) @definition.method @member

(lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @definition.constant
  (#not-match? @definition.constant "^[^=]*=\\s*(await\\s+)?(require|import)\\b"))
(lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @definition.variable)
(variable_declaration (variable_declarator name: (identifier) @name) @definition.variable
  (#not-match? @definition.variable "^[^=]*=\\s*require\\b"))
(variable_declarator name: (identifier) @name value: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)
  (generator_function body: (_) @body)]) @definition.function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @definition.class
(variable_declarator value: (object) @scope.module)

; What an exported pattern binds is what others import.
(export_statement (_ (variable_declarator name: (object_pattern
  (shorthand_property_identifier_pattern) @name @definition.constant))))
(export_statement (_ (variable_declarator name: (object_pattern
  (pair_pattern value: (identifier) @name) @definition.constant))))
(export_statement (_ (variable_declarator name: (object_pattern
  (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name) @definition.constant))))
(export_statement (_ (variable_declarator name: (object_pattern
  (pair_pattern value: (assignment_pattern left: (identifier) @name)) @definition.constant))))
(export_statement (_ (variable_declarator name: (array_pattern (identifier) @name @definition.constant))))
(export_statement (_ (variable_declarator name: (array_pattern
  (assignment_pattern left: (identifier) @name) @definition.constant))))
(export_statement (_ (variable_declarator name: [
  (object_pattern (rest_pattern (identifier) @name) @definition.constant)
  (array_pattern (rest_pattern (identifier) @name) @definition.constant)])))
; One pattern in another.
(export_statement (_ (variable_declarator name: (object_pattern (pair_pattern value: (object_pattern [
  (shorthand_property_identifier_pattern) @name @definition.constant
  (pair_pattern value: (identifier) @name) @definition.constant
  (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name) @definition.constant]))))))
(export_statement (_ (variable_declarator name: (object_pattern (pair_pattern value: (array_pattern
  (identifier) @name @definition.constant))))))
(export_statement (_ (variable_declarator name: (array_pattern (object_pattern [
  (shorthand_property_identifier_pattern) @name @definition.constant
  (pair_pattern value: (identifier) @name) @definition.constant])))))

; `exports.start = function () {}`, `Engine.prototype.start = () => {}`
(assignment_expression
  left: [(identifier) @name (member_expression property: (property_identifier) @name)]
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function
(assignment_expression
  left: (member_expression
    object: (member_expression property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]
  (#eq? @_prototype "prototype")) @definition.method
; `module.exports = function start() {}`, `module.exports = { start() {} }`
(assignment_expression
  left: (member_expression property: (property_identifier) @_exports)
  right: (function_expression name: (identifier) @name) @definition.function
  (#eq? @_exports "exports"))
; `defineGetter(request, "host", function host() {})`, `return function next() {}`
(arguments (function_expression name: (identifier) @name) @definition.function)
(return_statement (function_expression name: (identifier) @name) @definition.function)
; An object that a variable or somebody's member holds, or that is exported, is a namespace, wherever that is done.
(assignment_expression left: (member_expression) right: (object) @scope.module)
(export_statement value: (object) @scope.module)
(class !name) @scope.type

; A call that is a statement of its own and holds functions: `describe("engine", () => { … })`, a module wrapper.
(expression_statement (call_expression arguments: (arguments
  [(arrow_function body: (statement_block)) (function_expression)]))) @scope.block
; Braces around a whole script hide its names from others, and yet they are what it is about.
(program (statement_block) @scope.block)
(statement_block) @local
(for_statement) @local

(export_statement decorator: (_) declaration: (_) @wrapped) @wrapper

(call_expression function: [
  (identifier) @reference.call
  (member_expression property: [(property_identifier) (private_property_identifier)] @reference.call)])
(new_expression constructor: [
  (identifier) @reference.call
  (member_expression property: (property_identifier) @reference.call)])
(decorator [
  (identifier) @reference.call
  (member_expression property: (property_identifier) @reference.call)])

(import_clause (identifier) @reference.import)
(import_specifier name: (identifier) @reference.import)
(import_statement source: (string (string_fragment) @reference.import))
(export_statement source: (string (string_fragment) @reference.import))
(export_statement (export_clause (export_specifier name: (identifier) @reference.import)) source: (string))
(call_expression
  function: (identifier) @_require arguments: (arguments . (string (string_fragment) @reference.import))
  (#eq? @_require "require"))
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @reference.import)))
(variable_declarator
  name: (object_pattern [
    (shorthand_property_identifier_pattern) @reference.import
    (pair_pattern key: (property_identifier) @reference.import)])
  value: (call_expression function: (identifier) @_require)
  (#eq? @_require "require"))

[(string) (regex)] @opaque
