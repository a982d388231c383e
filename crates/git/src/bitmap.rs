//! EWAH: bitmaps as git compresses them, runs of equal words and literal ones.

/// Takes a bitmap off the front of `bytes` and calls back with each set bit, ascending. `None` when it makes no sense or has
/// a bit at `end` or behind it.
pub(crate) fn set_bits(bytes: &mut &[u8], end: usize, mut each: impl FnMut(usize)) -> Option<()> {
    let _bits = number(bytes)?;
    let words = usize::try_from(number(bytes)?).ok()?;
    let (words, rest) = bytes.split_at_checked(words.checked_mul(8)?)?;
    *bytes = rest;
    let _last_run = number(bytes)?;
    let (words, _) = words.as_chunks::<8>();
    let mut words = words.iter().map(|word| u64::from_be_bytes(*word));
    let end = end as u64;
    let mut at = 0_u64;
    while let Some(head) = words.next() {
        let run = (head >> 1 & 0xffff_ffff) * 64;
        if head & 1 == 1 {
            let run_end = at.checked_add(run)?;
            if run_end > end.next_multiple_of(64) {
                return None;
            }
            (at..run_end.min(end)).for_each(|bit| each(bit as usize));
            at = run_end;
        } else {
            at = at.checked_add(run)?;
        }
        for _ in 0..head >> 33 {
            let mut word = words.next()?;
            while word != 0 {
                let bit = at.checked_add(u64::from(word.trailing_zeros()))?;
                if bit >= end {
                    return None;
                }
                each(bit as usize);
                word &= word - 1;
            }
            at = at.checked_add(64)?;
        }
    }
    Some(())
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(u32::from_be_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(words: &[u64], end: usize) -> Option<Vec<usize>> {
        let mut bytes = [0_u32.to_be_bytes(), (words.len() as u32).to_be_bytes()].concat();
        words.iter().for_each(|word| bytes.extend(word.to_be_bytes()));
        bytes.extend([0; 4]);
        let (mut bits, mut rest) = (Vec::new(), bytes.as_slice());
        set_bits(&mut rest, end, |bit| bits.push(bit))?;
        rest.is_empty().then_some(bits)
    }

    #[test]
    fn runs_and_literal_words_are_read() {
        assert_eq!(bits(&[1 << 1 | 1 << 33, 0b101], 100), Some(vec![64, 66]));
        assert_eq!(bits(&[1 | 1 << 1], 64).unwrap().len(), 64);
        assert_eq!(bits(&[], 0), Some(vec![]));
    }

    #[test]
    fn a_run_of_thousands_of_millions_ends_at_once() {
        let longest = 0xffff_ffff << 1;
        assert_eq!(bits(&[longest | 1], 100), None);
        assert_eq!(bits(&[longest | 1 << 33, 1], 100), None);
        assert_eq!(bits(&[1 << 33], 100), None);
    }
}
