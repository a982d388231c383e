//! One file's text as numbered lines, what each costs, and which of them are body.

use std::cell::OnceCell;
use std::sync::Arc;

use ahash::HashMap;
use repo_map_model::{FileTags, LineIndex, LineSpan};

use crate::meter::Meter;
use crate::printable;
use crate::signature::Page;
use crate::source::Source;
use crate::style::{Style, is_type};

pub(crate) struct SourceFile {
    source: Source,
    index: Arc<LineIndex>,
    /// The bodies of functions, in order and apart from each other: found when they are first asked for.
    bodies: OnceCell<Vec<LineSpan>>,
    /// The lines that an outline shows of scopes that are no definitions, by the line that stands for each.
    headers: OnceCell<HashMap<u32, LineSpan>>,
    costs: HashMap<u32, Cost>,
    look: Look,
}

/// What a row costs.
#[derive(Clone, Copy)]
struct Cost {
    line: i64,
    /// What a blank line after it costs more. Few rows are the last of a file.
    glue: Option<i64>,
}

/// How rows look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) style: Style,
    /// Where rows are cut, the bar included, the number before it not.
    pub(crate) width: usize,
    pub(crate) line_numbers: bool,
}

impl SourceFile {
    /// `None` for a text whose offsets do not fit 32 bits.
    pub(crate) fn new(source: Source, look: Look) -> Option<Self> {
        let index = source.lines()?;
        let (bodies, headers, costs) = (OnceCell::new(), OnceCell::new(), HashMap::default());
        Some(Self { source, index, bodies, headers, costs, look })
    }

    pub(crate) fn tags(&self) -> &FileTags {
        &self.source.tags
    }

    /// The number of lines.
    pub(crate) fn len(&self) -> u32 {
        if self.source.text.is_empty() { 0 } else { self.index.starts().len() as u32 }
    }

    /// A line as the map shows it.
    pub(crate) fn row(&self, line: u32) -> String {
        let signature = match self.look.style {
            Style::Outline => self.signature(line),
            Style::Tree => None,
        };
        let row = printable::row(signature.as_deref().unwrap_or(self.line(line)), self.look.width);
        if self.look.line_numbers { format!("{}{row}", line.saturating_add(1)) } else { row }
    }

    /// What is defined on a line, as one line.
    fn signature(&self, line: u32) -> Option<String> {
        let tags = &*self.source.tags;
        let page = Page { text: &self.source.text, starts: self.index.starts(), tags };
        let most = self.look.width.saturating_sub(1);
        page.definition(line, most).or_else(|| {
            let headers = self.headers.get_or_init(|| {
                let nameless = tags.scopes().iter().rev().filter(|of| is_type(of));
                nameless.map(|scope| (scope.line, LineSpan::new(scope.line, scope.header.last))).collect()
            });
            page.header(*headers.get(&line)?, most)
        })
    }

    /// The units of a line as the map shows it.
    pub(crate) fn cost(&mut self, line: u32, meter: &Meter<'_>) -> i64 {
        if let Some(known) = self.costs.get(&line) {
            return known.line;
        }
        let cost = meter.line(&(self.row(line) + "\n"));
        self.costs.insert(line, Cost { line: cost, glue: None });
        cost
    }

    /// The units that a blank line after a line costs.
    pub(crate) fn glue(&mut self, line: u32, meter: &Meter<'_>) -> i64 {
        if let Some(glue) = self.costs.get(&line).and_then(|known| known.glue) {
            return glue;
        }
        let row = self.row(line);
        let cost = self.cost(line, meter);
        let glue = meter.line(&(row + "\n\n")) - cost;
        self.costs.insert(line, Cost { line: cost, glue: Some(glue) });
        glue
    }

    pub(crate) fn is_blank(&self, line: u32) -> bool {
        self.line(line).trim().is_empty()
    }

    /// Whether a line may be shown only because both its neighbours are: it says nothing of what a function does. In
    /// a body that is brackets alone, elsewhere also a comment, an annotation or a preprocessor line.
    pub(crate) fn is_closable(&self, line: u32) -> bool {
        let text = self.line(line).trim();
        let brackets = text.chars().all(|c| c.is_whitespace() || "{}()[];,:".contains(c));
        brackets || (is_remark(text) && !self.is_body(line))
    }

    /// Whether the line belongs to what a function does.
    fn is_body(&self, line: u32) -> bool {
        let bodies = self.bodies.get_or_init(|| bodies(&self.source.tags));
        let after = bodies.partition_point(|body| body.first <= line);
        after > 0 && line <= bodies[after - 1].last
    }

    fn line(&self, line: u32) -> &str {
        let starts = self.index.starts();
        let Some(&start) = starts.get(line as usize) else { return "" };
        let end = starts.get(line as usize + 1).map_or(self.source.text.len(), |&next| next as usize);
        self.source.text[start as usize..end].trim_end_matches(['\r', '\n'])
    }
}

fn is_remark(text: &str) -> bool {
    const STARTS: &[&str] = &["//", "/*", "* ", "*/", "#", "@"];
    text == "*" || STARTS.iter().any(|start| text.starts_with(start))
}

/// The spans from the line after each function's signature to its end, merged where they overlap.
fn bodies(tags: &FileTags) -> Vec<LineSpan> {
    let mut spans: Vec<_> = tags
        .definitions()
        .iter()
        .filter(|d| d.kind.is_callable() && d.signature.last < d.end_line)
        .map(|d| LineSpan::new(d.signature.last + 1, d.end_line))
        .collect();
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let overlap = next.first <= kept.last;
        if overlap {
            kept.last = kept.last.max(next.last);
        }
        overlap
    });
    spans
}
