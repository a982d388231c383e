//! What goes over the wire: each revision, golden; cancellation; progress; odd messages.

use crate::support::{Client, REVISIONS, config, run, server, tree};
use serde_json::{Value, json};

/// One log a revision: hello, the tools, a call of each, and an error.
#[test]
fn each_revision_lists_and_calls_every_tool() {
    run(async {
        let tree = tree();
        for revision in REVISIONS {
            let server = server(config(&[tree.path()]));
            Client::greet(&server, revision).await.warm(tree.path()).await;
            let mut client = Client::greet(&server, revision).await;
            let listed = client.ask("tools/list", json!({})).await;
            let tools = listed["result"]["tools"].as_array().expect("tools are listed").clone();
            for tool in tools {
                assert_eq!(tool["annotations"]["readOnlyHint"], json!(true), "{tool}");
                let name = tool["name"].as_str().expect("a tool has a name").to_owned();
                client.call(&name, of_each(&name)).await;
            }
            client.call("repo_map", json!({ "root": "/" })).await;
            client.ask("tools/call", json!({ "name": "nothing" })).await;
            let log = client
                .log
                .join("\n")
                .replace(&tree.path().canonicalize().unwrap().display().to_string(), "ROOT");
            let log = log.replace(env!("CARGO_PKG_VERSION"), "VERSION");
            insta::assert_snapshot!(format!("revision_{revision}"), log);
        }
    });
}

/// A call of each tool that has an answer.
fn of_each(tool: &str) -> Value {
    match tool {
        "repo_map" => json!({ "task": "start the engine when it was refuelled", "token_budget": 400 }),
        "find" => json!({ "name": "start", "token_budget": 500 }),
        "outline" => json!({ "path": "core/engine.py" }),
        "show" => json!({ "place": "Engine.stop" }),
        _ => json!({}),
    }
}

#[test]
fn a_cancelled_call_is_not_answered_and_the_next_one_is() {
    run(async {
        let tree = crate::support::large_tree();
        let server = server(config(&[tree.path()]));
        for revision in REVISIONS {
            let mut client = Client::greet(&server, revision).await;
            let id = client
                .begin("tools/call", json!({ "name": "repo_map", "arguments": { "task": "turn" } }))
                .await;
            client.send(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id, "reason": "typed on" } })).await;
            let text = client.text("status", json!({})).await;
            assert!(text.contains("root: "), "{text}");
        }
    });
}

#[test]
fn a_cold_tree_is_answered_in_part_and_whole_a_little_later() {
    run(async {
        let tree = crate::support::large_tree();
        let mut config = config(&[tree.path()]);
        config.patience = std::time::Duration::ZERO;
        let server = server(config);
        let mut client = Client::greet(&server, "2025-11-25").await;
        let call = json!({ "name": "repo_map", "arguments": { "task": "refuel", "token_budget": 300 }, "_meta": { "progressToken": "p" } });
        let first = client.ask("tools/call", call.clone()).await;
        assert_eq!(first["result"]["structuredContent"]["partial"], json!(true), "{first}");
        client.warm(tree.path()).await;
        let last = client.ask("tools/call", call).await;
        assert_eq!(last["result"]["structuredContent"].get("partial"), None, "{last}");
        let text = last["result"]["content"][0]["text"].as_str().expect("a text");
        assert!(text.starts_with("core/fuel.py:\n│def refuel(engine)"), "{text}");
    });
}

#[test]
fn what_is_no_message_is_refused_and_the_session_goes_on() {
    run(async {
        let tree = tree();
        let server = server(config(&[tree.path()]));
        let mut client = Client::greet(&server, "2025-06-18").await;
        client
            .send(json!({ "jsonrpc": "2.0", "id": 77, "method": "tools/call", "params": { "name": 1 } }))
            .await;
        client.send(json!([1, 2])).await;
        client.send(json!({ "jsonrpc": "2.0", "id": null, "method": "tools/list" })).await;
        let text = client.text("status", json!({})).await;
        assert!(text.contains("files: "), "{text}");
    });
}
