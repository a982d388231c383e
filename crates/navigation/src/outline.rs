use repo_map_model::RepoPath;
use repo_map_render::{Item, Quotes, RenderOptions, Source, Tokenizer, render};

use crate::answer::{Answer, Omitted, Role, Row};
use crate::find::unnumbered;
use crate::page::WIDTH;

/// The definitions of a file in their order: what is reached from outside before what stands within, as far as there is room.
pub fn outline(path: &RepoPath, source: &Source, budget: usize, tokenizer: &Tokenizer) -> Answer {
    let tags = &source.tags;
    let depth = |at: &usize| {
        let of = &tags.definitions()[*at];
        (tags.ancestors(of.scope).count(), !of.kind.is_type())
    };
    let mut order: Vec<usize> = (0..tags.definitions().len()).collect();
    order.sort_by_key(depth);
    let items = order.iter().map(|at| Item::definition(path.clone(), *at as u32));
    let options = RenderOptions::new(budget).tokenizer(tokenizer.clone()).line_numbers(true);
    let rendered = render(items, |_: &RepoPath| Some(source.clone()), &options);
    let shown = rendered.files.into_iter().flat_map(|file| file.definitions);
    let quotes = Quotes::new(source, WIDTH);
    let rows: Vec<Row> = shown
        .filter_map(|at| {
            let of = tags.definitions().get(at as usize)?;
            Some(Row {
                path: path.clone(),
                line: of.line,
                end_line: of.end_line,
                role: Role::Definition,
                name: tags.name(of.name).to_owned(),
                kind: Some(of.kind),
                text: unnumbered(&quotes.as_ref()?.definition(of.line)),
            })
        })
        .collect();
    let omitted = Omitted { definitions: tags.definitions().len() - rows.len(), ..Omitted::default() };
    Answer { text: rendered.text, tokens_used: rendered.tokens_used, rows, omitted }
}
