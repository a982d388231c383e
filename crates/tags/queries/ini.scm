; INI: sections and their keys.

(section (section_name (text) @name) . (_) @rest) @definition.module
(section (section_name (text) @name)) @definition.module
(setting (setting_name) @name) @definition.field
