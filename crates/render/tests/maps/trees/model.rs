//! A map made the plain way: sets of lines, one pass over the whole file, nothing kept up by differences.

use std::collections::BTreeMap;

use repo_map_model::{FileTags, LineSpan, RepoPath, ScopeKind};
use repo_map_render::{Item, RenderOptions, Source, Style, Tokenizer, render};

use super::File;

/// The width of lines in all these tests.
const WIDTH: usize = 100;

/// What the map of all these items must be, whatever it costs.
pub(crate) fn text(files: &[File], items: &[Item], style: Style) -> String {
    let mut order: Vec<&RepoPath> = Vec::new();
    for item in items {
        if !order.contains(&item.path()) && shows(files, item) {
            order.push(item.path());
        }
    }
    let mut text = String::new();
    let mut bare_before = None;
    for path in order {
        let rows = rows(files, items, path, style);
        if bare_before.is_some_and(|bare| !(bare && rows.is_empty())) {
            text.push('\n');
        }
        bare_before = Some(rows.is_empty());
        text.push_str(path.as_str());
        text.push_str(if rows.is_empty() { "\n" } else { ":\n" });
        rows.iter().for_each(|row| text.extend([row, "\n"]));
    }
    text
}

/// Whether there is anything to print for the item.
pub(crate) fn shows(files: &[File], item: &Item) -> bool {
    matches!(item, Item::File { .. })
        || !rows(files, std::slice::from_ref(item), item.path(), Style::Outline).is_empty()
}

/// The file as the renderer asks for it.
pub(crate) fn source(files: &[File], path: &RepoPath) -> Option<Source> {
    let file = files.iter().find(|file| file.path == path.as_str())?;
    Some(Source::new(file.text.as_str(), file.tags.clone()))
}

/// Every definition and every file as an item.
pub(crate) fn items(files: &[File]) -> Vec<Item> {
    let mut items = Vec::new();
    for file in files {
        let path = RepoPath::new(&file.path).expect("made as a path inside a repository");
        items.extend(
            (0..file.tags.definitions().len()).map(|index| Item::definition(path.clone(), index as u32)),
        );
        items.push(Item::file(path));
    }
    items
}

fn rows(files: &[File], items: &[Item], path: &RepoPath, style: Style) -> Vec<String> {
    let Some(file) = files.iter().find(|file| file.path == path.as_str()) else { return Vec::new() };
    let lines: Vec<&str> = repo_map_model::lines(&file.text).collect();
    let mut shown = vec![false; lines.len()];
    for item in items {
        if let Item::Definition { path: of, definition } = item
            && of == path
        {
            mark(&file.tags, *definition, style, &mut shown);
        }
    }
    if style == Style::Tree {
        close(&file.tags, &lines, &mut shown);
    }

    let mut rows = Vec::new();
    let mut gap = false;
    for (number, (line, shown)) in lines.iter().zip(&shown).enumerate() {
        if *shown {
            rows.push(match style {
                Style::Outline => outline(file)[&number].clone(),
                _ => row(line),
            });
            gap = false;
        } else if style == Style::Tree && !gap {
            rows.push("⋮".to_owned());
            gap = true;
        }
    }
    if shown.contains(&true) { rows } else { Vec::new() }
}

/// The rows of a file's outline: what each definition alone is shown as. What they look like is asked elsewhere.
pub(crate) fn outline(file: &File) -> &BTreeMap<usize, String> {
    file.outline.get_or_init(|| {
        let mut rows = BTreeMap::new();
        let path = RepoPath::new(&file.path).expect("made as a path inside a repository");
        for definition in 0..file.tags.definitions().len() as u32 {
            let mut shown = vec![false; repo_map_model::lines(&file.text).count()];
            mark(&file.tags, definition, Style::Outline, &mut shown);
            let source = Source::new(file.text.as_str(), file.tags.clone());
            let options = RenderOptions::new(usize::MAX).tokenizer(Tokenizer::bytes4());
            let alone = render(
                [Item::definition(path.clone(), definition)],
                |_: &RepoPath| Some(source.clone()),
                &options,
            );
            let lines = shown.iter().enumerate().filter(|(_, shown)| **shown).map(|(line, _)| line);
            rows.extend(lines.zip(alone.text.lines().skip(1).map(str::to_owned)));
        }
        rows
    })
}

fn mark(tags: &FileTags, definition: u32, style: Style, shown: &mut [bool]) {
    let Some(definition) = tags.definitions().get(definition as usize) else { return };
    if definition.line as usize >= shown.len() {
        return;
    }
    let mut spans = vec![LineSpan::new(definition.line, definition.line)];
    for (_, scope) in tags.ancestors(definition.scope) {
        match style {
            Style::Tree => spans.push(scope.header),
            _ if matches!(scope.kind, ScopeKind::Type | ScopeKind::Implementation) => {
                spans.push(LineSpan::new(scope.line, scope.line));
            }
            _ => {}
        }
    }
    if style == Style::Tree {
        spans.push(definition.signature);
    }
    for (line, shown) in (0..).zip(shown) {
        *shown |= spans.iter().any(|span| span.contains(line));
    }
}

fn close(tags: &FileTags, lines: &[&str], shown: &mut [bool]) {
    let blank = |line: usize| lines[line].trim().is_empty();
    let in_body = |line: usize| {
        let body =
            |d: &repo_map_model::Definition| (d.signature.last + 1..=d.end_line).contains(&(line as u32));
        tags.definitions().iter().any(|d| d.kind.is_callable() && body(d))
    };
    let closable = |line: usize| {
        let text = lines[line].trim();
        let brackets = text.chars().all(|c| c.is_whitespace() || "{}()[];,:".contains(c));
        let remark =
            text == "*" || ["//", "/*", "* ", "*/", "#", "@"].iter().any(|start| text.starts_with(start));
        brackets || (remark && !in_body(line))
    };
    let base = shown.to_vec();
    for line in 1..lines.len().saturating_sub(1) {
        shown[line] |= base[line - 1] && base[line + 1] && closable(line);
    }
    for line in 1..lines.len() {
        shown[line] |= base[line - 1] && !blank(line - 1) && blank(line);
    }
}

fn row(line: &str) -> String {
    let printable = line.chars().filter(|c| !matches!(c, '\u{2028}' | '\u{2029}'));
    let cut: String = printable.take(WIDTH - 1).collect();
    format!("│{}", cut.trim_end())
}
