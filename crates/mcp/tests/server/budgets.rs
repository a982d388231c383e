//! No reply is larger than what was asked for, and none is without a sentence.

use crate::support::{Client, REVISIONS, config, large_tree, run, server};
use serde_json::{Map, Value, json};
use tiktoken_rs::o200k_base_singleton;

/// As many calls as a debug build makes in a few seconds; `--ignored` makes a thousand.
const CALLS: u64 = 50;

#[test]
fn random_calls_keep_their_budgets() {
    run(random_calls(CALLS));
}

#[test]
#[ignore = "takes a minute"]
fn a_thousand_random_calls_keep_their_budgets() {
    run(random_calls(1_000));
}

async fn random_calls(count: u64) {
    let tree = large_tree();
    let server = server(config(&[tree.path()]));
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut clients = Vec::new();
    for revision in REVISIONS {
        clients.push(Client::greet(&server, revision).await);
    }
    clients[0].warm(tree.path()).await;
    for _ in 0..count {
        let client = &mut clients[dice.below(3) as usize];
        let tools = client.ask("tools/list", json!({})).await;
        let tools = tools["result"]["tools"].as_array().expect("tools are listed").clone();
        let tool = &tools[dice.below(tools.len() as u64) as usize];
        let budget = 100 + dice.below(15_900);
        let mut arguments = Map::new();
        for (name, property) in tool["inputSchema"]["properties"].as_object().expect("a schema") {
            if name != "root"
                && (dice.below(2) == 0 || tool["inputSchema"]["required"].to_string().contains(name))
            {
                arguments.insert(name.clone(), dice.value(&property["type"]));
            }
        }
        arguments.insert("token_budget".to_owned(), json!(budget));
        let name = tool["name"].as_str().expect("a name").to_owned();
        let line = client.call(&name, Value::Object(arguments.clone())).await;
        let tokens = o200k_base_singleton().encode_ordinary(&line).len() as u64;
        assert!(tokens <= budget, "{tokens} of {budget}: {name} {arguments:?}\n{line}");
        let message: Value = serde_json::from_str(&line).expect("it is JSON");
        let text = message["result"]["content"][0]["text"].as_str();
        let text = text.or(message["error"]["message"].as_str()).expect("each reply says something");
        assert!(text.len() > 2, "{line}");
        assert!(!text.contains(|c: char| repo_map_cache::is_hidden(c) && c != '\n'), "{line}");
    }
}

#[test]
fn a_page_uses_the_budget_that_it_has() {
    run(async {
        let tree = large_tree();
        let server = server(config(&[tree.path()]));
        let mut client = Client::greet(&server, "2025-11-25").await;
        client.warm(tree.path()).await;
        for budget in [500, 1_000, 4_000] {
            let line = client.call("repo_map", json!({ "task": "turn parts", "token_budget": budget })).await;
            let tokens = o200k_base_singleton().encode_ordinary(&line).len();
            assert!(tokens * 10 > budget * 9, "{tokens} of {budget}: {line}");
        }
    });
}

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// Mostly what the schema wants.
    fn value(&mut self, kind: &Value) -> Value {
        const WORDS: [&str; 10] = [
            "Engine",
            "turn_3_of_7",
            "core/part_9.py",
            "refuel the engine",
            "",
            "core",
            "\u{202e}\u{7}\n",
            "..",
            "zzzz qqqq",
            "main",
        ];
        let word = WORDS[self.below(10) as usize];
        match (self.below(20), kind.as_str()) {
            (0, _) => [json!(1), json!(null), json!([]), json!({}), json!(-1.5), json!([[1]])]
                [self.below(6) as usize]
                .clone(),
            (_, Some("array")) => json!([word, WORDS[self.below(10) as usize]]),
            (_, Some("integer")) => json!(self.below(200)),
            (_, Some("boolean")) => json!(self.below(2) == 0),
            _ => json!(word.repeat(1 + self.below(3) as usize)),
        }
    }
}
