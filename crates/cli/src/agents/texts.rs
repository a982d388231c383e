//! What agents are told. Short: it stands in each of their conversations.

/// For files of instructions.
pub(crate) const INSTRUCTIONS: &str = "\
## Finding code

Before you search or list folders for a task, call `repo_map` of the MCP server `repo-map` with the user's request as `task`: it names \
the files and definitions that matter, best first, within `token_budget`. Then `find` (where a name is defined and used), `show` \
(one body) and `outline` (one file) instead of reading whole files.";

/// What a skill says before it is opened.
pub(crate) const DESCRIPTION: &str = "Find the files and definitions of this repository that a task is about. Use before searching or \
reading code for a change, a bug or a question.";

/// A skill, as agentskills.io describes it.
pub(crate) fn skill() -> String {
    format!(
        "---\nname: repo-map\ndescription: {DESCRIPTION}\n---\n\n# Repository map\n\n\
         1. Call `repo_map` of the MCP server `repo-map` with the user's words as `task`, and files that you have read in `chat_files`.\n\
         2. Read the first files of the map. `show` prints one definition, `outline` what a file defines, `find` who defines and uses a name.\n\
         3. `confidence` below 0.3 means that the task's words are not of this code: say it differently, or search.\n\
         4. `partial: true` means that the tree is still being read: ask again in a few seconds.\n\n\
         Without the server the same is on the command line: `repo-map map --task \"…\"`, `repo-map find NAME`, `repo-map show PLACE`.\n"
    )
}

/// A rule of Cursor.
pub(crate) fn cursor_rule() -> String {
    format!("---\ndescription: {DESCRIPTION}\nalwaysApply: true\n---\n\n{INSTRUCTIONS}\n")
}

/// A file of instructions of VS Code.
pub(crate) fn vscode_instructions() -> String {
    format!("---\ndescription: {DESCRIPTION}\napplyTo: \"**\"\n---\n\n{INSTRUCTIONS}\n")
}
