//! The words in the names of the chat files, by word.

use ahash::{HashMap, HashSet};

use super::dice;

/// A word of more names than this is common: what common words alone give is worked out once for all names that have the same ones.
const COMMON: usize = 32;

#[derive(Default)]
pub(super) struct Names {
    /// Words in small letters.
    words: HashMap<String, u32>,
    /// By word: the names that have it.
    having: Vec<Vec<u32>>,
    names: Vec<Name>,
    /// What common words gave, by these words and the number of all words of the name.
    known: HashMap<(Vec<Uses>, usize), f32>,
}

struct Name {
    /// Ascending, each once.
    words: Vec<u32>,
    /// How many there are, with repetitions.
    length: usize,
}

/// A word and how often a name has it.
type Uses = (u32, usize);

impl Names {
    pub(super) fn new<'c>(names: impl Iterator<Item = &'c str>) -> Self {
        let (mut this, mut seen) = (Self::default(), HashSet::default());
        for name in names {
            let mut own: Vec<u32> = words(name).map(|word| this.number(word)).collect();
            let length = own.len();
            own.sort_unstable();
            own.dedup();
            if seen.insert((own.clone(), length)) {
                let at = this.names.len() as u32;
                own.iter().for_each(|&word| this.having[word as usize].push(at));
                this.names.push(Name { words: own, length });
            }
        }
        this
    }

    /// How many of the words of both names are common: of the likest one, 0 where none has a word.
    pub(super) fn likest(&mut self, name: &str) -> f32 {
        let (mut own, mut length) = (Vec::new(), 0);
        for word in words(name) {
            length += 1;
            own.extend(self.words.get(&word.to_ascii_lowercase()));
        }
        own.sort_unstable();
        let uses: Vec<Uses> = own.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect();
        let (common, rare): (Vec<Uses>, Vec<Uses>) =
            uses.iter().partition(|(word, _)| self.having[*word as usize].len() > COMMON);
        let mut best = self.by_common_words(common, length);
        for (word, _) in rare {
            for &at in &self.having[word as usize] {
                let Name { words, length: others } = &self.names[at as usize];
                let has = |(word, _): &&Uses| words.binary_search(word).is_ok();
                let shared = uses.iter().filter(has).map(|(_, uses)| uses).sum();
                best = best.max(dice(shared, length + others).unwrap_or(0.0));
            }
        }
        best
    }

    /// Of the likest name, as if both had these words alone in common.
    fn by_common_words(&mut self, common: Vec<Uses>, length: usize) -> f32 {
        if common.is_empty() {
            return 0.0;
        }
        let key = (common, length);
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let mut shared = vec![0; self.names.len()];
        for &(word, uses) in &key.0 {
            self.having[word as usize].iter().for_each(|&name| shared[name as usize] += uses);
        }
        let of = |(shared, name): (usize, &Name)| dice(shared, length + name.length).unwrap_or(0.0);
        let best = shared.into_iter().zip(&self.names).map(of).fold(0.0, f32::max);
        self.known.insert(key, best);
        best
    }

    /// The words of all names, in small letters.
    pub(super) fn all_words(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    fn number(&mut self, word: &str) -> u32 {
        let next = self.having.len() as u32;
        let number = *self.words.entry(word.to_ascii_lowercase()).or_insert(next);
        if number == next {
            self.having.push(Vec::new());
        }
        number
    }
}

/// The words of a name in snake, kebab or camel case, as they stand: what a task is asked for is the lexical stage's, which this one does not know.
pub(super) fn words(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.flat_map(|mut rest| {
        std::iter::from_fn(move || {
            let mut pairs = rest.char_indices().zip(rest.chars().skip(1));
            let end = pairs.find(|((_, c), next)| !c.is_uppercase() && next.is_uppercase());
            let (word, others) = rest.split_at(end.map_or(rest.len(), |((at, c), _)| at + c.len_utf8()));
            rest = others;
            (!word.is_empty()).then_some(word)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_a_capital_begins_or_no_letter_stands() {
        let of = |name| words(name).collect::<Vec<_>>();
        assert_eq!(of("__HTTPClientÄnderung2-b"), ["HTTPClient", "Änderung2", "b"]);
    }
}
