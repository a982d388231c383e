; HCL as Terraform uses it: a block is named by its last label.

(block (identifier) @_kind . (string_lit (template_literal) @name) . (block_start) @body
  (#any-of? @_kind "variable" "output")) @definition.variable
(block (identifier) @_kind . (string_lit (template_literal) @name) . (block_start) @body
  (#any-of? @_kind "module" "provider")) @definition.module
(block (identifier) @_kind . (string_lit) . (string_lit (template_literal) @name) . (block_start) @body
  (#any-of? @_kind "resource" "data" "source")) @definition.struct
(block (identifier) @_kind (body (attribute (identifier) @name) @definition.constant)
  (#eq? @_kind "locals"))

; `var.region`, `aws_instance.worker`, `data.aws_ami.worker`
(expression (variable_expr (identifier) @_kind) . (get_attr (identifier) @reference.call)
  (#any-of? @_kind "var" "local" "module"))
(expression (variable_expr (identifier) @_kind) . (get_attr) . (get_attr (identifier) @reference.type)
  (#eq? @_kind "data"))
(expression (variable_expr (identifier) @_kind) . (get_attr (identifier) @reference.type)
  (#match? @_kind "_"))
; What a file of values sets, other files declare.
(config_file (body (attribute (identifier) @reference.call)))

(block (identifier) @_kind
  (body (attribute (identifier) @_key (expression (literal_value (string_lit (template_literal) @reference.import)))))
  (#eq? @_kind "module") (#eq? @_key "source"))
