; HTML: titles, headings and what has an id.

(element (start_tag (tag_name) @_tag) (text) @name (#match? @_tag "^(?i)(title|h[1-3])$")) @definition.module
(element (start_tag
  (attribute (attribute_name) @_key (attribute_value) @name) (#eq? @_key "id"))) @definition.field
(element (start_tag
  (attribute (attribute_name) @_key (quoted_attribute_value (attribute_value) @name)) (#eq? @_key "id")))
  @definition.field
(element (self_closing_tag
  (attribute (attribute_name) @_key (quoted_attribute_value (attribute_value) @name)) (#eq? @_key "id")))
  @definition.field
