//! What a file says of itself in its first sentence.

use super::{Markup, comment_head, sentence};

/// Prose that begins later is about something else.
const HEAD: usize = 16 << 10;

/// The first sentence of prose of a document, behind its title and all that is no prose.
pub(crate) fn of_document(source: &[u8], markup: Markup) -> Option<Box<str>> {
    let text = head(source);
    let mut lines = Lines { lines: text.lines().collect(), at: 0, markup };
    lines.skip_front_matter();
    while let Some(paragraph) = lines.next_paragraph() {
        if let Some(sentence) = sentence::of(&paragraph) {
            return Some(sentence);
        }
    }
    None
}

/// The first sentence of the comment or string at the top of a source file, unless it is about the file's licence or its tools.
/// With `in_strings`, a string there is documentation.
pub(crate) fn of_source(source: &[u8], in_strings: bool, preprocessed: bool) -> Option<Box<str>> {
    comment_head::paragraphs(&head(source), in_strings, preprocessed)
        .iter()
        .find_map(|paragraph| sentence::of(paragraph))
}

fn head(source: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(&source[..source.len().min(HEAD)])
}

struct Lines<'a> {
    lines: Vec<&'a str>,
    at: usize,
    markup: Markup,
}

impl Lines<'_> {
    fn skip_front_matter(&mut self) {
        let fence = self.lines.first().map_or("", |line| line.trim_end());
        if matches!(fence, "---" | "+++")
            && let Some(length) = self.lines[1..].iter().position(|line| line.trim_end() == fence)
        {
            self.at = length + 2;
        }
    }

    /// The next lines that may be prose, joined.
    fn next_paragraph(&mut self) -> Option<String> {
        loop {
            let line = *self.lines.get(self.at)?;
            let text = line.trim();
            self.at += 1;
            if text.is_empty() {
                continue;
            }
            if let Some(end) = self.end_of_block(text) {
                self.skip_to(|line| line.trim_end().ends_with(end));
            } else if self.markup == Markup::Rst && (text == ".." || text.starts_with(".. ")) {
                self.skip_indented(line);
            } else if is_rule(text) {
                // The line above a title: below it stands another.
                self.at += usize::from(self.lines.get(self.at + 1).is_some_and(|line| is_rule(line.trim())));
            } else if self.is_apart(line, text) {
                self.skip_to(|line| line.trim().is_empty());
            } else if !self.is_alone(text) {
                let first = self.at - 1;
                self.skip_to(|line| line.trim().is_empty() || is_rule(line.trim()));
                let end = (self.at - 1).min(self.lines.len());
                // What is underlined is a title.
                let is_title = self.lines.get(end).is_some_and(|line| is_rule(line.trim()));
                if !is_title && !self.lines[first..end].iter().any(|line| is_table_rule(line)) {
                    return Some(self.lines[first..end].join("\n"));
                }
            }
        }
    }

    /// Behind the next line that is so.
    fn skip_to(&mut self, is_last: impl Fn(&str) -> bool) {
        let ahead = self.lines[self.at.min(self.lines.len())..].iter();
        self.at += ahead.take_while(|line| !is_last(line)).count() + 1;
    }

    fn skip_indented(&mut self, of: &str) {
        let column = |line: &str| line.len() - line.trim_start().len();
        let is_inside = |line: &&&str| line.trim().is_empty() || column(line) > column(of);
        self.at += self.lines[self.at..].iter().take_while(is_inside).count();
    }

    /// What ends the block that this line begins, where that is not the next empty line.
    fn end_of_block(&self, text: &str) -> Option<&'static str> {
        let blocks: &[(&str, &str)] = match self.markup {
            Markup::Markdown => &[("```", "```"), ("~~~", "~~~")],
            Markup::Rst => &[],
            Markup::AsciiDoc => &[("----", "----"), ("....", "...."), ("////", "////"), ("```", "```")],
        };
        if text.starts_with("<!--") && !text.contains("-->") {
            return Some("-->");
        }
        blocks.iter().find(|(begin, _)| text.starts_with(begin)).map(|(_, end)| *end)
    }

    /// Whether what this line begins is no prose up to the next empty line.
    fn is_apart(&self, line: &str, text: &str) -> bool {
        let by_markup = match self.markup {
            Markup::Markdown => line.starts_with("    ") || line.starts_with('\t'),
            Markup::Rst => line.starts_with(' ') || text.starts_with(':') || text.starts_with('+'),
            Markup::AsciiDoc => line.starts_with(' ') || text.starts_with(':'),
        };
        let is_item = text.split_once(' ').is_some_and(|(sign, _)| {
            let number = sign.trim_end_matches(['.', ')']);
            let is_number = number.len() < sign.len() && number.bytes().all(|byte| byte.is_ascii_digit());
            matches!(sign, "-" | "*" | "+" | "•") || is_number
        });
        // A document's own title has its authors and settings below.
        let is_header = self.markup == Markup::AsciiDoc && text.starts_with("= ");
        by_markup || is_header || is_item || text.starts_with(['<', '>', '|'])
    }

    /// Whether this line is no prose.
    fn is_alone(&self, text: &str) -> bool {
        match self.markup {
            Markup::Markdown => text.starts_with('#') || is_definition(text),
            Markup::Rst => false,
            Markup::AsciiDoc => {
                let macros = ["image:", "include::", "ifdef::", "ifndef::", "endif::", "toc::"];
                text.starts_with(['=', '[', '/']) || macros.iter().any(|of| text.starts_with(of))
            }
        }
    }
}

/// `|---|:--|` and `--- | ---`.
fn is_table_rule(line: &str) -> bool {
    line.contains('|')
        && line.contains("--")
        && line.chars().all(|char| matches!(char, '|' | '-' | ':' | ' '))
}

/// `[label]: target`.
fn is_definition(text: &str) -> bool {
    text.starts_with('[') && text.split_once("]:").is_some_and(|(label, _)| !label.contains(']'))
}

/// A line of one sign again and again: above or below a title, between sections.
fn is_rule(text: &str) -> bool {
    let first = text.chars().next().filter(|first| first.is_ascii_punctuation());
    first.is_some_and(|first| text.len() >= 3 && text.chars().all(|char| char == first || char == ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markup: Markup, source: &str, expected: &str) {
        let found = of_document(source.as_bytes(), markup);
        assert_eq!(found.as_deref().unwrap_or_default(), expected, "{source}");
    }

    #[test]
    fn a_readme_is_told_by_its_first_prose() {
        for (source, expected) in [
            ("# Shop\n\nA shop for books. And more.\n", "A shop for books."),
            ("---\ntitle: x\n---\nShop\n====\n\nA shop for books\n", "A shop for books"),
            (
                "<h1>\nShop\n</h1>\n\n[![CI](a)](b)\n[![Docs](c)](d)\n\n> Quoted words here.\n\n| a | b |\n|---|---|\n\n[Site](x) | [Docs](y)\n\nA shop\nfor books.",
                "A shop for books.",
            ),
            (
                "<!-- a comment\n\nof several lines -->\n```sh\nmake it so\n```\n- item of words\n\nThe end of it.",
                "The end of it.",
            ),
            ("[label]: https://a.example\n# Title\nText of it.\n", "Text of it."),
            ("![a](b) first | second\n--- | ---\nwords in it | more\n\nThe end of it.", "The end of it."),
            ("# Only a title\n", ""),
            ("", ""),
        ] {
            check(Markup::Markdown, source, expected);
        }
    }

    #[test]
    fn a_source_is_told_by_its_head_and_not_by_its_licence() {
        for (source, in_strings, expected) in [
            (
                "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# Copyright 2020 Some Body\n\n\"\"\"A queue\nof jobs. And more.\"\"\"\n",
                true,
                "A queue of jobs.",
            ),
            ("import os\n\"\"\"No documentation of it\"\"\"\n", true, ""),
            (
                "defmodule Shop do\n  @moduledoc \"\"\"\n  A shop for books.\n  \"\"\"\n",
                true,
                "A shop for books.",
            ),
            (
                "// Copyright of somebody\n// Licensed as it is.\n\n//! A queue of jobs.\n//!\n//! More of it.\n/// An item here.\nfn a() {}\n",
                false,
                "A queue of jobs.",
            ),
            ("/// Tells of one item.\nfn a() {}\n", false, ""),
            (
                "//go:build linux\n\n// Copyright 2020 X\n// BSD license.\n\n// Package shop sells books.\npackage shop\n",
                false,
                "Package shop sells books.",
            ),
            (
                "/* queue.c -- Jobs that wait for room.\n *\n * Copyright (c) 2020\n * All of it.\n */\n#include <a.h>\n",
                false,
                "Jobs that wait for room.",
            ),
            (
                "/* eslint-disable no-console */\n'use strict';\n\n/**\n * @file A queue of jobs\n * @author Some Body\n */\n",
                false,
                "A queue of jobs",
            ),
            (
                "# frozen_string_literal: true\n\n# A queue of jobs.\nclass Queue\nend\n",
                false,
                "A queue of jobs.",
            ),
            ("// Code generated by a tool. DO NOT EDIT.\n// And more of it.\npackage a\n", false, ""),
            (
                "{-# LANGUAGE GADTs #-}\n-- |\n-- Module : Shop\n-- Copyright : (c) Some Body\n--\n-- A shop for books.\nmodule Shop where\n",
                false,
                "A shop for books.",
            ),
            ("//! ```\n//! code of an example\n//! ```\n//! A queue of jobs.\n", false, "A queue of jobs."),
            ("/* never closed", false, "never closed"),
        ] {
            let found = of_source(source.as_bytes(), in_strings, false);
            assert_eq!(found.as_deref().unwrap_or_default(), expected, "{source}");
        }
        assert_eq!(of_source(b"# include <a> and words\n", false, true), None);
    }

    #[test]
    fn rst_and_asciidoc_have_their_own_titles_and_blocks() {
        for (source, expected) in [
            (
                "====\nShop\n====\n\n.. image:: a.png\n   :alt: words in it\n\n   more words\n\nA shop for books.\n",
                "A shop for books.",
            ),
            ("Shop\n----\n\n:Author: Some Body\n\nA shop for ``books``.\n", "A shop for books."),
        ] {
            check(Markup::Rst, source, expected);
        }
        let source = "= Shop\nSome Body and others\n:toc: left\n\nimage:a.png[Build]\n\n[source]\n----\nlines of code\n----\n\nA shop for books.\n";
        check(Markup::AsciiDoc, source, "A shop for books.");
    }
}
