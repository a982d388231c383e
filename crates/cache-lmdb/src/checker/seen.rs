//! Which pages of a file have been met.

use std::collections::HashSet;

/// A bit for each page of the file; the numbers of those beyond its end, which only its free list can name. So no more memory is
/// taken than a file of that length can ask for.
pub(super) struct Seen {
    bits: Vec<u64>,
    in_file: u64,
    pages: u64,
    beyond: HashSet<u64>,
}

impl Seen {
    /// For so many pages, of which so many are in the file.
    pub(super) fn new(pages: u64, file_pages: u64) -> Self {
        let in_file = pages.min(file_pages);
        let words = usize::try_from(in_file.div_ceil(64)).unwrap_or(usize::MAX);
        Self { bits: vec![0; words], in_file, pages, beyond: HashSet::new() }
    }

    /// Meets a page; false where it was met before, or there is none.
    pub(super) fn take(&mut self, page: u64) -> bool {
        if page >= self.in_file {
            return page < self.pages && self.beyond.insert(page);
        }
        let (word, bit) = (&mut self.bits[(page / 64) as usize], 1 << (page % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// The first page that was not met.
    pub(super) fn first_missing(&self) -> Option<u64> {
        let word = self.bits.iter().position(|word| *word != u64::MAX);
        let in_file = word
            .map(|at| at as u64 * 64 + u64::from(self.bits[at].trailing_ones()))
            .filter(|page| *page < self.in_file);
        let met = self.beyond.len() as u64;
        in_file.or_else(|| {
            let is_whole = met == self.pages - self.in_file;
            if is_whole { None } else { (self.in_file..self.pages).find(|page| !self.beyond.contains(page)) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_met_once_in_the_file_and_beyond_its_end() {
        let mut seen = Seen::new(70, 66);
        for page in (0..70).rev() {
            assert_eq!(seen.first_missing(), Some(0));
            assert!(seen.take(page) && !seen.take(page), "{page}");
        }
        assert_eq!(seen.first_missing(), None);
        assert!(!seen.take(70));
        let mut seen = Seen::new(70, 66);
        assert!((0..70).filter(|page| *page != 65 && *page != 68).all(|page| seen.take(page)));
        assert_eq!(seen.first_missing(), Some(65));
        assert!(seen.take(65));
        assert_eq!(seen.first_missing(), Some(68));
    }
}
