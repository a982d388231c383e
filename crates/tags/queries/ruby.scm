; Ruby. What a class body calls to define something is read as the definition that it is.

(class name: (_) @name) @definition.class
(module name: (_) @name) @definition.module
(singleton_class) @scope.type
(method name: (_) @name) @definition.function
(module body: (body_statement (method name: (_) @name) @definition.method))
(singleton_method name: (_) @name) @definition.method
(alias name: (identifier) @name) @definition.method

(assignment left: (constant) @name) @definition.constant
(assignment left: (left_assignment_list (constant) @name)) @definition.constant
(assignment left: (global_variable) @name) @definition.variable

; `Ticket = Struct.new(:number) do … end`
(assignment
  left: (constant) @name
  right: (call receiver: (constant) @_maker method: (identifier) @_new block: (do_block)? @body)
  (#any-of? @_maker "Struct" "Class" "Data" "Module")
  (#any-of? @_new "new" "define")) @definition.class

(call
  method: (identifier) @_maker arguments: (argument_list (simple_symbol) @name)
  (#match? @_maker "^(attr|attribute|attr_reader|attr_writer|attr_accessor|[cm]?attr_[a-z]+|[cm]attr_[a-z]+|class_attribute|delegate|def_delegators?)$")
  (#not-match? @name "^:@")) @definition.property
(call
  method: (identifier) @_maker arguments: (argument_list . (simple_symbol) @name)
  (#any-of? @_maker
    "has_many" "has_one" "belongs_to" "has_and_belongs_to_many" "has_one_attached" "has_many_attached"))
  @definition.property
(call
  method: (identifier) @_maker arguments: (argument_list . (simple_symbol) @name) block: (_)? @body
  (#any-of? @_maker "define_method" "define_singleton_method" "alias_method" "scope")) @definition.method

(call method: [(identifier) (constant)] @reference.call)
; A lone word may be a call or a variable; where a statement is expected it is a call.
(body_statement (identifier) @reference.call)
(program (identifier) @reference.call)
(if_modifier body: (identifier) @reference.call)
(block_argument (simple_symbol) @reference.call)
(call
  method: (identifier) @_by_name arguments: (argument_list (simple_symbol) @reference.call)
  (#match? @_by_name "^((before|after|around|skip)_[a-z_]+|method|send|public_send|__send__|helper_method|validate)$"))

(constant) @reference.type

(superclass [(constant) @reference.implementation
  (scope_resolution name: (constant) @reference.implementation)])
(call
  method: (identifier) @_mixes arguments: (argument_list [
    (constant) @reference.implementation
    (scope_resolution name: (constant) @reference.implementation)])
  (#any-of? @_mixes "include" "extend" "prepend"))

(call
  method: (identifier) @_loads arguments: (argument_list (string (string_content) @reference.import))
  (#any-of? @_loads "require" "require_relative" "load" "autoload"))
