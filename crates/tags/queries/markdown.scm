; Markdown: a heading is a module that holds the sections below it.

(section . (atx_heading heading_content: (inline) @name) . (_) @rest) @definition.module
(section . (atx_heading heading_content: (inline) @name)) @definition.module
(setext_heading heading_content: (paragraph (inline) @name)) @definition.module

(fenced_code_block) @opaque
