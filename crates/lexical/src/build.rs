//! One file's text and tags to its record.

use ahash::HashMap;
use repo_map_model::{Definition, DefinitionKind, FileTags, Reference, ReferenceKind, lines};

use crate::field::{Field, Lengths};
use crate::record::{BodyParts, Counts, FileWords};
use crate::term::Term;
use crate::words::{Splitter, tokens};

/// Text without tags is prose, configuration or data: its head tells what it is about.
const MAX_UNTAGGED_BYTES: usize = 1 << 18;
/// More different terms than any hand-written file has; later ones are left out.
const MAX_TERMS: usize = 1 << 16;
/// How many lines of comments and attributes right above a definition are taken to be about it.
const MAX_LEAD_LINES: u32 = 12;

impl FileWords {
    /// Reads the words of a text and of the definitions in it.
    ///
    /// Of files without tags (documents, configuration, unknown languages) the first 256 KiB are read. A body is kept for each outermost
    /// callable and each type that is defined, not only declared. Type bodies exclude their methods; one-line macros are skipped; a leading
    /// comment is included.
    ///
    /// Cost: linear in the text, and in the bodies.
    pub fn of(text: &str, tags: &FileTags) -> Self {
        let text = if is_untagged(tags) { head(text, MAX_UNTAGGED_BYTES) } else { text };
        let mut page = Page::default();
        page.read(text);
        page.count_names(tags);
        page.count_signatures(tags);
        let bodies = page.bodies(tags);
        page.finish(bodies)
    }
}

/// Whether the tags say nothing of code: names in prose do not.
fn is_untagged(tags: &FileTags) -> bool {
    let is_mention = |reference: &Reference| reference.kind == ReferenceKind::Mention;
    tags.definitions().is_empty() && tags.references().iter().all(is_mention)
}

/// As many bytes of the text as fit, cut between characters.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// The tokens of a file line by line, each split once; terms are slots in the order of first use.
#[derive(Default)]
struct Page<'t> {
    tokens: HashMap<&'t str, u32>,
    /// The slots of a token's words: token `i` has those from `ends[i - 1]` to `ends[i]`.
    slots: Vec<u32>,
    ends: Vec<u32>,
    terms: HashMap<Term, u32>,
    counts: Vec<(Term, [u32; Field::COUNT])>,
    lengths: Lengths,
    sequence: Vec<u32>,
    /// Where in `sequence` each line ends, and whether the line is a comment or an attribute.
    lines: Vec<(u32, bool)>,
    splitter: Splitter,
}

impl<'t> Page<'t> {
    fn read(&mut self, text: &'t str) {
        let mut in_block = false;
        for line in lines(text) {
            let prose = is_prose(line, &mut in_block);
            let start = self.sequence.len();
            for token in tokens(line) {
                let id = self.token(token);
                self.sequence.push(id);
            }
            if prose {
                for at in start..self.sequence.len() {
                    self.count(self.sequence[at], Field::Prose, 1);
                }
            }
            self.lines.push((self.sequence.len() as u32, prose || is_attribute(line)));
        }
        let mut uses = vec![0; self.ends.len()];
        self.sequence.iter().for_each(|&token| uses[token as usize] += 1);
        for (token, uses) in uses.into_iter().enumerate() {
            self.count(token as u32, Field::Content, uses);
        }
    }

    fn token(&mut self, token: &'t str) -> u32 {
        if let Some(&id) = self.tokens.get(token) {
            return id;
        }
        let Self { splitter, terms, counts, slots, .. } = self;
        splitter.split(token, &mut |word| slots.extend(slot(terms, counts, Term::new(word))));
        let id = self.ends.len() as u32;
        self.ends.push(self.slots.len() as u32);
        self.tokens.insert(token, id);
        id
    }

    fn slots(&self, token: u32) -> std::ops::Range<usize> {
        let token = token as usize;
        let start = if token == 0 { 0 } else { self.ends[token - 1] };
        start as usize..self.ends[token] as usize
    }

    fn count(&mut self, token: u32, field: Field, uses: u32) {
        let slots = self.slots(token);
        self.lengths[field as usize] += slots.len() as u32 * uses;
        for &slot in &self.slots[slots] {
            self.counts[slot as usize].1[field as usize] += uses;
        }
    }

    fn count_names(&mut self, tags: &FileTags) {
        for definition in tags.definitions().iter().filter(|definition| is_named(definition.kind)) {
            let slots = self.name(tags.name(definition.name));
            // The exact name is another view of the same word, not another word.
            self.lengths[Field::Names as usize] += slots.len().saturating_sub(1) as u32;
            for slot in slots {
                self.counts[slot as usize].1[Field::Names as usize] += 1;
            }
        }
    }

    /// The slot of the exact name, then those of its words.
    fn name(&mut self, name: &str) -> Vec<u32> {
        let Self { splitter, terms, counts, .. } = self;
        let mut found = Vec::new();
        found.extend(slot(terms, counts, Term::exact(name)));
        for token in tokens(name) {
            splitter.split(token, &mut |word| found.extend(slot(terms, counts, Term::new(word))));
        }
        found
    }

    fn count_signatures(&mut self, tags: &FileTags) {
        let mut next = 0;
        for definition in tags.definitions() {
            let first = definition.signature.first.max(next);
            for at in self.tokens_of(first, definition.signature.last) {
                self.count(self.sequence[at], Field::Signatures, 1);
            }
            next = next.max(definition.signature.last.saturating_add(1));
        }
    }

    /// Positions in the sequence of the tokens on the lines, both included.
    fn tokens_of(&self, first: u32, last: u32) -> std::ops::Range<usize> {
        let end = |lines: usize| match lines.min(self.lines.len()) {
            0 => 0,
            lines => self.lines[lines - 1].0 as usize,
        };
        let start = end(first as usize);
        start..end(last as usize + 1).max(start)
    }

    fn bodies(&mut self, tags: &FileTags) -> Vec<BodyParts> {
        let mut bodies: Vec<BodyParts> = Vec::new();
        let mut tally = Tally::default();
        // Open types as (body, last line), the end of the callable that hides what is in it, and of what came before.
        let mut types: Vec<(u32, u32)> = Vec::new();
        let mut hidden_until = None;
        let mut free_from = 0;
        let definitions = tags.definitions();
        let chosen: Vec<usize> = (0..definitions.len())
            .filter(|&index| {
                let definition = &definitions[index];
                let hidden =
                    hidden_until.is_some_and(|end| definition.line <= end && definition.end_line <= end);
                let kept = !hidden && has_body(definition);
                if kept && definition.kind.is_callable() {
                    hidden_until = hidden_until.max(Some(definition.end_line));
                }
                kept
            })
            .collect();
        for (at, &index) in chosen.iter().enumerate() {
            let definition = &definitions[index];
            let first = self.lead(definition.signature.first, free_from);
            while types.last().is_some_and(|&(_, end)| end < definition.line) {
                types.pop();
            }
            let parent = types.last().map(|&(body, _)| body);
            if definition.kind.is_type() {
                // Its own lines: those that no body inside of it takes.
                let mut line = first;
                let mut behind = &chosen[at + 1..];
                while let [inner, rest @ ..] = behind {
                    let inner = &definitions[*inner];
                    if inner.line > definition.end_line || line > definition.end_line {
                        break;
                    }
                    // What is inside of it takes nothing more, and types may nest without end.
                    let inside = rest.partition_point(|&other| definitions[other].line < inner.end_line);
                    behind = &rest[inside..];
                    if inner.signature.first > line {
                        tally.add(self, line, inner.signature.first - 1);
                    }
                    line = line.max(inner.end_line.saturating_add(1));
                }
                if line <= definition.end_line {
                    tally.add(self, line, definition.end_line);
                }
                types.push((at as u32, definition.end_line));
                free_from = definition.signature.last.saturating_add(1);
            } else {
                tally.add(self, first, definition.end_line);
                free_from = definition.end_line.saturating_add(1);
            }
            let names = self.name(tags.name(definition.name));
            let (length, postings) = tally.take();
            bodies.push(BodyParts { definition: index as u32, parent, length, names, postings });
        }
        bodies
    }

    /// The first line of the comments and attributes that stand right above a line, or the line itself.
    fn lead(&self, line: u32, free_from: u32) -> u32 {
        let limit = free_from.max(line.saturating_sub(MAX_LEAD_LINES));
        let mut first = line;
        while first > limit && self.lines.get(first as usize - 1).is_some_and(|&(_, about_next)| about_next) {
            first -= 1;
        }
        first
    }

    fn finish(self, mut bodies: Vec<BodyParts>) -> FileWords {
        let mut order: Vec<u32> = (0..self.counts.len() as u32).collect();
        order.sort_unstable_by_key(|&slot| self.counts[slot as usize].0);
        let mut position = vec![0; order.len()];
        let mut terms = Vec::with_capacity(order.len());
        for (at, &slot) in order.iter().enumerate() {
            position[slot as usize] = at as u32;
            let (term, counts) = self.counts[slot as usize];
            let counts: Counts = counts.map(|count| u8::try_from(count).unwrap_or(u8::MAX));
            terms.push((term, counts));
        }
        for body in &mut bodies {
            body.names.iter_mut().for_each(|slot| *slot = position[*slot as usize]);
            body.postings.iter_mut().for_each(|(slot, _)| *slot = position[*slot as usize]);
            body.postings.sort_unstable();
        }
        FileWords::from_parts(&terms, self.lengths, &bodies)
    }
}

/// The slot of a term, new or known; none for new ones when the file has too many.
fn slot(
    terms: &mut HashMap<Term, u32>,
    counts: &mut Vec<(Term, [u32; Field::COUNT])>,
    term: Term,
) -> Option<u32> {
    if let Some(&slot) = terms.get(&term) {
        return Some(slot);
    }
    if counts.len() == MAX_TERMS {
        return None;
    }
    let slot = counts.len() as u32;
    terms.insert(term, slot);
    counts.push((term, [0; Field::COUNT]));
    Some(slot)
}

/// Counts the words of one body.
#[derive(Default)]
struct Tally {
    counts: Vec<u32>,
    seen: Vec<u32>,
    length: u32,
}

impl Tally {
    fn add(&mut self, page: &Page<'_>, first: u32, last: u32) {
        self.counts.resize(page.counts.len(), 0);
        for at in page.tokens_of(first, last) {
            for &slot in &page.slots[page.slots(page.sequence[at])] {
                if self.counts[slot as usize] == 0 {
                    self.seen.push(slot);
                }
                self.counts[slot as usize] += 1;
                self.length += 1;
            }
        }
    }

    fn take(&mut self) -> (u32, Vec<(u32, u32)>) {
        let counts = &mut self.counts;
        let postings =
            self.seen.drain(..).map(|slot| (slot, std::mem::take(&mut counts[slot as usize]))).collect();
        (std::mem::take(&mut self.length), postings)
    }
}

/// Names that a task may call a definition by: members that are data are left to the content.
const fn is_named(kind: DefinitionKind) -> bool {
    !matches!(kind, DefinitionKind::EnumMember | DefinitionKind::Field)
}

fn has_body(definition: &Definition) -> bool {
    let spans = definition.end_line > definition.line;
    !definition.declaration
        && match definition.kind {
            DefinitionKind::Macro => spans,
            kind => kind.is_callable() || kind.is_type(),
        }
}

/// Whether a line reads as an attribute or a decorator of what follows.
fn is_attribute(line: &str) -> bool {
    line.trim_start().starts_with('@') || line.trim_start().starts_with("#[")
}

/// Whether a line reads as a comment in most languages. `#` opens one unless a directive or an attribute follows.
fn is_prose(line: &str, in_block: &mut bool) -> bool {
    let line = line.trim_start();
    if *in_block {
        *in_block = !line.contains("*/");
        return true;
    }
    if line.starts_with("/*") {
        *in_block = !line.contains("*/");
        return true;
    }
    line.starts_with("//")
        || line.starts_with("--")
        || line.strip_prefix('#').is_some_and(|rest| rest.starts_with([' ', '#', ':']) || rest.is_empty())
}

#[cfg(test)]
mod tests;
