use std::collections::BTreeMap;

use repo_map_model::{FileTags, RepoPath};
use repo_map_render::{Quotes, Tokenizer, visible};

use crate::answer::{Answer, Omitted, Role, Row};
use crate::find::{left_out, unnumbered, used};
use crate::name::NameQuery;
use crate::order;
use crate::page::{Page, WIDTH, counted};
use crate::tree::Tree;

/// Uses in one file that are placed in their definitions: of generated files there may be any number.
const MOST_PLACED: usize = 2_000;

/// Lines of a definition that are told one by one.
const MOST_LINES: usize = 6;

/// The definitions whose bodies use a name, each with the lines where; a line that is in none stands for itself.
pub fn callers(tree: &impl Tree, query: &NameQuery, budget: usize, tokenizer: &Tokenizer) -> Answer {
    let corpus = tree.corpus();
    let meant = query.meant(corpus);
    let files = order::uses(corpus, &meant);
    let all: usize = files.iter().map(|of| of.count as usize).sum();
    let name = visible(&query.name).into_owned();
    let (uses, in_files) = (counted(all, "use", "uses"), counted(files.len(), "file", "files"));
    let mut page = Page::new(tokenizer, budget, format!("{name}: {uses} in {in_files}\n"));
    page.section("");
    let mut counts: BTreeMap<(RepoPath, u32), usize> = BTreeMap::new();
    for of in files {
        if !page.has_room() || tree.is_due() {
            break;
        }
        let path = corpus.path(of.file);
        let Some(source) = tree.source(path) else { continue };
        let Some(quotes) = Quotes::new(&source, WIDTH) else { continue };
        let mut around: BTreeMap<Option<usize>, Vec<u32>> = BTreeMap::new();
        for (line, _) in used(&source.tags, &meant).take(MOST_PLACED) {
            around.entry(definition_around(&source.tags, line)).or_default().push(line);
        }
        for (definition, lines) in around {
            let mut take = |printed: String, line, end_line, name: &str, kind, count| {
                counts.insert((path.clone(), line), count);
                let text = unnumbered(&printed);
                let (path, name) = (path.clone(), name.to_owned());
                page.take(printed, Row { path, line, end_line, role: Role::Caller, name, kind, text })
            };
            match definition.and_then(|at| source.tags.definitions().get(at)) {
                Some(of) => {
                    let printed = quotes.definition(of.line) + " ← " + &told(&lines);
                    take(
                        printed,
                        of.line,
                        of.end_line,
                        source.tags.name(of.name),
                        Some(of.kind),
                        lines.len(),
                    );
                }
                None => {
                    for of_line in lines.chunk_by(|a, b| a == b) {
                        let line = of_line[0];
                        take(quotes.line(line), line, line, "", None, of_line.len());
                    }
                }
            }
        }
    }
    page.finish(|rows| {
        let shown: usize = rows.iter().filter_map(|row| counts.get(&(row.path.clone(), row.line))).sum();
        let omitted = Omitted { references: all.saturating_sub(shown), ..Omitted::default() };
        (omitted, left_out(omitted))
    })
}

/// The innermost definition whose lines hold a line: what can be called before all others, since its body is where things happen.
pub(crate) fn definition_around(tags: &FileTags, line: u32) -> Option<usize> {
    let all = tags.definitions().iter().enumerate();
    let holding = all.filter(|(_, of)| of.signature.first.min(of.line) <= line && line <= of.end_line);
    holding
        .min_by_key(|(at, of)| {
            let lines = of.end_line - of.signature.first.min(of.line);
            // A variable whose value is a call is no place where a reader looks for one.
            (!of.kind.is_callable() && !of.kind.is_type(), lines, std::cmp::Reverse(*at))
        })
        .map(|(at, _)| at)
}

/// Lines from 1, each once: `12, 40, … (9 in all)`.
fn told(lines: &[u32]) -> String {
    let mut distinct = lines.to_vec();
    distinct.dedup();
    let shown: Vec<String> = distinct.iter().take(MOST_LINES).map(|line| (line + 1).to_string()).collect();
    let more = if distinct.len() > MOST_LINES {
        format!(", … ({} in all)", distinct.len())
    } else {
        String::new()
    };
    shown.join(", ") + &more
}
