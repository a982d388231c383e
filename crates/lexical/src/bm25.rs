//! Okapi BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
//! `1 +` inside the logarithm that keeps IDF above zero, as in Lucene.

/// How a field saturates with the count of a term, and how much its length matters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bm25 {
    /// Saturation: 1.2, the usual value.
    pub(crate) k1: f32,
    /// 0 ignores the length, 1 divides by it.
    pub(crate) b: f32,
}

impl Bm25 {
    /// The usual 0.75 of prose hides long files, and these are edited most.
    pub(crate) const CONTENT: Self = Self { k1: 1.2, b: 0.4 };
    /// Short texts: a long path or name list says little against a file.
    pub(crate) const NAMES: Self = Self { k1: 1.2, b: 0.5 };
    pub(crate) const PATH: Self = Self { k1: 1.2, b: 0.4 };
    pub(crate) const BODY: Self = Self { k1: 1.2, b: 0.5 };

    /// What a term that occurs `count` times gives in a text of `length` words, before IDF.
    pub(crate) fn gain(self, count: f32, length: f32, average: f32) -> f32 {
        let norm = self.k1 * (1.0 - self.b + self.b * length / average.max(1.0));
        count * (self.k1 + 1.0) / (count + norm)
    }
}

/// The weight of a term that `holders` of `all` texts hold.
pub(crate) fn idf(all: usize, holders: usize) -> f32 {
    let (all, holders) = (all as f32, holders as f32);
    (1.0 + (all - holders + 0.5).max(0.0) / (holders + 0.5)).ln()
}
