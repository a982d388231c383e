; GLSL beyond C: blocks of uniforms.

(declaration (identifier) @name (field_declaration_list) @body) @definition.struct
