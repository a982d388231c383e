; XML: the root, the elements right below it, and what has an id or a name.

(document root: (element (STag (Name) @name) (content) @body) @definition.module)
(document root: (element (content (element (STag . (Name) @name) (content) @body) @definition.field)))
(document root: (element (content (element (EmptyElemTag . (Name) @name)) @definition.field)))
(element (STag (Attribute (Name) @_key (AttValue) @name)) (#any-of? @_key "id" "name" "android:id" "x:Name"))
  @definition.property
(element (EmptyElemTag (Attribute (Name) @_key (AttValue) @name)) (#any-of? @_key "id" "name" "android:id" "x:Name"))
  @definition.property
