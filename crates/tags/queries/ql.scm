; QL, the language of CodeQL: predicates are functions, the branches of a new type its members.

(module name: (moduleName (simpleId) @name) "{" @rest) @definition.module
(dataclass name: (className) @name "{" @rest) @definition.class
(dataclass name: (className) @name (typeAliasBody)) @definition.type
(datatype name: (className) @name (datatypeBranches) @body) @definition.enum
(datatypeBranch name: (className) @name) @definition.enum_member
(classlessPredicate name: (predicateName) @name) @definition.function
(classlessPredicate name: (predicateName) @name (body) @body) @definition.function
(memberPredicate name: (predicateName) @name) @definition.method
(memberPredicate name: (predicateName) @name (body) @body) @definition.method
(charpred (className) @name "{" @rest) @definition.constructor
(field (varDecl (varName (simpleId) @name))) @definition.field

(aritylessPredicateExpr name: (literalId) @reference.call)
(qualifiedRhs name: (predicateName) @reference.call)
(typeExpr name: (className) @reference.type)
(aritylessPredicateExpr qualifier: (moduleExpr (simpleId) @reference.type .))
(dataclass extends: (typeExpr name: (className) @reference.implementation))
(importModuleExpr (moduleExpr (simpleId) @reference.import .))
