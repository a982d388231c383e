//! Which items get onto the page: greedily in the order of the ranking, as long as they fit.
//!
//! An item that does not fit is passed over and the items after it are tried, so a definition with a long signature does
//! not end the map. How far this looks ahead is bounded by the three constants below.

use crate::page::{Page, Quote};
use crate::render::{Item, RenderOptions};
use crate::source::Sources;

/// Refusals in a row that end the packing. Each costs a few look-ups, or a few lines counted for files read before.
const LOOK_AHEAD: usize = 2048;
/// Refusals in a row that end the packing of a page that is full to 95 %.
const FULL_LOOK_AHEAD: usize = 64;
/// Files read in a row whose item was then refused; after them, only items of files that were read are tried.
const READ_AHEAD: usize = 32;
/// How often a page is filled up again after a tokenizer of the caller's found it too long.
const REFILLS: usize = 8;

/// A page with what was put onto it and what was not.
pub(crate) struct Packing<'a> {
    pub(crate) page: Page<'a>,
    /// What was placed, in order.
    placed: Vec<(Item, Quote)>,
    /// The items that were passed over or taken off again.
    pub(crate) refused: Vec<Item>,
    budget: usize,
    /// The units of the budget.
    limit: i64,
    /// What the sum of the lines lacks to the count of the whole text, as far as known.
    drift: i64,
    /// The number of placed items that the drift was measured with.
    counted: usize,
}

impl<'a> Packing<'a> {
    pub(crate) fn new(options: &'a RenderOptions) -> Self {
        let page = Page::new(options);
        let limit = page.meter().units(options.budget);
        let (placed, refused) = (Vec::new(), Vec::new());
        Self { page, placed, refused, budget: options.budget, limit, drift: 0, counted: 0 }
    }

    /// Takes items and fills the page with those that fit. Returns its text and the exact count, within the budget.
    ///
    /// With the known tokenizers one round is enough, as their lines add up. Others may find the page too long in the
    /// end: then the last items are taken off, and the room is offered to the items after them.
    pub(crate) fn fill(
        &mut self,
        items: &mut impl Iterator<Item = Item>,
        sources: &mut impl Sources,
    ) -> (String, usize) {
        let mut text = String::new();
        let mut count = 0;
        for _ in 0..REFILLS {
            self.take(items, sources);
            text = self.page.text();
            count = self.page.meter().exact(&text);
            if count <= self.budget {
                return (text, count);
            }
            (text, count) = self.keep_what_fits();
        }
        (text, count)
    }

    /// Offers items to the page until it is full, by the sum of the lines.
    fn take(&mut self, items: &mut impl Iterator<Item = Item>, sources: &mut impl Sources) {
        let (mut refusals, mut read_in_vain) = (0, 0);
        while refusals < self.look_ahead()
            && let Some(item) = items.next()
        {
            let read = self.page.files_read();
            let may_read = read_in_vain < READ_AHEAD;
            let mut quote = self.page.quote(&item, self.room(), may_read, sources);
            if quote.as_ref().is_some_and(|quote| quote.units > self.room()) && self.measure_drift() {
                quote = self.page.quote(&item, self.room(), may_read, sources);
            }
            match quote.filter(|quote| quote.units <= self.room()) {
                Some(quote) => {
                    self.page.place(&quote);
                    self.placed.push((item, quote));
                    (refusals, read_in_vain) = (0, 0);
                }
                None => {
                    self.refused.push(item);
                    refusals += 1;
                    read_in_vain += self.page.files_read() - read;
                }
            }
        }
    }

    fn used(&self) -> i64 {
        self.page.units() + self.drift
    }

    fn room(&self) -> i64 {
        self.limit - self.used()
    }

    fn look_ahead(&self) -> usize {
        if self.used() >= self.limit - self.limit / 20 { FULL_LOOK_AHEAD } else { LOOK_AHEAD }
    }

    /// Counts the whole page where its lines may not add up; false when that was done for this very page.
    fn measure_drift(&mut self) -> bool {
        if !self.page.meter().is_estimate() || self.counted == self.placed.len() {
            return false;
        }
        let count = self.page.meter().exact(&self.page.text());
        self.set_drift(count);
        true
    }

    fn set_drift(&mut self, count: usize) {
        self.drift = self.page.meter().units(count) - self.page.units();
        self.counted = self.placed.len();
    }

    /// Takes items off the end until the page is within the budget, and returns its text and count.
    ///
    /// How many is found by halving, as if more items always counted more; what counts is the text returned.
    fn keep_what_fits(&mut self) -> (String, usize) {
        let mut best = (String::new(), 0);
        let (mut fits, mut exceeds) = (0, self.placed.len());
        while fits + 1 < exceeds {
            let middle = fits.midpoint(exceeds);
            self.place_anew(middle);
            let text = self.page.text();
            let count = self.page.meter().exact(&text);
            if count <= self.budget {
                best = (text, count);
                fits = middle;
            } else {
                exceeds = middle;
            }
        }
        self.place_anew(fits);
        self.refused.extend(self.placed.drain(fits..).map(|(item, _)| item));
        self.set_drift(best.1);
        best
    }

    /// The page with the first items only.
    fn place_anew(&mut self, items: usize) {
        self.page.clear();
        for (_, quote) in &self.placed[..items] {
            self.page.place(quote);
        }
    }
}
