use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::LazyLock;

use regex_automata::dfa::Automaton as _;
use regex_automata::dfa::sparse::DFA;
use regex_automata::{Anchored, Input};

use super::slots;

/// The end of a part that is no more.
const NOWHERE: usize = 0;

/// A vocabulary of byte pair encoding with the automaton that cuts a text into the pieces that are encoded each for
/// itself. The count is that of `tiktoken`'s `encode_ordinary`.
///
/// The tables lie in the program and are read in place: pages that no text needs are never loaded.
pub(crate) struct Vocabulary {
    pieces: DFA<&'static [u8]>,
    slots: &'static [[u8; 4]],
    ends: &'static [[u8; 4]],
    bytes: &'static [u8],
}

static O200K: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::new(
        include_bytes!(concat!(env!("OUT_DIR"), "/o200k.pieces")),
        include_bytes!(concat!(env!("OUT_DIR"), "/o200k.vocabulary")),
    )
});

static CL100K: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::new(
        include_bytes!(concat!(env!("OUT_DIR"), "/cl100k.pieces")),
        include_bytes!(concat!(env!("OUT_DIR"), "/cl100k.vocabulary")),
    )
});

impl Vocabulary {
    pub(crate) fn o200k() -> &'static Self {
        &O200K
    }

    pub(crate) fn cl100k() -> &'static Self {
        &CL100K
    }

    fn new(pieces: &'static [u8], table: &'static [u8]) -> Self {
        let (pieces, _) = DFA::from_bytes(pieces).expect("the build script wrote an automaton");
        let (numbers, _) = table.as_chunks::<4>();
        let length = |at: usize| u32::from_le_bytes(numbers[at]) as usize;
        let (tokens, slots) = (length(0), length(1));
        let ends = 2 + slots..2 + slots + tokens;
        let bytes = &table[4 * ends.end..];
        Self { pieces, slots: &numbers[2..ends.start], ends: &numbers[ends], bytes }
    }

    /// The tokens of a text. Linear in its length but for pieces without end, which cost `n log n`.
    pub(crate) fn count(&self, text: &str) -> usize {
        let (mut rest, mut tokens) = (text, 0);
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(self.first_piece(rest));
            tokens += self.count_piece(piece.as_bytes());
            rest = after;
        }
        tokens
    }

    /// The length of the first piece of a text: at least one character.
    fn first_piece(&self, text: &str) -> usize {
        let anchored = Input::new(text).anchored(Anchored::Yes);
        let found = self.pieces.try_search_fwd(&anchored).expect("an automaton without quit bytes");
        let found = found.expect("each character begins a piece");
        let given_back = if found.pattern().as_usize() == 1 {
            text[..found.offset()].chars().next_back().map_or(0, char::len_utf8)
        } else {
            0
        };
        found.offset() - given_back
    }

    /// Merges the pair of the lowest rank, the leftmost of equals, until no pair of neighbours is a token.
    fn count_piece(&self, piece: &[u8]) -> usize {
        if piece.len() == 1 || self.rank(piece).is_some() {
            return 1;
        }
        let end = piece.len();
        // By the start of each part: where it ends, and where the part before it starts. A part that was merged into
        // the one before it ends nowhere.
        let mut ends: Vec<usize> = (1..=end).collect();
        let mut befores: Vec<usize> = (0..end).map(|start| start.saturating_sub(1)).collect();
        let pair = |start: usize, end: usize| Some(Reverse((self.rank(piece.get(start..end)?)?, start, end)));
        let mut pairs: BinaryHeap<_> = (0..end).filter_map(|start| pair(start, start + 2)).collect();
        let mut parts = end;
        while let Some(Reverse((_, start, pair_end))) = pairs.pop() {
            let middle = ends[start];
            if middle == NOWHERE || middle == end || ends[middle] != pair_end {
                continue;
            }
            (ends[start], ends[middle]) = (pair_end, NOWHERE);
            parts -= 1;
            if start > 0 {
                pairs.extend(pair(befores[start], pair_end));
            }
            if pair_end < end {
                befores[pair_end] = start;
                pairs.extend(pair(start, ends[pair_end]));
            }
        }
        parts
    }

    fn rank(&self, token: &[u8]) -> Option<u32> {
        let hash = slots::hash(token);
        let mut at = slots::first(hash, self.slots.len());
        loop {
            let slot = u32::from_le_bytes(self.slots[at]);
            if slot == 0 {
                return None;
            }
            // With another mark this is no rank.
            let rank = (slot ^ slots::mark(hash)) - 1;
            if self.token(rank) == Some(token) {
                return Some(rank);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn token(&self, rank: u32) -> Option<&'static [u8]> {
        let rank = rank as usize;
        let end = |at: usize| Some(u32::from_le_bytes(*self.ends.get(at)?) as usize);
        let start = if rank == 0 { 0 } else { end(rank - 1)? };
        self.bytes.get(start..end(rank)?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) {
        assert_eq!(
            Vocabulary::o200k().count(text),
            bpe_openai::o200k_base().count(text),
            "o200k of {text:?}"
        );
        assert_eq!(
            Vocabulary::cl100k().count(text),
            bpe_openai::cl100k_base().count(text),
            "cl100k of {text:?}"
        );
    }

    #[test]
    fn each_token_is_found_by_its_bytes() {
        for (vocabulary, known) in [
            (Vocabulary::o200k(), &bpe_openai::o200k_base().bpe),
            (Vocabulary::cl100k(), &bpe_openai::cl100k_base().bpe),
        ] {
            assert_eq!(vocabulary.ends.len(), known.num_tokens());
            for rank in (0..).take(known.num_tokens()) {
                let token = known.token_bytes(rank);
                assert_eq!(vocabulary.rank(token), Some(rank), "{token:?}");
                let longer = [token, b"\0\x01"].concat();
                assert_eq!(vocabulary.rank(&longer), None, "{longer:?}");
            }
        }
    }

    #[test]
    fn white_space_before_a_word_is_given_back_to_it() {
        for text in [
            "",
            " ",
            "  a",
            "\t\ta \n\n b",
            "a   ",
            "\u{3000}\u{3000}x",
            "\r\n\r\n",
            "x \u{a0} y",
            "'S it's I'LL",
        ] {
            check(text);
        }
    }

    #[test]
    fn a_piece_without_end_is_counted() {
        for piece in ["a", "=", " ", "\n", "ab", "é", "漢", "()"] {
            check(&piece.repeat(20_000));
        }
    }

    #[test]
    fn the_sources_of_this_crate_are_counted() {
        for source in
            [include_str!("../tokens.rs"), include_str!("vocabulary.rs"), include_str!("../packing.rs")]
        {
            check(source);
            source.lines().for_each(check);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_text_has_the_count_of_the_library(text in prop_oneof![
            any::<String>(),
            "\\PC{0,60}",
            "[ \t\r\n]{0,5}[a-zA-Z_]{0,30}['’ ]?[a-zA-Z]{0,9}[0-9]{0,8}[(){}:;,./'\"!*#-]{0,20}[ \\s]{0,5}",
            "[aeiourstlnäßøжд漢あ🎉 ]{0,80}",
        ]) {
            check(&text);
        }
    }
}
