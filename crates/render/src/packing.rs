//! Which items get onto the page: greedily in the order of the ranking, as long as they fit.
//!
//! An item that does not fit is passed over, and the items after it are tried: a definition with a long signature does
//! not end the map. This stops after [`LOOK_AHEAD`] refusals in a row, or [`FULL_LOOK_AHEAD`] once the page is full.

use crate::page::{Page, Quote};
use crate::render::Item;
use crate::source::Sources;

/// Refusals in a row that end the packing of a page with much room left.
const LOOK_AHEAD: usize = 256;
/// Refusals in a row that end the packing of a page that is full to 95 %.
const FULL_LOOK_AHEAD: usize = 16;

/// What packing did with the items that it took.
#[derive(Default)]
pub(crate) struct Packed {
    /// What was placed, in order.
    pub(crate) placed: Vec<(Item, Quote)>,
    /// The items that were passed over.
    pub(crate) refused: Vec<Item>,
}

/// Takes items and fills the page up to a budget in tokens, by the sum of the lines.
///
/// With a tokenizer whose lines do not add up, the whole page is counted before a refusal, so refusals are right; what
/// was accepted can still be too much together, and is for the caller to check.
pub(crate) fn pack(
    items: &mut impl Iterator<Item = Item>,
    budget: usize,
    page: &mut Page<'_>,
    sources: &mut impl Sources,
) -> Packed {
    let limit = page.meter().units(budget);
    let mut packed = Packed::default();
    // What the sum of the lines lacks to the count of the whole, as far as known, and the page that it is known for.
    let mut drift = 0;
    let mut counted = page.meter().is_estimate().then_some(0);
    let mut refusals = 0;
    while refusals < look_ahead(page.units() + drift, limit)
        && let Some(item) = items.next()
    {
        let mut quote = page.quote(&item, limit - page.units() - drift, sources);
        if let (Some(dear), Some(at)) = (&quote, counted)
            && dear.units > limit - page.units() - drift
            && at < packed.placed.len()
        {
            drift = page.meter().units(page.meter().exact(&page.text())) - page.units();
            counted = Some(packed.placed.len());
            quote = page.quote(&item, limit - page.units() - drift, sources);
        }
        match quote {
            Some(quote) if quote.units <= limit - page.units() - drift => {
                page.place(&quote);
                packed.placed.push((item, quote));
                refusals = 0;
            }
            _ => {
                packed.refused.push(item);
                refusals += 1;
            }
        }
    }
    packed
}

fn look_ahead(used: i64, limit: i64) -> usize {
    if used >= limit - limit / 20 { FULL_LOOK_AHEAD } else { LOOK_AHEAD }
}
