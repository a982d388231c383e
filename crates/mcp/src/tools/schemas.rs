use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value, json};

/// The tools, by name.
pub(crate) fn tools() -> Vec<Tool> {
    let tools = TABLE.iter().map(|row| {
        Tool::new(row.name, row.description, row.schema())
            .with_annotations(ToolAnnotations::new().read_only(true).open_world(false))
    });
    tools.collect()
}

/// Their names alone.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|row| row.name)
}

/// The arguments that a tool takes.
pub(crate) fn arguments(tool: &str) -> Vec<&'static str> {
    let own = TABLE.iter().filter(|row| row.name == tool).flat_map(|row| row.arguments);
    own.map(|(name, ..)| *name).chain(SHARED).collect()
}

/// What every tool takes.
const SHARED: [&str; 2] = ["token_budget", "root"];

struct Row {
    name: &'static str,
    description: &'static str,
    /// Name, kind and what it is.
    arguments: &'static [(&'static str, Kind, &'static str)],
    required: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Kind {
    Flag,
    Text,
    Texts,
}

const TABLE: &[Row] = &[
    Row {
        name: "find",
        description: "Where a name is defined and used, best first, as lines with their numbers.",
        arguments: &[
            ("name", Kind::Text, "start, Engine.start or *_handler"),
            ("within", Kind::Text, "Only in this folder or file"),
            ("callers", Kind::Flag, "Show the definitions that call it instead"),
        ],
        required: &["name"],
    },
    Row {
        name: "outline",
        description: "The definitions of a file, or the map of a folder.",
        arguments: &[("path", Kind::Text, "File or folder")],
        required: &["path"],
    },
    Row {
        name: "repo_map",
        description: "Ranked map of the repository for a task: the files and definitions that matter, best first.",
        arguments: &[
            ("task", Kind::Text, "What is to be done, in the user's words; omit for an overview"),
            ("chat_files", Kind::Texts, "Files already read: they steer the map and are left out"),
            ("mentioned", Kind::Texts, "Identifiers and paths named so far"),
            ("session", Kind::Text, "Name of this conversation: only what it was not shown before"),
        ],
        required: &[],
    },
    Row {
        name: "show",
        description: "The body of a definition, or lines of a file.",
        arguments: &[("place", Kind::Text, "NAME, PATH:NAME, PATH:LINE, PATH:FIRST-LAST or PATH")],
        required: &["place"],
    },
    Row {
        name: "status",
        description: "State of the index: roots, files, what was skipped, whether all is read.",
        arguments: &[],
        required: &[],
    },
];

impl Row {
    fn schema(&self) -> Map<String, Value> {
        let mut properties = Map::new();
        for (name, kind, description) in self.arguments {
            let mut property = match kind {
                Kind::Flag => json!({ "type": "boolean" }),
                Kind::Text => json!({ "type": "string" }),
                Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            };
            property["description"] = json!(description);
            properties.insert((*name).to_owned(), property);
        }
        properties.insert(
            "token_budget".to_owned(),
            json!({ "type": "integer", "description": "Ceiling of the whole reply, 100 to 24000" }),
        );
        properties.insert(
            "root".to_owned(),
            json!({ "type": "string", "description": "Folder; omit for the default" }),
        );
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), json!(self.required));
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use repo_map_cache::{TokenCounter as _, Tokenizer};

    use super::*;

    #[test]
    fn schemas_cost_little_and_stand_in_order() {
        let names: Vec<&str> = names().collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(names, sorted);
        assert!(names.len() <= 5);
        let json = serde_json::to_string(&tools()).unwrap();
        let tokens = Tokenizer::cl100k().count(&json);
        assert!(tokens <= 900, "{tokens}");
        assert_eq!(json, serde_json::to_string(&tools()).unwrap());
        for tool in tools() {
            let known = arguments(&tool.name);
            let schema = tool.schema_as_json_value();
            let properties = schema["properties"].as_object().unwrap();
            assert_eq!(properties.len(), known.len());
            assert!(known.iter().all(|name| properties.contains_key(*name)));
        }
    }
}
