//! Messages to words, and how well a message fits those of a task.

use ahash::HashMap;

use crate::commit::Message;

impl Message {
    /// The words of a message's head, as the caller's function splits it; trailers are left out.
    pub(crate) fn new(text: &[u8], limit: usize, words: &mut impl FnMut(&str, &mut dyn FnMut(&str))) -> Self {
        let text = String::from_utf8_lossy(&text[..text.len().min(limit)]);
        let mut counts: HashMap<u32, u8> = HashMap::default();
        for line in text.lines().filter(|line| !is_trailer(line)) {
            words(line, &mut |word| {
                let count = counts.entry(hash(word.as_bytes())).or_default();
                *count = count.saturating_add(1);
            });
        }
        let mut words: Vec<_> = counts.into_iter().collect();
        words.sort_unstable();
        Self { words: words.into() }
    }
}

/// `Signed-off-by: …` and the like: who wrote it, not what it is about.
fn is_trailer(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(key, _)| {
        (key.ends_with("-by") || key == "Change-Id")
            && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
    })
}

/// What a record keeps of a word. FNV-1a (64 bits; Fowler, Noll, Vo), its halves folded: stable across versions and machines.
/// Among the ten thousand words of a log two collide once in a hundred logs.
pub(crate) fn hash(word: &[u8]) -> u32 {
    let hash = word.iter().fold(0xcbf2_9ce4_8422_2325_u64, |state, &byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash ^ (hash >> 32)) as u32
}

/// BM25 with k1 = 1.2: messages are short, and half of the usual norm of length keeps a long one from vanishing.
const K1: f64 = 1.2;
const B: f64 = 0.5;

/// BM25 of each message for weighted words. Cost: one look-up a word of the log.
pub(crate) fn scores<'a>(
    messages: impl Iterator<Item = &'a Message> + Clone,
    words: &[(&str, f32)],
) -> Vec<f64> {
    // The query in the order of hashes: sums do not depend on the caller's order.
    let mut wanted: Vec<(u32, f64)> =
        words.iter().map(|&(word, weight)| (hash(word.as_bytes()), f64::from(weight))).collect();
    wanted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    wanted.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    let place: HashMap<u32, usize> = wanted.iter().enumerate().map(|(at, &(word, _))| (word, at)).collect();
    let (mut count, mut total, mut found) = (0_usize, 0_u64, vec![0_usize; wanted.len()]);
    let hits: Vec<Vec<(usize, u8)>> = messages
        .clone()
        .map(|message| {
            count += 1;
            total += u64::from(message.length());
            let hits: Vec<_> =
                message.words.iter().filter_map(|(word, count)| Some((*place.get(word)?, *count))).collect();
            hits.iter().for_each(|&(at, _)| found[at] += 1);
            hits
        })
        .collect();
    let average = (total as f64 / count.max(1) as f64).max(1.0);
    let weights: Vec<f64> = wanted
        .iter()
        .zip(&found)
        .map(|(&(_, weight), &found)| {
            weight * (1.0 + (count as f64 - found as f64 + 0.5) / (found as f64 + 0.5)).ln()
        })
        .collect();
    let score = |(message, mut hits): (&Message, Vec<(usize, u8)>)| {
        hits.sort_unstable();
        let norm = K1 * (1.0 - B + B * f64::from(message.length()) / average);
        hits.into_iter()
            .map(|(at, uses)| weights[at] * f64::from(uses) * (K1 + 1.0) / (f64::from(uses) + norm))
            .sum()
    };
    messages.zip(hits).map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message::new(text.as_bytes(), 600, &mut |line, each| line.split_whitespace().for_each(each))
    }

    #[test]
    fn trailers_are_no_words() {
        let text = "cache: the disk\n\nSigned-off-by: A Writer <a@example.org>\nChange-Id: I5f0\n";
        assert_eq!(message(text), message("cache: the disk"));
        assert_eq!(message("").words.len(), 0);
    }

    #[test]
    fn a_cut_inside_a_character_is_harmless() {
        let cut = Message::new("größe".as_bytes(), 3, &mut |line, each| each(line));
        assert_eq!(cut.words.len(), 1);
    }

    #[test]
    fn rare_words_and_short_messages_score_higher() {
        let messages = ["fix lock", "fix disk", "fix lock of disk in many more words", "other"].map(message);
        let scores = scores(messages.iter(), &[("lock", 1.0), ("fix", 1.0), ("unheard", 1.0)]);
        assert!(
            scores[0] > scores[2] && scores[2] > scores[1] && scores[1] > 0.0 && scores[3] == 0.0,
            "{scores:?}"
        );
    }
}
