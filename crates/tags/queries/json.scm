; JSON: the keys of the outermost object, and those right below them.

(document (object (pair key: (string (string_content) @name)) @definition.field))
(document (object (pair key: (string (string_content) @name) value: [(object) (array)] @body) @definition.field))
(document (object (pair value: (object
  (pair key: (string (string_content) @name)) @definition.field))))
(document (object (pair value: (object
  (pair key: (string (string_content) @name) value: [(object) (array)] @body) @definition.field))))
