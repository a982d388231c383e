//! Jupyter notebooks: the code of their cells is read as one text of the kernel's language, and what is found has its place in the file.
//!
//! What cells have put out, and their prose, is never read. A name that the file writes with escapes cannot be told by its place: it is
//! left out.

use repo_map_model::{Definition, FileTags, LineIndex, LineSpan, Reference, Scope, ScopeId};

use crate::budget::Budget;
use crate::read::read_text;
use crate::{ExtractOptions, Extraction, Language, Outcome, SkipReason, rows, screen};
use code::Code;

mod cells;
mod code;
mod magics;
mod page;

pub use page::page;

/// So often the text of a file is gone through before any of it is parsed.
const PASSES: usize = 3;

/// The tags of a notebook, by the language's own row where it is one of Python.
pub(crate) fn read(language: Language, source: &[u8], options: &ExtractOptions) -> Extraction {
    if Budget::new(options, source.len()).read(PASSES * source.len()).is_break() {
        return Extraction::skipped(SkipReason::BudgetExceeded);
    }
    let found = cells::find(source, Some(cells::CODE));
    let named = found.language.clone().map(|name| &source[name]);
    let Some(kernel) = kernel(language, named) else {
        return Extraction::within(Some(FileTags::default()), Outcome::Complete);
    };
    let mut code = Code::new(source, &found);
    if kernel == language {
        magics::comment_out(&mut code.text, &code.cells);
    }
    // Escapes hid brackets from the look at the file.
    if let Some(reason) = screen::refuse_bytes(&code.text, options) {
        return Extraction::skipped(reason);
    }
    let extraction = read_text(kernel, &code.text, options);
    let tags = Places::new(&code, source).of_tags(&extraction.tags);
    Extraction { tags, ..extraction }
}

/// The language of a kernel, if it is one that is read as code.
fn kernel(notebook: Language, name: Option<&[u8]>) -> Option<Language> {
    let Some(name) = name else { return Some(notebook) };
    let name = std::str::from_utf8(name).ok()?;
    let begins = |of: &&str| name.get(..of.len()).is_some_and(|start| start.eq_ignore_ascii_case(of));
    if ["python", "ipython", "sage"].iter().any(begins) {
        return Some(notebook);
    }
    let language = Language::at_place(u16::try_from(rows::of_word(name)?).ok()?);
    let row = language.row();
    (row.grammar.is_some() && !row.outline && row.embedded.is_none()).then_some(language)
}

/// From the text of the code to the file.
struct Places<'a> {
    code: &'a Code,
    source: &'a [u8],
    lines_of_code: LineIndex,
    lines_of_file: LineIndex,
}

impl<'a> Places<'a> {
    fn new(code: &'a Code, source: &'a [u8]) -> Self {
        let (lines_of_code, lines_of_file) = (LineIndex::new(&code.text), LineIndex::new(source));
        Self { code, source, lines_of_code, lines_of_file }
    }

    fn of_tags(&self, tags: &FileTags) -> FileTags {
        let mut definitions: Vec<_> = tags
            .definitions()
            .iter()
            .filter_map(|definition| self.definition(definition, tags.name(definition.name)))
            .collect();
        let (scopes, ids) = self.scopes(tags, &definitions);
        for definition in &mut definitions {
            definition.scope = definition.scope.and_then(|scope| ids[scope.0 as usize]);
        }
        let references = tags.references().iter();
        let references =
            references.map(|reference| Reference { line: self.first(reference.line), ..*reference });
        let moved = FileTags::from_parts(tags.names().to_vec(), definitions, references.collect(), scopes);
        let moved = moved.expect("ids are those of the tags, or of scopes that stand before");
        moved.with_summary(tags.summary().map(Into::into))
    }

    /// The scopes that still hold definitions, and what each of the tags' own is now: itself, or the next around it that is there.
    fn scopes(&self, tags: &FileTags, definitions: &[Definition]) -> (Vec<Scope>, Vec<Option<ScopeId>>) {
        let mut holds = vec![false; tags.scopes().len()];
        for definition in definitions {
            let mut around = definition.scope;
            while let Some(scope) = around.filter(|scope| !holds[scope.0 as usize]) {
                holds[scope.0 as usize] = true;
                around = tags.scopes()[scope.0 as usize].parent;
            }
        }
        let (mut scopes, mut ids) = (Vec::new(), Vec::<Option<ScopeId>>::new());
        for (scope, holds) in tags.scopes().iter().zip(holds) {
            let parent = scope.parent.and_then(|parent| ids[parent.0 as usize]);
            let header = self.span(scope.header);
            let end_line = self.last(scope.end_line);
            // What is on one line of the file holds nothing, as in any other.
            ids.push(if holds && header.first < end_line {
                scopes.push(Scope { header, line: self.first(scope.line), end_line, parent, ..*scope });
                Some(ScopeId(scopes.len() as u32 - 1))
            } else {
                parent
            });
        }
        (scopes, ids)
    }

    /// The same definition, still with the scope that it has in the code.
    fn definition(&self, of: &Definition, name: &str) -> Option<Definition> {
        let start = self.code.place(of.name_start as usize);
        self.source[start..].starts_with(name.as_bytes()).then(|| Definition {
            line: self.lines_of_file.line_of(start as u32),
            name_start: start as u32,
            signature: self.span(of.signature),
            signature_end: self.end(of.signature_end as usize).max(start + 1) as u32,
            end_line: self.last(of.end_line),
            ..*of
        })
    }

    /// The end of what ends in the text, without the blanks before: quotes and commas stand between the lines in the file.
    fn end(&self, offset: usize) -> usize {
        let text = &self.code.text[..offset.min(self.code.text.len())];
        let end = text.trim_ascii_end().len();
        let last = self.code.place(end.saturating_sub(1));
        let is_escape = self.source.get(last) == Some(&b'\\');
        if is_escape { self.code.place(end) } else { last + 1 }
    }

    fn span(&self, span: LineSpan) -> LineSpan {
        LineSpan::new(self.first(span.first), self.last(span.last))
    }

    /// The line of the file on which a line of the code begins.
    fn first(&self, line: u32) -> u32 {
        let start = self.lines_of_code.starts().get(line as usize).copied().unwrap_or_default();
        self.lines_of_file.line_of(self.code.place(start as usize) as u32)
    }

    /// The line of the file on which a line of the code ends.
    fn last(&self, line: u32) -> u32 {
        let next = self.lines_of_code.starts().get(line as usize + 1);
        let end = next.map_or(self.code.text.len(), |next| *next as usize);
        self.lines_of_file.line_of(self.code.place(end.saturating_sub(1)) as u32)
    }
}
