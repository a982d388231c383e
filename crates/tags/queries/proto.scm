; Protocol Buffers.

(package (full_ident (identifier) @name .)) @definition.module
(message (message_name (identifier) @name) (message_body) @body) @definition.struct
(enum (enum_name (identifier) @name) (enum_body) @body) @definition.enum
(enum_field (identifier) @name) @definition.enum_member
(field (identifier) @name) @definition.field
(map_field (identifier) @name) @definition.field
(oneof_field (identifier) @name) @definition.field
(service (service_name (identifier) @name) . (rpc) @rest) @definition.interface
(service (service_name (identifier) @name)) @definition.interface
(rpc (rpc_name (identifier) @name)) @definition.method

(message_or_enum_type (identifier) @reference.type .)
(import path: (string) @reference.import)
