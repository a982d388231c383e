; reStructuredText: headings, which stand beside what they head.

(section (title) @name) @definition.module
