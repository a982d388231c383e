//! Which lines get onto the page where each has a worth: greedily by expected gain for a token.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use repo_map_model::RepoPath;

use crate::page::{Page, Quote};
use crate::render::{Item, RenderOptions, Rendered};
use crate::source::Sources;

/// A file with what it is worth to list it, and to show each of its definitions.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Claim {
    /// The file.
    pub path: RepoPath,
    /// What the map gains when it lists the file at all.
    pub gain: f64,
    /// Definitions by their place in [`FileTags::definitions`](repo_map_model::FileTags::definitions), with what the map gains
    /// when it shows them.
    pub definitions: Vec<(u32, f64)>,
}

/// The tokens that a line is taken to cost until its file has been read.
const TYPICAL_LINE: usize = 12;
/// Refusals in a row that end the packing.
const LOOK_AHEAD: usize = 256;

impl Claim {
    /// A file whose definitions are worth nothing yet.
    pub const fn new(path: RepoPath, gain: f64) -> Self {
        Self { path, gain, definitions: Vec::new() }
    }
}

/// Prints what gains most for its tokens, within the budget. Files are printed in the order of the claims.
///
/// A definition costs its line, the lines of the types around it and, for the first of a file, the file's line; it gains its
/// own worth, that of the types that come with it, and for the first of a file the file's. What is shown already costs and gains nothing, so a file's tenth
/// line has to beat another file's first. Files are read when one of their lines is next; the cost is in proportion
/// to the lines that are offered.
pub fn render_by_gain(claims: &[Claim], sources: impl Sources, options: &RenderOptions) -> Rendered {
    Printer::new(options).by_gain(claims, sources, options.budget)
}

/// Prints one map after the other from the same sources: what it has read, folded and counted for one it knows for the next.
pub struct Printer<'a>(Page<'a>);

impl<'a> Printer<'a> {
    /// Prints as the options say, but for their budget.
    pub fn new(options: &'a RenderOptions) -> Self {
        Self(Page::new(options))
    }

    /// As [`render_by_gain`], within this budget. A file is asked for once, by the first of the maps that reads it.
    pub fn by_gain(&mut self, claims: &[Claim], mut sources: impl Sources, budget: usize) -> Rendered {
        if budget == 0 {
            return Rendered::default();
        }
        let Self(page) = self;
        page.clear();
        let placed = fill(page, claims, &mut sources, budget);
        let (text, tokens_used) = fit(page, claims, &placed, budget);
        let listed = claims.iter().filter(|claim| page.has(&claim.path)).count();
        let all: usize = claims.iter().map(|claim| claim.definitions.len()).sum();
        let files = page.files();
        let shown: usize = files.iter().map(|file| file.definitions.len()).sum();
        Rendered {
            text,
            tokens_used,
            files,
            omitted_files: claims.len() - listed,
            omitted_definitions: all.saturating_sub(shown),
        }
    }
}

/// Something that may be placed next, by what it is thought to gain for a unit.
struct Offer {
    density: f64,
    claim: usize,
    /// `None` is the file's line alone.
    definition: Option<u32>,
    /// Made when the file was on the page already.
    listed: bool,
}

fn fill(
    page: &mut Page<'_>,
    claims: &[Claim],
    sources: &mut impl Sources,
    budget: usize,
) -> Vec<(Item, Quote)> {
    let limit = page.meter().units(budget);
    let line = page.meter().units(TYPICAL_LINE);
    let gains: Vec<Gains<'_>> = claims.iter().map(Gains::new).collect();
    let mut heap = BinaryHeap::new();
    for (claim, of) in claims.iter().enumerate() {
        let header = page.path_units(&of.path);
        let offer = |definition, gain: f64, units: i64| Offer {
            density: gain / units.max(1) as f64,
            claim,
            definition,
            listed: false,
        };
        heap.push(offer(None, of.gain, header));
        let definitions = of.definitions.iter();
        heap.extend(
            definitions.map(|&(definition, gain)| offer(Some(definition), of.gain + gain, header + line)),
        );
    }
    let mut placed: Vec<(Item, Quote)> = Vec::new();
    let mut refusals = 0;
    while refusals < LOOK_AHEAD
        && let Some(offer) = heap.pop()
    {
        let of = &claims[offer.claim];
        let listed = page.has(&of.path);
        if listed && !offer.listed {
            continue;
        }
        let item = match offer.definition {
            Some(definition) => Item::definition(of.path.clone(), definition),
            None => Item::file(of.path.clone()),
        };
        if page.shows(&item) {
            continue;
        }
        let room = limit - page.units();
        let Some(quote) = page.quote(&item, room, true, sources) else { continue };
        if quote.units > room {
            refusals += 1;
            continue;
        }
        let new = page.newly_shown(&quote).into_iter().map(|definition| gains[offer.claim].of(definition));
        let gain = new.sum::<f64>() + if listed { 0.0 } else { of.gain };
        let density = gain / quote.units.max(1) as f64;
        if heap.peek().is_some_and(|next| density < next.density * 0.999) {
            // A file's lines gain and cost no less than was offered until one of them is placed.
            heap.push(Offer { density, ..offer });
            continue;
        }
        if gain <= 0.0 {
            refusals += 1;
            continue;
        }
        page.place(&quote);
        placed.push((item, quote));
        refusals = 0;
        if !listed {
            let room = limit - page.units();
            for &(definition, gain) in &of.definitions {
                let item = Item::definition(of.path.clone(), definition);
                // A file that was listed for its own sake is read too: a guess would keep its short lines waiting.
                let units = page.quote(&item, room, true, sources).map_or(line, |quote| quote.units);
                heap.push(Offer {
                    density: gain / units.max(1) as f64,
                    claim: offer.claim,
                    definition: Some(definition),
                    listed: true,
                });
            }
        }
    }
    placed
}

/// Puts the files in the order of the claims. That may move blank lines: what was placed last goes until all fits.
fn fit(page: &mut Page<'_>, claims: &[Claim], placed: &[(Item, Quote)], budget: usize) -> (String, usize) {
    let mut kept = placed.len();
    loop {
        page.arrange(claims.iter().map(|claim| &claim.path));
        let text = page.text();
        let count = page.meter().exact(&text);
        if count <= budget {
            return (text, count);
        }
        if kept == 0 {
            return (String::new(), 0);
        }
        // One at a time where lines add up; a caller's tokenizer may be further off.
        kept -= (kept / 16).max(1);
        page.clear();
        placed[..kept].iter().for_each(|(_, quote)| page.place(quote));
    }
}

/// The gains of a file's definitions by their place.
struct Gains<'a>(Vec<&'a (u32, f64)>);

impl<'a> Gains<'a> {
    fn new(claim: &'a Claim) -> Self {
        let mut gains: Vec<&(u32, f64)> = claim.definitions.iter().collect();
        gains.sort_unstable_by_key(|(definition, _)| *definition);
        Self(gains)
    }

    fn of(&self, definition: u32) -> f64 {
        self.0.binary_search_by_key(&definition, |(place, _)| *place).map_or(0.0, |at| self.0[at].1)
    }
}

impl Offer {
    fn key(&self) -> (Reverse<usize>, Reverse<Option<u32>>) {
        (Reverse(self.claim), Reverse(self.definition))
    }
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Offer {}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Offer {
    /// The densest on top, then the first claim, its file before its definitions.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.density.total_cmp(&other.density).then_with(|| self.key().cmp(&other.key()))
    }
}
