//! One file's text as numbered lines, what each costs, and which of them are body.

use std::cell::OnceCell;
use std::sync::Arc;

use ahash::HashMap;
use repo_map_model::{FileTags, LineIndex, LineSpan};

use crate::meter::Meter;
use crate::printable;
use crate::source::Source;

pub(crate) struct SourceFile {
    source: Source,
    index: Arc<LineIndex>,
    /// The bodies of functions, in order and apart from each other: found when they are first asked for.
    bodies: OnceCell<Vec<LineSpan>>,
    costs: HashMap<u32, i64>,
    width: usize,
}

impl SourceFile {
    /// `width`: where lines are cut, the bar included. `None` for a text whose offsets do not fit 32 bits.
    pub(crate) fn new(source: Source, width: usize) -> Option<Self> {
        let index = source.lines()?;
        Some(Self { source, index, bodies: OnceCell::new(), costs: HashMap::default(), width })
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
        printable::row(self.line(line), self.width)
    }

    /// The units of a line as the map shows it.
    pub(crate) fn cost(&mut self, line: u32, meter: &Meter<'_>) -> i64 {
        if let Some(&known) = self.costs.get(&line) {
            return known;
        }
        let cost = meter.line(&(self.row(line) + "\n"));
        self.costs.insert(line, cost);
        cost
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
