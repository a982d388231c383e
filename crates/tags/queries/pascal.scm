; Pascal and Delphi. What a unit's interface or a class names is declared there and defined below.

(unit (moduleName (identifier) @name .)) @definition.module
(program (moduleName (identifier) @name .)) @definition.module
(library (moduleName (identifier) @name .)) @definition.module
(declType name: (identifier) @name) @definition.type
(declType name: (identifier) @name type: (declClass (kRecord) . (_) @rest)) @definition.struct
(declType name: (identifier) @name type: (declClass (kClass)) @body) @definition.class
(declType name: (identifier) @name type: (declIntf . (_) . (_) @rest)) @definition.interface
(declType name: (identifier) @name type: (type (declEnum) @body)) @definition.enum
(declEnumValue name: (identifier) @name) @definition.enum_member
(declField name: (identifier) @name) @definition.field
(declProp name: (identifier) @name) @definition.property
(declConst name: (identifier) @name) @definition.constant
(declVar name: (identifier) @name) @definition.variable

(defProc header: (declProc name: (identifier) @name) . (_) @rest) @definition.function
(defProc header: (declProc name: (genericDot rhs: (identifier) @name)) . (_) @rest) @definition.method
(defProc header: (declProc (kConstructor) name: (genericDot rhs: (identifier) @name)) . (_) @rest)
  @definition.constructor
(interface (declProc name: (identifier) @name) @declaration.function)
(declSection (declProc name: (identifier) @name) @declaration.method)
(declClass (declProc name: (identifier) @name) @declaration.method)
(declIntf (declProc name: (identifier) @name) @definition.method)

(exprCall entity: [(identifier) @reference.call (exprDot rhs: (identifier) @reference.call)])
(statement [(identifier) @reference.call (exprDot rhs: (identifier) @reference.call)])
; `TQueue` of `TQueue.Create`
(exprDot lhs: (identifier) @reference.type (#match? @reference.type "^[TIE][A-Z]"))
(typeref (identifier) @reference.type)
(declClass parent: (typeref (identifier) @reference.implementation))
(declIntf parent: (typeref (identifier) @reference.implementation))
(declUses (moduleName (identifier) @reference.import .))
