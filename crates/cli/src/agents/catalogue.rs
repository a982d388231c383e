//! The agents: which files each reads, and what is put there. docs/agents.md has the source of each row.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;

use super::insertion::{Insertion, NAME};
use super::marked::Comment;
use super::places::{Places, first_there};
use super::texts;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Agent {
    ClaudeCode,
    Codex,
    Cursor,
    #[value(name = "vscode")]
    VsCode,
    Gemini,
    #[value(name = "opencode")]
    OpenCode,
    Goose,
    Zed,
}

/// For whom: the user, or all who work on a project.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    User,
    Project(PathBuf),
}

/// Something that is to stand in a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wish {
    pub(crate) path: PathBuf,
    pub(crate) what: Insertion,
}

impl Agent {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether the user has it.
    pub(crate) fn is_there(self, places: &Places) -> bool {
        let home = |name: &str| places.home.join(name).exists();
        match self {
            Self::ClaudeCode => home(".claude") || home(".claude.json"),
            Self::Codex => home(".codex"),
            Self::Cursor => home(".cursor"),
            Self::VsCode => places.vscode().exists(),
            Self::Gemini => home(".gemini"),
            Self::OpenCode => places.config.join("opencode").exists(),
            Self::Goose => places.goose().exists(),
            Self::Zed => places.zed().exists(),
        }
    }

    /// What is put where; `program` is how the agent starts us.
    pub(crate) fn wishes(self, scope: &Scope, places: &Places, program: &str) -> Vec<Wish> {
        match scope {
            Scope::User => self.of_user(places, program),
            Scope::Project(folder) => self.of_project(folder, program),
        }
    }

    fn of_user(self, places: &Places, program: &str) -> Vec<Wish> {
        let home = |name: &str| places.home.join(name);
        let opencode = places.config.join("opencode");
        match self {
            Self::ClaudeCode => vec![
                member(home(".claude.json"), &["mcpServers"], claude_server(program)),
                block(home(".claude/CLAUDE.md")),
                skill(&home(".claude/skills")),
                hook(home(".claude/settings.json"), program),
            ],
            Self::Codex => vec![
                codex_server(home(".codex/config.toml"), program),
                block(home(".codex/AGENTS.md")),
                skill(&home(".agents/skills")),
            ],
            Self::Cursor => vec![member(home(".cursor/mcp.json"), &["mcpServers"], editor_server(program))],
            Self::VsCode => vec![
                member(places.vscode().join("mcp.json"), &["servers"], editor_server(program)),
                file(places.vscode().join("prompts/repo-map.instructions.md"), texts::vscode_instructions()),
            ],
            Self::Gemini => vec![
                member(home(".gemini/settings.json"), &["mcpServers"], server(program)),
                block(home(".gemini/GEMINI.md")),
            ],
            Self::OpenCode => vec![
                opencode_server(&opencode, program),
                block(opencode.join("AGENTS.md")),
                skill(&opencode.join("skills")),
            ],
            Self::Goose => {
                vec![
                    goose_server(places.goose().join("config.yaml"), program),
                    hints(places.goose().join(".goosehints")),
                ]
            }
            Self::Zed => {
                vec![member(places.zed().join("settings.json"), &["context_servers"], server(program))]
            }
        }
    }

    fn of_project(self, folder: &Path, program: &str) -> Vec<Wish> {
        let at = |name: &str| folder.join(name);
        match self {
            Self::ClaudeCode => vec![
                member(at(".mcp.json"), &["mcpServers"], claude_server(program)),
                block(at("CLAUDE.md")),
                skill(&at(".claude/skills")),
                hook(at(".claude/settings.json"), program),
            ],
            Self::Codex => vec![
                codex_server(at(".codex/config.toml"), program),
                block(at("AGENTS.md")),
                skill(&at(".agents/skills")),
            ],
            Self::Cursor => vec![
                member(at(".cursor/mcp.json"), &["mcpServers"], editor_server(program)),
                file(at(".cursor/rules/repo-map.mdc"), texts::cursor_rule()),
            ],
            Self::VsCode => vec![
                member(at(".vscode/mcp.json"), &["servers"], editor_server(program)),
                file(at(".github/instructions/repo-map.instructions.md"), texts::vscode_instructions()),
            ],
            Self::Gemini => vec![
                member(at(".gemini/settings.json"), &["mcpServers"], server(program)),
                block(at("GEMINI.md")),
            ],
            Self::OpenCode => {
                vec![opencode_server(folder, program), block(at("AGENTS.md")), skill(&at(".opencode/skills"))]
            }
            // It starts servers of the user alone.
            Self::Goose => vec![hints(at(".goosehints"))],
            Self::Zed => vec![
                member(at(".zed/settings.json"), &["context_servers"], server(program)),
                block(at("AGENTS.md")),
            ],
        }
    }
}

fn member(path: PathBuf, way: &'static [&'static str], value: serde_json::Value) -> Wish {
    Wish { path, what: Insertion::Member(way, value) }
}

fn block(path: PathBuf) -> Wish {
    Wish { path, what: Insertion::Block(Comment::Markdown, texts::INSTRUCTIONS.to_owned()) }
}

fn hints(path: PathBuf) -> Wish {
    Wish { path, what: Insertion::Block(Comment::Hash, texts::INSTRUCTIONS.to_owned()) }
}

fn file(path: PathBuf, text: String) -> Wish {
    Wish { path, what: Insertion::File(text) }
}

fn skill(folder: &Path) -> Wish {
    file(folder.join(NAME).join("SKILL.md"), texts::skill())
}

fn hook(path: PathBuf, program: &str) -> Wish {
    let command = format!("{} hook", quoted(program));
    let value = json!({ "hooks": [{ "type": "command", "command": command, "timeout": 5 }] });
    Wish { path, what: Insertion::Item(&["hooks", "UserPromptSubmit"], value) }
}

/// As a shell takes a path with blanks.
fn quoted(program: &str) -> String {
    if program.contains(' ') { format!("\"{program}\"") } else { program.to_owned() }
}

fn server(program: &str) -> serde_json::Value {
    json!({ "command": program, "args": ["mcp"] })
}

fn claude_server(program: &str) -> serde_json::Value {
    json!({ "type": "stdio", "command": program, "args": ["mcp"] })
}

/// Editors start servers anywhere and say which folder is open.
fn editor_server(program: &str) -> serde_json::Value {
    json!({ "type": "stdio", "command": program, "args": ["mcp", "--root", "${workspaceFolder}"] })
}

fn opencode_server(folder: &Path, program: &str) -> Wish {
    let path = first_there(folder, &["opencode.json", "opencode.jsonc"]);
    let value = json!({ "type": "local", "command": [program, "mcp"], "enabled": true });
    member(path, &["mcp"], value)
}

fn codex_server(path: PathBuf, program: &str) -> Wish {
    let block = format!("[mcp_servers.{NAME}]\ncommand = {}\nargs = [\"mcp\"]", json!(program));
    Wish { path, what: Insertion::Toml(block) }
}

fn goose_server(path: PathBuf, program: &str) -> Wish {
    let block = format!(
        "{NAME}:\n  enabled: true\n  type: stdio\n  name: {NAME}\n  cmd: {}\n  args: [mcp]\n  envs: {{}}\n  timeout: 300",
        json!(program)
    );
    Wish { path, what: Insertion::Below("extensions", block) }
}
