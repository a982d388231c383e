//! Many clients, many roots, and what they must not see of each other.

use crate::support::{Client, config, large_tree, run, server, tree};
use serde_json::json;

#[test]
fn eight_clients_get_the_bytes_that_one_gets() {
    run(async {
        let tree = large_tree();
        let server = server(config(&[tree.path()]));
        let mut one = Client::greet(&server, "2025-11-25").await;
        one.warm(tree.path()).await;
        let call = json!({ "task": "turn parts of the engine", "token_budget": 900 });
        let expected = one.text("repo_map", call.clone()).await;
        let mut clients = Vec::new();
        for _ in 0..8 {
            let (server, call) = (server.clone(), call.clone());
            clients.push(tokio::spawn(async move {
                let mut client = Client::greet(&server, "2026-07-28").await;
                (client.text("repo_map", call.clone()).await, client.text("repo_map", call).await)
            }));
        }
        for client in clients {
            assert_eq!(client.await.expect("no client fails"), (expected.clone(), expected.clone()));
        }
    });
}

#[test]
fn each_root_has_its_own_tree_and_few_are_open() {
    run(async {
        let trees: Vec<_> = (0..5).map(|_| tree()).collect();
        for (at, tree) in trees.iter().enumerate() {
            std::fs::write(tree.path().join("own.py"), format!("def of_tree_{at}():\n    pass\n")).unwrap();
        }
        let roots: Vec<_> = trees.iter().map(tempfile::TempDir::path).collect();
        let mut config = config(&roots);
        config.most_open = 2;
        config.patience = std::time::Duration::from_secs(60);
        let server = server(config);
        let mut client = Client::greet(&server, "2025-11-25").await;
        for round in 0..2 {
            for (at, root) in roots.iter().enumerate() {
                let text = client
                    .text("repo_map", json!({ "root": root, "task": "of_tree", "token_budget": 400 }))
                    .await;
                assert!(text.contains(&format!("def of_tree_{at}()")), "{round}: {text}");
            }
        }
        let line = client.call("status", json!({ "root": roots[0] })).await;
        let status: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(status["result"]["structuredContent"]["open"].as_u64().unwrap() <= 3, "{line}");
    });
}

#[test]
fn what_nobody_sees_does_not_pass() {
    run(async {
        let tree = tree();
        std::fs::write(tree.path().join("a\u{202e}b.py"), "def hid\u{200b}den():\n    '''\u{1b}[31m'''\n")
            .unwrap();
        let server = server(config(&[tree.path()]));
        let mut client = Client::greet(&server, "2025-11-25").await;
        client.warm(tree.path()).await;
        for call in [
            json!({ "task": "a b hidden \u{1b}]0;x\u{7}" }),
            json!({ "task\u{202e}": 1 }),
            json!({ "root": "/\u{200b}" }),
        ] {
            let text = client.text("repo_map", call).await;
            assert!(!text.contains(|c: char| repo_map_cache::is_hidden(c) && c != '\n'), "{text:?}");
        }
    });
}

#[test]
fn a_conversation_is_shown_nothing_twice() {
    run(async {
        let tree = large_tree();
        let server = server(config(&[tree.path()]));
        let mut client = Client::greet(&server, "2026-07-28").await;
        client.warm(tree.path()).await;
        let mut seen = std::collections::BTreeSet::new();
        for task in ["turn part 7", "turn parts 7 and 9", "refuel the engine"] {
            let call = json!({ "task": task, "token_budget": 500, "session": "a" });
            let text = client.text("repo_map", call).await;
            let mut path = "";
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('[')) {
                if line.starts_with('│') {
                    assert!(seen.insert(format!("{path} {line}")), "{task}: {line}");
                } else {
                    path = line;
                }
            }
        }
        let again = client
            .text("repo_map", json!({ "task": "turn part 7", "token_budget": 500, "session": "b" }))
            .await;
        assert!(again.contains("core/part_7.py"), "{again}");
    });
}
