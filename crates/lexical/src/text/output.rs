//! What programs print, pasted into a task, counts once however long it is.

use ahash::HashMap;

use super::clean::fence_of;
use crate::words::tokens;

/// A block of more words counts as if it had so many.
const WORDS_OF_BLOCK: usize = 200;
/// So many lines alike in shape are output. All together they count less than one that a person wrote.
const ALIKE: usize = 12;
const COUNTED_OF_ALIKE: f32 = 0.5;
/// Marks that make a shape: fewer are those of sentences.
const MARKS: usize = 3;
/// Later marks of a line differ with what it says.
const MAX_MARKS: usize = 5;

/// The lines of a text, each with what it counts: 1, and less for those of long blocks and for those that are alike. A block is a fence or a
/// run of lines without an empty one. Cost: linear in the text.
pub(super) fn weighed(text: &str) -> Vec<(&str, f32)> {
    let mut lines: Vec<(&str, f32)> = text.lines().map(|line| (line, 1.0)).collect();
    let mut shapes: HashMap<u64, usize> = HashMap::default();
    let of_lines: Vec<Option<u64>> = lines.iter().map(|(line, _)| shape(line)).collect();
    of_lines.iter().flatten().for_each(|shape| *shapes.entry(*shape).or_default() += 1);
    for ((_, counts), shape) in lines.iter_mut().zip(&of_lines) {
        let alike = shape.map_or(0, |shape| shapes[&shape]);
        if alike >= ALIKE {
            *counts = COUNTED_OF_ALIKE / alike as f32;
        }
    }
    let title = lines.iter().position(|(line, _)| !line.trim().is_empty()).unwrap_or(0);
    let mut start = 0;
    while start < lines.len() {
        let end = end_of_block(&lines, start);
        weigh_block(&mut lines[start..end], title.checked_sub(start));
        start = end;
    }
    lines
}

fn end_of_block(lines: &[(&str, f32)], start: usize) -> usize {
    let opened = fence_of(lines[start].0.trim(), None).flatten();
    for (at, (line, _)) in lines.iter().enumerate().skip(start + 1) {
        let line = line.trim();
        match opened {
            Some(mark) if fence_of(line, Some(mark)).is_some() => return at + 1,
            None if line.is_empty() || fence_of(line, None).is_some() => return at,
            _ => {}
        }
    }
    lines.len()
}

fn weigh_block(lines: &mut [(&str, f32)], title: Option<usize>) {
    let words: Vec<usize> = lines.iter().map(|(line, _)| tokens(line).count()).collect();
    let title = title.filter(|title| words.get(*title).is_some_and(|words| *words <= WORDS_OF_BLOCK));
    // Lines alike are few already.
    let weighed = |(at, ((_, counts), words)): (usize, (&(&str, f32), &usize))| match title == Some(at) {
        true => 0.0,
        false => *words as f32 * counts,
    };
    let all: f32 = lines.iter().zip(&words).enumerate().map(weighed).sum();
    let share = WORDS_OF_BLOCK as f32 / all;
    if share >= 1.0 {
        return;
    }
    for (at, (_, counts)) in lines.iter_mut().enumerate() {
        if title != Some(at) {
            *counts *= share;
        }
    }
}

/// The marks of a line in their order, without those inside of names, paths and numbers; `None` where it has few.
fn shape(line: &str) -> Option<u64> {
    let is_mark =
        |byte: &u8| byte.is_ascii_punctuation() && !matches!(byte, b'_' | b'-' | b'.' | b'/' | b'\\' | b'$');
    let line = line.trim_end().as_bytes();
    let (mut marks, mut shape) = (0, 0_u64);
    for byte in line.iter().filter(|byte| is_mark(byte)).take(MAX_MARKS) {
        marks += 1;
        shape = shape << 8 | u64::from(*byte);
    }
    (marks >= MARKS).then_some(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(lines: &[(&str, f32)]) -> f32 {
        lines.iter().map(|(line, counts)| tokens(line).count() as f32 * counts).sum()
    }

    #[test]
    fn long_blocks_count_as_short_ones() {
        let log = "word other more\n".repeat(1_000);
        for text in [format!("Title\n\nIt hangs.\n```\n{log}```\nso"), format!("Title\n{log}\nIt hangs.")] {
            let lines = weighed(&text);
            assert_eq!(lines[0], ("Title", 1.0));
            assert!(lines.contains(&("It hangs.", 1.0)));
            assert!((sum(&lines) - 203.0).abs() < 2.0, "{}", sum(&lines));
        }
    }

    #[test]
    fn lines_alike_count_as_few() {
        let log: String =
            (0..500).map(|at| format!("src/f{at}.py:{at}:0: C0{at}: missing text (missing)\n\n")).collect();
        let text = format!("Title: a\n\nIt hangs: (a, b).\n\n{log}");
        let lines = weighed(&text);
        assert_eq!(lines[2].1, 1.0);
        assert!(lines.iter().filter(|(line, _)| line.starts_with("src/")).all(|(_, counts)| *counts < 0.01));
    }

    #[test]
    fn what_people_write_counts_whole() {
        let text = "Title\n\nFirst (see a, b): it hangs.\n\n- one: (a)\n- two: (b)\n\n```py\nrun(a, b)\nrun(c, d)\n```\n";
        assert!(weighed(text).iter().all(|(_, counts)| *counts == 1.0));
    }
}
