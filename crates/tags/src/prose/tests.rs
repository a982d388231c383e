use proptest::prelude::*;

use super::*;

fn texts(source: &[u8], names: Vec<Range<usize>>) -> Vec<String> {
    names.into_iter().map(|range| String::from_utf8(source[range].to_vec()).unwrap()).collect()
}

fn document(markup: Markup, source: &str) -> Vec<String> {
    let source = source.as_bytes();
    texts(source, of_document(source, &LineIndex::new(source), markup))
}

fn comments(source: &str, in_strings: bool) -> Vec<String> {
    let source = source.as_bytes();
    texts(source, of_comments(source, &LineIndex::new(source), in_strings))
}

#[track_caller]
fn check(markup: Markup, source: &str, expected: &str) {
    assert_eq!(document(markup, source).join(" "), expected, "{source}");
}

#[test]
fn markdown_names_code_in_spans_and_in_blocks_and_no_word_of_its_prose() {
    for (source, expected) in [
        ("Call `Queue.push` or ``Queue::pop``, not words.", "Queue push Queue pop"),
        ("`it`, `fn`, `i32` and `x1` are short; `naïve_fn`, `$jquery`", "naïve_fn $jquery"),
        ("A `span over\ntwo_lines` and `one` more", "span over two_lines one"),
        ("one ` alone\n\nand `next_one`", "next_one"),
        ("an \\`escaped` one", ""),
        ("```python\nrun_all()\n# a comment\n```\nand prose\n", "run_all"),
        ("> ~~~~ js\n> const queued = 1\n> ~~~~\n> prose", "const queued"),
        ("```sh\nmake install\n```\n``` json\n{\"key\": 1}\n```", ""),
        ("- item\n\n      not code\n\ntext\n\n    is_code()\n", "is_code"),
        ("text\n    goes on\n", ""),
        ("{class}`Queue` {ref}`a_label` {doc}`page`", "Queue"),
        ("```\nnever closed", "never closed"),
    ] {
        check(Markup::Markdown, source, expected);
    }
}

#[test]
fn rst_names_roles_literals_directives_and_blocks() {
    for (source, expected) in [
        (
            "See :class:`Queue`, :py:meth:`~shop.Queue.push` and ``pop(item)``.",
            "Queue shop Queue push pop item",
        ),
        ("See :func:`how to push <shop.push>`, :ref:`a_label`, :doc:`page <intro>`.", "shop push"),
        ("A `link <https://example.org>`_ and a `target`_, `Symbol`, `two words`.", "Symbol"),
        (".. class:: Queue(limit)\n\n   Holds ``jobs``.\n", "Queue jobs"),
        (".. py:method:: push(item)\n", "push"),
        (
            ".. code-block:: python\n   :linenos:\n\n   run_all()\n\n   stop_all()\n\nThen words::\n\n  literal_one()\n\nEnd words.",
            "run_all stop_all literal_one",
        ),
        (
            ".. code-block:: console\n\n   pip install\n\n.. note:: of ``inner``\n\n   more ``words_here``\n",
            "inner words_here",
        ),
        (">>> call_me(1)\n", "call_me"),
        (
            "A list::\n\n  read_it and write_it\n  query.and(other)\n  and\n",
            "read_it write_it query and other and",
        ),
        (".. _target:\n\nText.", ""),
    ] {
        check(Markup::Rst, source, expected);
    }
}

#[test]
fn asciidoc_names_spans_and_listings() {
    for (source, expected) in [
        ("Call `push`.\n----\nrun_all()\n----\nwords", "push run_all"),
        ("[source,sh]\n----\nmake install\n----\n....\nsome output\n....\n", ""),
        ("[source,java]\n----\nQueue\n-----\nqueue\n----\n////\n`gone`\n////\n`left`", "Queue queue left"),
    ] {
        check(Markup::AsciiDoc, source, expected);
    }
}

#[test]
fn comments_name_code_and_code_does_not() {
    for (source, in_strings, expected) in [
        ("/// Runs [`Queue::run`], [Clock] and [one](x).\nfn run() { a[index] }\n", false, "Queue run Clock"),
        (
            "/**\n * Runs {@link Queue#run all} and [Clock], [item].\n */\nx = `template ${y}`\n",
            false,
            "Queue run Clock",
        ),
        ("/* one `line` */ x\n`two`\n", false, "line"),
        ("/// <see cref=\"Queue.Run(int)\"/>\n", false, "Queue Run"),
        ("// Pushes to [Queue], see `clock.Now`. Not a[index].\n", false, "clock Now Queue"),
        ("# Runs `Queue#run`\ndef run; `ls -l some`; end\n", false, "Queue run"),
        (
            "def f():\n    \"\"\"Runs :meth:`Queue.run` of ``Clock``.\n\n    And `stop`, `not this`.\"\"\"\n",
            true,
            "Queue run Clock stop",
        ),
    ] {
        assert_eq!(comments(source, in_strings).join(" "), expected, "{source}");
    }
}

/// The code spans of one paragraph, by the rule alone: each run of backticks is looked up among all that follow.
fn spans_of_a_model(text: &str) -> Vec<String> {
    let mut runs = Vec::new();
    for (at, _) in text.match_indices('`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    let mut names = Vec::new();
    let mut next = 0;
    while next < runs.len() {
        let (open, length) = runs[next];
        let close = (next + 1..runs.len()).find(|&close| runs[close].1 == length);
        next = match close {
            Some(close) => {
                let words =
                    text[open + length..runs[close].0].split(|c: char| !c.is_alphanumeric() && c != '_');
                let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
                let is_name = |word: &&str| letters(word) >= 3 && !word.starts_with(char::is_numeric);
                names.extend(words.filter(is_name).map(str::to_owned));
                close + 1
            }
            None => next + 1,
        };
    }
    names
}

proptest! {
    #[test]
    fn spans_are_those_of_the_rule(pieces in proptest::collection::vec("`{1,3}|[a-c_]{1,5}|[ .;]|é|[0-9]", 0..40)) {
        // Text at the front: a fence is no span.
        let text = format!("x {}", pieces.concat());
        prop_assert_eq!(document(Markup::Markdown, &text), spans_of_a_model(&text));
    }

    #[test]
    fn any_bytes_give_names_in_order_of_letters_alone(
        pieces in proptest::collection::vec(prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..4),
            "`{1,3}|:class:`|\n|\n\n|    |::\n|\\.\\. code-block:: x\n|----\n|\\[|\\]|\\{@link |cref=\"|/\\*|\\*/|//|é|[a-c]{3}|<|>"
                .prop_map(String::into_bytes),
        ], 0..60),
        in_strings: bool,
    ) {
        let source = pieces.concat();
        let lines = LineIndex::new(&source);
        let markups = [Markup::Markdown, Markup::Rst, Markup::AsciiDoc];
        let found = markups.map(|markup| of_document(&source, &lines, markup));
        for names in found {
            prop_assert!(names.is_sorted_by(|one, next| one.end <= next.start));
            let is_name = |name: &String| name.chars().all(|c| c.is_alphanumeric() || "_$".contains(c));
            prop_assert!(texts(&source, names).iter().all(is_name));
        }
        // Of a line of a comment, spans come before links.
        for name in of_comments(&source, &lines, in_strings) {
            prop_assert!(std::str::from_utf8(&source[name]).is_ok_and(|name| name.chars().count() >= 3));
        }
    }
}
