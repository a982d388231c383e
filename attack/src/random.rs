//! Numbers that a seed decides on: the same tries on every machine.

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of one try of a run.
    pub(crate) fn of(seed: u64, try_number: u64) -> Self {
        let mut random = Self(seed ^ 0x6a09_e667_f3bc_c909);
        let start = random.next().wrapping_add(try_number.wrapping_mul(0xd6e8_feb8_6659_fd93));
        Self(start)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A number from `first` to below `end`.
    pub(crate) fn between(&mut self, first: usize, end: usize) -> usize {
        first + self.below(end.saturating_sub(first))
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub(crate) fn pick_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// True once in `of` times.
    pub(crate) fn once_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }

    /// A plain identifier.
    pub(crate) fn word(&mut self) -> String {
        let length = self.between(3, 12);
        (0..length).map(|_| char::from(b'a' + self.below(26) as u8)).collect()
    }
}
