; YAML: the keys of a document, and those right below them.

(document (block_node (block_mapping
  (block_mapping_pair key: (_) @name) @definition.field)))
(document (block_node (block_mapping
  (block_mapping_pair key: (_) @name value: (block_node [(block_mapping) (block_sequence)]) @body) @definition.field)))
(document (block_node (block_mapping (block_mapping_pair value: (block_node (block_mapping
  (block_mapping_pair key: (_) @name) @definition.field))))))
(document (block_node (block_mapping (block_mapping_pair value: (block_node (block_mapping
  (block_mapping_pair key: (_) @name value: (block_node [(block_mapping) (block_sequence)]) @body)
    @definition.field))))))
