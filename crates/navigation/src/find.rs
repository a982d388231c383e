use std::ops::Range;

use repo_map_model::{FileTags, ReferenceKind, RepoPath};
use repo_map_ranking::{DefinedAt, UsedIn};
use repo_map_render::{Quotes, TokenCounter as _, Tokenizer, visible};

use crate::answer::{Answer, Omitted, Role, Row};
use crate::name::{Meant, NameQuery};
use crate::order;
use crate::page::{Page, WIDTH, counted, distinct};
use crate::tree::Tree;

/// Lines of a file that come before those of the next one: the rest waits until each file had its turn.
const FIRST_LINES: usize = 3;

/// Files that are read to tell definitions of one name apart by what they stand in.
const MOST_TOLD_APART: usize = 500;

/// The definitions of a name, then the lines that use it, each the best first.
pub fn find(tree: &impl Tree, query: &NameQuery, budget: usize, tokenizer: &Tokenizer) -> Answer {
    Search::new(tree, query, budget, tokenizer).run(true)
}

/// The lines that use a name.
pub fn references(tree: &impl Tree, query: &NameQuery, budget: usize, tokenizer: &Tokenizer) -> Answer {
    Search::new(tree, query, budget, tokenizer).run(false)
}

/// The place of a name's best definition, to show it.
pub fn best_definition(tree: &impl Tree, query: &NameQuery) -> Option<(RepoPath, u32)> {
    let tokenizer = Tokenizer::default();
    let search = Search::new(tree, query, 0, &tokenizer);
    let of = *search.told_apart(order::definitions(tree.corpus(), &search.meant)).first()?;
    let path = tree.corpus().path(of.file);
    let line = tree.source(path)?.tags.definitions().get(of.definition as usize)?.line;
    Some((path.clone(), line))
}

struct Search<'a, T> {
    tree: &'a T,
    query: &'a NameQuery,
    meant: Meant,
    budget: usize,
    tokenizer: &'a Tokenizer,
}

impl<'a, T: Tree> Search<'a, T> {
    fn new(tree: &'a T, query: &'a NameQuery, budget: usize, tokenizer: &'a Tokenizer) -> Self {
        Self { tree, query, meant: query.meant(tree.corpus()), budget, tokenizer }
    }

    fn run(&self, with_definitions: bool) -> Answer {
        let corpus = self.tree.corpus();
        let definitions = order::definitions(corpus, &self.meant);
        let definitions = self.told_apart(definitions);
        let uses = order::uses(corpus, &self.meant);
        let used: usize = uses.iter().map(|of| of.count as usize).sum();
        let mut page = Page::new(
            self.tokenizer,
            self.budget,
            self.head(with_definitions.then_some(definitions.len()), &uses),
        );
        if with_definitions {
            page.ranked_section();
            // Where a name is defined often, its uses are wanted too.
            let most = if uses.is_empty() { self.budget } else { self.budget / 5 * 3 };
            for of in &definitions {
                if page.spent() >= most || self.tree.is_due() {
                    break;
                }
                let path = corpus.path(of.file);
                let Some(source) = self.tree.source(path) else { continue };
                let Some(definition) = source.tags.definitions().get(of.definition as usize) else {
                    continue;
                };
                let Some(quotes) = Quotes::new(&source, WIDTH) else { continue };
                let printed = quotes.definition(definition.line);
                let row = Row {
                    path: path.clone(),
                    line: definition.line,
                    end_line: definition.end_line,
                    role: Role::Definition,
                    name: source.tags.name(definition.name).to_owned(),
                    kind: Some(definition.kind),
                    text: unnumbered(&printed),
                };
                page.take(printed, row);
            }
        }
        page.section(match (with_definitions, self.meant.qualifiers.is_empty()) {
            (false, _) => String::new(),
            (true, true) => "used in:".to_owned(),
            // Who uses it as what cannot be told by names.
            (true, false) => {
                format!("any {} is used in:", visible(self.meant.names.first().map_or("", |name| name)))
            }
        });
        for turn in [0..FIRST_LINES, FIRST_LINES..usize::MAX] {
            for of in &uses {
                if !page.has_room() || self.tree.is_due() {
                    break;
                }
                self.take_uses(*of, &turn, &mut page);
            }
        }
        page.finish(|rows| {
            let shown = distinct(rows, |row| row.role == Role::Definition);
            let definitions = if with_definitions { definitions.len().saturating_sub(shown) } else { 0 };
            let references = used.saturating_sub(self.uses_on(rows));
            let omitted = Omitted { definitions, references, lines: 0 };
            (omitted, left_out(omitted))
        })
    }

    /// Takes the lines of a file that use the name, from one to another of them.
    fn take_uses(&self, of: UsedIn, turn: &Range<usize>, page: &mut Page<'_>) {
        let path = self.tree.corpus().path(of.file);
        if of.count as usize <= turn.start {
            return;
        }
        let Some(source) = self.tree.source(path) else { return };
        let Some(quotes) = Quotes::new(&source, WIDTH) else { return };
        let mut lines: Vec<(u32, &str)> = used(&source.tags, &self.meant).collect();
        lines.dedup_by_key(|(line, _)| *line);
        for &(line, name) in lines.iter().take(turn.end).skip(turn.start) {
            let printed = quotes.line(line);
            let row = Row {
                path: path.clone(),
                line,
                end_line: line,
                role: Role::Reference,
                name: name.to_owned(),
                kind: None,
                text: unnumbered(&printed),
            };
            if !page.take(printed, row) {
                return;
            }
        }
    }

    /// How many uses stand on the lines that are shown.
    fn uses_on(&self, rows: &[&Row]) -> usize {
        let mut rows: Vec<_> = rows.iter().filter(|row| row.role == Role::Reference).collect();
        rows.sort_by(|a, b| a.path.cmp(&b.path).then(a.line.cmp(&b.line)));
        let mut count = 0;
        for of_file in rows.chunk_by(|a, b| a.path == b.path) {
            let Some(source) = self.tree.source(&of_file[0].path) else { continue };
            let is_shown = |line| of_file.binary_search_by_key(&line, |row| row.line).is_ok();
            count += used(&source.tags, &self.meant).filter(|(line, _)| is_shown(*line)).count();
        }
        count
    }

    /// Definitions of a qualified name: those that stand in what is named before it, if any does.
    fn told_apart(&self, definitions: Vec<DefinedAt>) -> Vec<DefinedAt> {
        let corpus = self.tree.corpus();
        let mut read = 0;
        order::qualified(definitions, &self.meant.qualifiers, |of, qualifiers| {
            read += 1;
            if read > MOST_TOLD_APART || self.tree.is_due() {
                return false;
            }
            let path = corpus.path(of.file);
            let source = self.tree.source(path);
            source.is_some_and(|source| order::stands_in(&source.tags, of.definition, path, qualifiers))
        })
    }

    /// What was found, in one line; names that are like one that nobody has.
    fn head(&self, definitions: Option<usize>, uses: &[UsedIn]) -> String {
        let name = visible(&self.query.name).into_owned();
        let used: usize = uses.iter().map(|of| of.count as usize).sum();
        let none = match definitions {
            Some(0) => "no definition and no use of this name",
            None => "no use of this name",
            Some(_) => "",
        };
        if uses.is_empty() && !none.is_empty() {
            return format!("{name}: {none}\n");
        }
        let of_definitions = definitions.map(|count| counted(count, "definition", "definitions") + ", ");
        let mut head =
            format!("{name}: {}{}", of_definitions.unwrap_or_default(), counted(used, "use", "uses"));
        if !uses.is_empty() {
            head += &format!(" in {}", counted(uses.len(), "file", "files"));
        }
        if !self.meant.is_exact {
            let mut names: Vec<&String> = self.meant.names.iter().collect();
            names.sort_by_key(|name| name.len());
            let few: Vec<_> = names.iter().take(8).map(|name| visible(name)).collect();
            let more = if self.meant.names.len() > few.len() { ", …" } else { "" };
            head += &format!("; as {}{more}", few.join(", "));
        } else if definitions == Some(0) {
            let similar = self.query.similar(self.tree.corpus());
            if !similar.is_empty() {
                let similar: Vec<_> = similar.iter().map(|name| visible(name)).collect();
                head += &format!("; defined are {}", similar.join(", "));
            }
        }
        head.push('\n');
        // A line that alone is over the budget says nothing.
        if self.tokenizer.count(&head) > self.budget { String::new() } else { head }
    }
}

/// The lines of a file that use a name that is meant, from the first to the last.
pub(crate) fn used<'a>(tags: &'a FileTags, meant: &'a Meant) -> impl Iterator<Item = (u32, &'a str)> {
    let is_use = |kind| kind != ReferenceKind::Mention;
    let uses = tags.references().iter().filter(move |of| is_use(of.kind));
    uses.map(|of| (of.line, tags.name(of.name))).filter(|(_, name)| meant.means(name))
}

/// A printed row without the number and the bar.
pub(crate) fn unnumbered(printed: &str) -> String {
    printed.split_once('│').map_or(printed, |(_, row)| row).to_owned()
}

/// `12 definitions and 40 uses are left out`; empty for nothing.
pub(crate) fn left_out(omitted: Omitted) -> String {
    let parts = [
        (omitted.definitions, "definition", "definitions"),
        (omitted.references, "use", "uses"),
        (omitted.lines, "line", "lines"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(*count, one, many))
        .collect();
    match (parts.len(), omitted.definitions + omitted.references + omitted.lines) {
        (0, _) => String::new(),
        (_, 1) => format!("{} is left out", parts.join(" and ")),
        _ => format!("{} are left out", parts.join(" and ")),
    }
}
