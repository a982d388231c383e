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
         3. `confidence` below 0.15 means that the task's words are not of this code: say it differently, or search.\n\
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde_json::{Value, json};

    /// The plug-in that a marketplace gives has what `install` writes, by name.
    #[test]
    fn the_plug_in_says_what_install_says() {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let text = |path: &str| fs::read_to_string(top.join(path)).unwrap();
        let value = |path: &str| -> Value { serde_json::from_str(&text(path)).unwrap() };
        assert_eq!(text("plugins/claude-code/skills/repo-map/SKILL.md"), super::skill());
        assert_eq!(
            value("plugins/claude-code/.claude-plugin/plugin.json")["version"],
            env!("CARGO_PKG_VERSION")
        );
        let listed = value(".claude-plugin/marketplace.json");
        assert!(top.join(listed["plugins"][0]["source"].as_str().unwrap()).is_dir());
        let server = value("plugins/claude-code/.mcp.json");
        assert_eq!(
            server["mcpServers"]["repo-map"],
            json!({ "type": "stdio", "command": "repo-map", "args": ["mcp"] })
        );
        let hooks = value("plugins/claude-code/hooks/hooks.json");
        assert_eq!(hooks["hooks"]["UserPromptSubmit"][0]["hooks"][0]["command"], "repo-map hook");
    }
}
