//! A client that speaks the protocol by hand, and trees for it.

use std::path::Path;
use std::sync::Arc;

use repo_map_cache::RepoMapper;
use repo_map_mcp::{Server, ServerConfig};
use rmcp::ServiceExt as _;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, ReadHalf, WriteHalf};

/// The revisions of the protocol that are spoken, the newest first.
pub(crate) const REVISIONS: [&str; 3] = ["2026-07-28", "2025-11-25", "2025-06-18"];

pub(crate) struct Client {
    reader: BufReader<ReadHalf<DuplexStream>>,
    writer: WriteHalf<DuplexStream>,
    revision: &'static str,
    id: u64,
    /// Every line, of both sides.
    pub(crate) log: Vec<String>,
    /// What came before the last answer.
    pub(crate) heard: Vec<Value>,
}

/// Settings of a server of these folders, which keeps nothing.
pub(crate) fn config(roots: &[&Path]) -> ServerConfig {
    ServerConfig::new(roots.iter().copied(), |folder| Ok(RepoMapper::builder(folder).threads(2)))
}

pub(crate) fn server(config: ServerConfig) -> Server {
    Server::new(config).expect("the roots are folders")
}

impl Client {
    /// A client that has said hello, as its revision does.
    pub(crate) async fn greet(server: &Server, revision: &'static str) -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let server = server.clone();
        tokio::spawn(async move {
            if let Ok(running) = server.serve(theirs).await {
                let _ = running.waiting().await;
            }
        });
        let (reader, writer) = tokio::io::split(ours);
        let (log, heard) = (Vec::new(), Vec::new());
        let mut client = Self { reader: BufReader::new(reader), writer, revision, id: 0, log, heard };
        if client.is_stateless() {
            client.ask("server/discover", json!({})).await;
        } else {
            let hello = json!({ "protocolVersion": revision, "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
            client.ask("initialize", hello).await;
            client.send(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        }
        client
    }

    /// The message that answers a request.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params).await;
        self.answer(id).await
    }

    /// Sends a request and does not wait.
    pub(crate) async fn begin(&mut self, method: &str, mut params: Value) -> u64 {
        self.id += 1;
        if self.is_stateless() {
            params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!(self.revision);
            params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
        }
        self.send(json!({ "jsonrpc": "2.0", "id": self.id, "method": method, "params": params })).await;
        self.id
    }

    pub(crate) async fn answer(&mut self, id: u64) -> Value {
        self.heard.clear();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).await.expect("the server writes lines");
            assert!(line.ends_with('\n'), "the server went away");
            self.log.push(format!("< {}", line.trim_end()));
            let message: Value = serde_json::from_str(&line).expect("each line is a message");
            if message["id"] == json!(id) {
                return message;
            }
            self.heard.push(message);
        }
    }

    /// Calls a tool; gives the line of the answer, as it came.
    pub(crate) async fn call(&mut self, tool: &str, arguments: Value) -> String {
        self.ask("tools/call", json!({ "name": tool, "arguments": arguments })).await;
        self.log.last().expect("it has answered")[2..].to_owned()
    }

    /// The text of a tool's answer.
    pub(crate) async fn text(&mut self, tool: &str, arguments: Value) -> String {
        let line = self.call(tool, arguments).await;
        let message: Value = serde_json::from_str(&line).expect("it is JSON");
        message["result"]["content"][0]["text"].as_str().expect("a tool answers with a text").to_owned()
    }

    /// Asks until all is read.
    pub(crate) async fn warm(&mut self, root: &Path) {
        loop {
            let line = self.call("status", json!({ "root": root })).await;
            let message: Value = serde_json::from_str(&line).expect("it is JSON");
            if message["result"]["structuredContent"]["ready"] == json!(true) {
                return;
            }
            self.call("repo_map", json!({ "root": root, "task": "anything" })).await;
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    pub(crate) async fn send(&mut self, message: Value) {
        self.log.push(format!("> {message}"));
        let line = format!("{message}\n");
        self.writer.write_all(line.as_bytes()).await.expect("the server reads");
    }

    fn is_stateless(&self) -> bool {
        self.revision >= "2026-07-28"
    }
}

/// A small tree of Python alone, so that a build with more languages gives the same replies.
pub(crate) fn tree() -> tempfile::TempDir {
    let tree = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, text: &str| {
        let path = tree.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be made");
    };
    write(
        "core/engine.py",
        "class Engine:\n    def start(self):\n        return 1\n\n    def stop(self):\n        return 0\n",
    );
    write(
        "core/fuel.py",
        "def refuel(engine):\n    \"\"\"Fills the tank.\"\"\"\n    return engine.start()\n",
    );
    write("app.py", "from core.engine import Engine\n\ndef main():\n    Engine().start()\n");
    tree
}

/// A tree of many files and names.
pub(crate) fn large_tree() -> tempfile::TempDir {
    let tree = tree();
    for at in 0..120 {
        let mut text = format!("from core.engine import Engine\n\nclass Part{at}:\n");
        for method in 0..12 {
            text.push_str(&format!("    def turn_{method}_of_{at}(self, angle: float = 1.0, \"quoted\" = None):\n        return Engine()\n\n"));
        }
        std::fs::write(
            tree.path().join(format!("core/part_{at}.py")),
            text.replace("\"quoted\" = None", "name='\"\\\\'"),
        )
        .expect("a file can be made");
    }
    tree
}

/// What tasks of a runtime need: calls block a thread each.
pub(crate) fn run<F: Future>(work: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = Arc::new(runtime.expect("threads can be had"));
    let output = runtime.block_on(work);
    if let Some(runtime) = Arc::into_inner(runtime) {
        runtime.shutdown_background();
    }
    output
}
