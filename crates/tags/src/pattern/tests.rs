use super::*;

#[test]
fn patterns_are_told_apart() {
    let text = "; (no)\n(a) @x ; no\n (b (c) @y \"(\" (#eq? @y \")\\\"\")) @z.w\n[(d) (e)] @x";
    let patterns = split(text).unwrap();
    assert_eq!(patterns, ["(a) @x", "(b (c) @y \"(\" (#eq? @y \")\\\"\")) @z.w", "[(d) (e)] @x"]);
    assert_eq!(
        patterns.iter().map(|pattern| head(pattern)).collect::<Vec<_>>(),
        [Some("a"), Some("b"), None]
    );
    assert!(split("(a").is_err());
    assert!(split("\"if\" @x").is_err());
    assert_eq!(head("(_) @x"), None);
}

#[cfg(feature = "lang-c")]
#[test]
fn only_plain_patterns_are_taken() {
    let c = tree_sitter::Language::new(tree_sitter_c::LANGUAGE);
    let count = |text| plain(text, &c).map(|patterns| patterns.map(|patterns| patterns.len()));
    for (text, expected) in [
        ("(identifier) @reference.call", Some(1)),
        ("[(preproc_if) (preproc_ifdef)] @scope.block", Some(2)),
        ("(enumerator !value name: (_) @name) @definition.enum_member", Some(1)),
        ("(enumerator \"=\") @local", Some(1)),
        ("(enumerator (_)? @name) @local", Some(1)),
        ("(enumerator . (_) . (_) @name .) @local", Some(1)),
        ("(enumerator name: (_) @name (#any-of? @name \"A\" \"B\")) @local", Some(1)),
        // Only tree-sitter knows which of these it prefers.
        ("(enumerator (_)? @name (_)) @local", None),
        ("(enumerator (_)+ @name) @local", None),
        ("(enumerator (_) . (_) @name) @local", None),
        ("(enumerator [(identifier) (_) @name]) @local", None),
        ("(enum_specifier (enumerator_list (enumerator (_)? @name))) @local", None),
        ("(enumerator (_)? @name (#eq? @name \"A\")) @local", None),
        // What is rare is left to it.
        ("((enumerator) @local (#eq? @local \"A\"))", None),
        ("(enumerator (_) @name (#eq? @name @name)) @local", None),
        ("(enumerator (_) @name (#eq? @_other \"A\")) @local", None),
        ("(enumerator (expression)) @local", None),
        ("(enumerator (MISSING identifier)) @local", None),
    ] {
        assert_eq!(count(text), Ok(expected), "{text}");
    }
    assert!(count("(no_such_kind (no_such_kind)) @local").is_err());
    assert!(count("(enumerator no_such_field: (_)) @local").is_err());
    assert!(count("(enumerator \"no such token\") @local").is_err());
    assert!(count("(enumerator) @definition.no_such_kind").is_err());
}

/// Patterns as they come, at the nodes of real trees.
#[cfg(feature = "core")]
mod as_the_machine {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use proptest::prelude::*;
    use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator, Tree};

    use super::*;

    const NAMES: [&str; 6] = ["local", "name", "body", "rest", "declarator", "wrapped"];

    /// By place in `NAMES`, the node.
    #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
    struct Nodes([Option<usize>; NAMES.len()]);

    impl<'tree> Captured<'tree> for Nodes {
        fn add(&mut self, capture: Capture, node: Node<'tree>) {
            let place = NAMES.iter().position(|name| Capture::from_name(name) == Some(capture));
            self.0[place.unwrap()] = Some(node.id());
        }
    }

    /// Writes a pattern that fits a node, or nearly so.
    struct Writer<'a> {
        choices: std::slice::Iter<'a, u8>,
        source: &'a str,
        text: String,
        conditions: String,
        captures: usize,
    }

    impl Writer<'_> {
        /// Once in so many times; never when there are no choices left.
        fn one_in(&mut self, count: u8) -> bool {
            self.choices.next().is_some_and(|choice| choice % count == 0)
        }

        fn node(&mut self, node: Node<'_>, depth: usize) {
            let capture = (self.captures < NAMES.len() && (depth == 0 || self.one_in(2))).then(|| {
                self.captures += 1;
                NAMES[self.captures - 1]
            });
            if let Some(name) = capture
                && self.one_in(4)
            {
                let text = &self.source[node.byte_range()];
                let condition = match self.choices.next().map_or(0, |choice| choice % 4) {
                    0 => format!(" (#eq? @{name} {text:?})"),
                    1 => format!(" (#not-any-of? @{name} \"x\" {text:?})"),
                    2 => format!(" (#match? @{name} \"^[A-Za]\")"),
                    _ => format!(" (#not-match? @{name} \"^[a-m]\")"),
                };
                self.conditions += &condition;
            }
            let brackets = depth > 0 && self.one_in(6);
            if brackets {
                self.text.push('[');
                if self.one_in(2) {
                    let sibling = node.next_named_sibling().unwrap_or(node);
                    write!(self.text, "({}) ", sibling.kind()).unwrap();
                }
            }
            if node.is_named() {
                let kind = if depth > 0 && self.one_in(5) { "_" } else { node.kind() };
                write!(self.text, "({kind}").unwrap();
                self.children(node, depth);
                if depth == 0 {
                    self.text += &self.conditions;
                }
                self.text.push(')');
            } else {
                write!(self.text, "{:?}", node.kind()).unwrap();
            }
            if brackets {
                self.text.push(']');
            }
            if depth > 0 && self.one_in(8) {
                self.text.push('?');
            }
            if let Some(name) = capture {
                write!(self.text, " @{name}").unwrap();
            }
        }

        fn children(&mut self, node: Node<'_>, depth: usize) {
            for index in 0..node.child_count().min(8) {
                let child = node.child(index).unwrap();
                if depth > 3 || !self.one_in(if child.is_named() { 2 } else { 5 }) {
                    continue;
                }
                let anchor = if self.one_in(4) { " . " } else { " " };
                self.text += anchor;
                let field = node.field_name_for_child(index);
                if let Some(field) = field.filter(|_| !self.one_in(3)) {
                    write!(self.text, "{field}: ").unwrap();
                }
                self.node(child, depth + 1);
                if self.one_in(10) {
                    self.text += " .";
                    return;
                }
            }
        }
    }

    fn nodes(tree: &Tree) -> Vec<Node<'_>> {
        let mut nodes = vec![tree.root_node()];
        let mut next = 0;
        while let Some(&node) = nodes.get(next) {
            nodes.extend(node.children(&mut tree.walk()));
            next += 1;
        }
        nodes
    }

    /// The matches of a pattern at all nodes of the tree by both ways; none when it is not plain or none at all.
    fn both(text: &str, language: &Language, tree: &Tree, source: &str) -> Option<[BTreeSet<Nodes>; 2]> {
        let roots = plain(text, language).ok()??;
        let query = Query::new(language, text).ok()?;
        let (mut ours, mut theirs) = (BTreeSet::new(), BTreeSet::new());
        let budget = crate::budget::Budget::new(&crate::ExtractOptions::default(), 1 << 30);
        let mut children = Children::new(tree, source.as_bytes(), &budget);
        for node in nodes(tree) {
            for (_, pattern) in roots.iter().filter(|(kind, _)| *kind == node.kind_id()) {
                let at = children.push(node);
                pattern.each_match(node, &at, Nodes::default(), &mut children, &mut |_, found| {
                    ours.insert(found);
                });
                children.pop(&at);
            }
        }
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(&query, tree.root_node(), source.as_bytes());
        while let Some(one) = matches.next() {
            let mut found = Nodes::default();
            for capture in one.captures() {
                let name = query.capture_names()[capture.index as usize];
                found.add(Capture::from_name(name).unwrap(), capture.node);
            }
            theirs.insert(found);
        }
        Some([ours, theirs])
    }

    fn settles(pattern: &Pattern) -> bool {
        pattern.children.iter().any(|child| {
            let mut patterns = child.alternatives.iter().map(|(_, pattern)| pattern);
            patterns.any(|pattern| (child.silent && !pattern.children.is_empty()) || settles(pattern))
        })
    }

    fn fixture(id: &str) -> (Language, String) {
        let language = crate::Language::by_id(id).unwrap();
        let name = format!("{id}.{}", language.extensions()[0]);
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages").join(name);
        (language.parser_language().unwrap(), std::fs::read_to_string(path).unwrap())
    }

    proptest! {
        // The same cases in each run: tree-sitter itself misses matches of rare shapes, and none may fail a change
        // that has nothing to do with them. Take the seed away to look for more.
        #![proptest_config(ProptestConfig {
            cases: 300,
            max_global_rejects: 40_000,
            rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_122),
            ..ProptestConfig::default()
        })]
        #[test]
        fn any_pattern_has_the_same_matches(
            id in prop_oneof![Just("c"), Just("go"), Just("ruby"), Just("kotlin"), Just("javascript"), Just("php")],
            at in any::<prop::sample::Index>(),
            broken in any::<prop::sample::Index>(),
            choices in proptest::collection::vec(any::<u8>(), 40..120),
        ) {
            let (language, mut source) = fixture(id);
            // A line less, for syntax errors now and then.
            if choices[0] < 100 {
                let lines: Vec<_> = source.lines().collect();
                let broken = broken.index(lines.len());
                source = [&lines[..broken], &lines[broken + 1..]].concat().join("\n");
            }
            let mut parser = Parser::new();
            parser.set_language(&language).unwrap();
            let tree = parser.parse(&source, None).unwrap();
            let inner: Vec<_> =
                nodes(&tree).into_iter().filter(|node| node.child_count() > 1 && !node.is_error()).collect();
            let choices = choices.iter();
            let mut writer =
                Writer { choices, source: &source, text: String::new(), conditions: String::new(), captures: 0 };
            writer.node(inner[at.index(inner.len())], 0);
            let text = writer.text;
            if let Some([ours, theirs]) = both(&text, &language, &tree, &source) {
                // Of children that are not captured themselves, nor what is in them, the machine sometimes looks at the
                // first alone, though only another one fits.
                if settles(&plain(&text, &language).unwrap().unwrap()[0].1) {
                    prop_assert!(ours.is_superset(&theirs), "{}", text);
                } else {
                    prop_assert_eq!(ours, theirs, "{}", text);
                }
            } else {
                prop_assume!(false);
            }
        }
    }
}
