//! The names of all signals.

/// What can be known of a file. The first rows are of other stages: words of the task, git log, content.
pub(crate) const FILE_SIGNALS: &[&str] = &[
    // Words of the task.
    "content",
    "path",
    "scope",
    "names",
    "signatures",
    "prose",
    "body",
    "defines",
    "mentioned",
    "path_sharp",
    "body_sharp",
    // The git log.
    "churn",
    "churn_long",
    "co_change",
    "past_messages",
    // The content.
    "size",
    "no_language",
    "no_definitions",
    // The path.
    "test",
    "example",
    "docs",
    "vendored",
    "generated",
    "config",
    "main_language",
    // References, and what the words and the log find.
    "used",
    "seed_place",
    "seeds_in_folder",
    "index_of_seeds",
    "used_by_seeds",
    "uses_seeds",
    "imported_by_seeds",
    "imports_seeds",
    // Chat files.
    "used_by_chat",
    "uses_chat",
    "linked_to_chat",
    "imported_by_chat",
    "imports_chat",
    "same_folder",
    "near_chat",
    "same_stem",
    "shared_words",
    "same_kind",
];

/// What the packing weighs.
pub(crate) const PACKING_SIGNALS: &[&str] =
    &["files", "definitions", "definitions_without_task", "definitions_of_overview"];

/// What can be known of a definition.
pub(crate) const DEFINITION_SIGNALS: &[&str] = &[
    // Its file, and its place there.
    "file",
    "siblings",
    "place_in_file",
    // Words of the task.
    "body",
    "body_in_file",
    "coverage",
    "distinctive",
    "name",
    "qualified",
    "exact",
    // The git log.
    "churn",
    "churn_long",
    "past_messages",
    // What it is.
    "lines",
    "type",
    "method",
    "constructor",
    "data",
    "declaration",
    "test",
    // References.
    "used",
    "used_by_seeds",
    "used_by_chat",
];
