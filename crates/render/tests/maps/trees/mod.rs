//! Random files with tags, and a plain model of what a map of them looks like.

pub(crate) mod model;
pub(crate) mod wild;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use proptest::prelude::*;
use repo_map_model::{
    Definition, DefinitionKind, FileTags, FileTagsBuilder, LineSpan, Scope, ScopeId, ScopeKind,
};

/// A file and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) tags: FileTags,
    /// The rows of an outline by their lines, found when they are first asked for.
    pub(crate) outline: OnceLock<BTreeMap<usize, String>>,
}

impl File {
    pub(crate) fn new(path: impl Into<String>, text: String, tags: FileTags) -> Self {
        Self { path: path.into(), text, tags, outline: OnceLock::new() }
    }
}

/// A part of well-formed code.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Function { name: u16, parameters: usize, body: usize, inner: Vec<Node> },
    Type { name: u16, header: usize, implementation: bool, members: Vec<Node> },
    Line(&'static str),
}

/// Code with types, functions and lines between. Lines of bodies hold the word `BODY`.
pub(crate) fn node() -> impl Strategy<Value = Node> {
    let line = prop::sample::select(vec!["", "", "// a remark", "@marked", "let value = 1;", "}"])
        .prop_map(Node::Line);
    let function = (any::<u16>(), 0..4usize, 0..4usize).prop_map(|(name, parameters, body)| Node::Function {
        name,
        parameters,
        body,
        inner: Vec::new(),
    });
    prop_oneof![1 => line, 3 => function].prop_recursive(3, 24, 6, |inner| {
        let members = prop::collection::vec(inner, 0..6);
        prop_oneof![
            (any::<u16>(), 0..3usize, any::<bool>(), members.clone()).prop_map(
                |(name, header, implementation, members)| Node::Type {
                    name,
                    header,
                    implementation,
                    members
                }
            ),
            (any::<u16>(), 0..3usize, 0..3usize, members).prop_map(|(name, parameters, body, inner)| {
                Node::Function { name, parameters, body, inner }
            }),
        ]
    })
}

/// Files of well-formed code with any line ends, paths all different.
pub(crate) fn files(
    count: std::ops::Range<usize>,
    nodes: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<File>> {
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let file = (prop::collection::vec(node(), nodes), end);
    prop::collection::vec(file, count).prop_map(|files| {
        let file = |(index, (nodes, end)): (usize, (Vec<Node>, &str))| {
            let (text, tags) = write(&nodes, end);
            File::new(format!("src/part{index}/file_{index}.rs"), text, tags)
        };
        files.into_iter().enumerate().map(file).collect()
    })
}

/// The code of nodes and the tags that an extractor would find.
pub(crate) fn write(nodes: &[Node], end: &str) -> (String, FileTags) {
    let mut writer = Writer { end: end.len(), ..Writer::default() };
    nodes.iter().for_each(|node| writer.node(node, 0, None));
    let text = writer.lines.iter().flat_map(|line| [line.as_str(), end]).collect();
    (text, writer.tags.build())
}

#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    /// The bytes of a line's end, and of all lines until now.
    end: usize,
    bytes: usize,
    tags: FileTagsBuilder,
}

impl Writer {
    fn line(&mut self, depth: usize, text: &str) -> u32 {
        let line = format!("{}{text}", "    ".repeat(depth));
        self.bytes += line.len() + self.end;
        self.lines.push(line);
        self.lines.len() as u32 - 1
    }

    fn node(&mut self, node: &Node, depth: usize, scope: Option<ScopeId>) {
        match node {
            Node::Line(text) => _ = self.line(depth, text),
            Node::Function { name, parameters, body, inner } => {
                let name_start = self.bytes + 4 * depth + "fn ".len();
                let first = self.line(depth, &format!("fn do_{name}("));
                for parameter in 0..*parameters {
                    self.line(depth + 1, &format!("parameter_{parameter}: Kind,"));
                }
                let last = self.line(depth, ") {");
                let signature_end = self.bytes - self.end - 1;
                let size = body + inner.len();
                self.construct(
                    &format!("do_{name}"),
                    (DefinitionKind::Function, ScopeKind::Function),
                    (name_start, signature_end),
                    (LineSpan::new(first, last), last + 1 + size as u32),
                    scope,
                    |writer, scope| {
                        for line in 0..*body {
                            writer.line(depth + 1, &format!("BODY {line};"));
                        }
                        inner.iter().for_each(|node| writer.node(node, depth + 1, scope));
                    },
                );
                self.line(depth, "}");
            }
            Node::Type { name, header, implementation, members } => {
                let name_start = self.bytes + 4 * depth + "type ".len();
                let first = self.line(depth, &format!("type Kind{name}"));
                for line in 0..*header {
                    self.line(depth + 1, &format!("where T{line}: Trait,"));
                }
                let last = self.lines.len() as u32 - 1;
                let signature_end = self.bytes - self.end;
                let kind = if *implementation { ScopeKind::Implementation } else { ScopeKind::Type };
                self.construct(
                    &format!("Kind{name}"),
                    (DefinitionKind::Struct, kind),
                    (name_start, signature_end),
                    (LineSpan::new(first, last), last + 1),
                    scope,
                    |writer, scope| members.iter().for_each(|node| writer.node(node, depth + 1, scope)),
                );
                self.line(depth, "}");
            }
        }
    }

    /// A definition that opens a scope. The end that it is told to be at is a lower bound, as for code with errors.
    fn construct(
        &mut self,
        name: &str,
        (kind, scope_kind): (DefinitionKind, ScopeKind),
        (name_start, signature_end): (usize, usize),
        (signature, end_line): (LineSpan, u32),
        scope: Option<ScopeId>,
        inside: impl FnOnce(&mut Self, Option<ScopeId>),
    ) {
        let name = self.tags.name(name);
        let line = signature.first;
        self.tags.definition(Definition {
            name,
            kind,
            declaration: false,
            line,
            name_start: name_start as u32,
            signature,
            signature_end: signature_end as u32,
            end_line,
            scope,
        });
        let opened = Scope { kind: scope_kind, header: signature, line, end_line, parent: scope };
        let opened = self.tags.scope(opened);
        inside(self, Some(opened));
    }
}
