; MATLAB.

(class_definition name: (identifier) @name [(properties) (methods) (events) (enumeration)] @rest) @definition.class
(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name (block) @body) @definition.function
(function_definition name: (identifier) @name) @definition.function
(function_signature name: (identifier) @name) @definition.method
(property name: (identifier) @name) @definition.variable
(properties (attributes (attribute (identifier) @_attribute)) (property name: (identifier) @name) @definition.constant
  (#eq? @_attribute "Constant"))
(properties (attributes (attribute (identifier) @_attribute)) (property name: (identifier) @name) @definition.property
  (#eq? @_attribute "Dependent"))
(events (identifier) @name @definition.variable)
(enum . (identifier) @name) @definition.enum_member

(function_call name: (identifier) @reference.call)
(handle_operator (identifier) @reference.call)
(property name: (_) . (identifier) @reference.type)
(superclasses (property_name (identifier) @reference.implementation .))
(command (command_name) @_command (command_argument) @reference.import (#eq? @_command "import"))
