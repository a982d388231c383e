//! Nine ways in which a file of pages is damaged.

use crate::workload::Random;

const PAGE: usize = 4096;

/// Damages the bytes of a data file; the bytes of an earlier commit are at hand.
type Damage = fn(&mut Vec<u8>, &[u8], &mut Random);

pub(crate) const CLASSES: [(&str, Damage); 9] = [
    ("truncate", truncate),
    ("1 bit", |bytes, _, random| flip(bytes, 1, random)),
    ("64 bits", |bytes, _, random| flip(bytes, 64, random)),
    ("zeroed pages", |bytes, _, random| (0..=random.below(4)).for_each(|_| zero(bytes, 1, random))),
    ("zero run", |bytes, _, random| zero(bytes, 8, random)),
    ("garbage page", |bytes, _, random| garbage(bytes, random)),
    ("page headers", |bytes, _, random| headers(bytes, random)),
    ("branch, meta", |bytes, _, random| branches(bytes, random)),
    ("torn", |bytes, earlier, random| torn(bytes, earlier, random)),
];

fn pages(bytes: &[u8]) -> u64 {
    (bytes.len() / PAGE) as u64
}

fn truncate(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    let length = bytes.len() as u64;
    // At a page boundary, anywhere, or close to the end.
    let kept = match random.below(3) {
        0 => random.below(pages(bytes)) * PAGE as u64,
        1 => random.below(length),
        _ => length - 1 - random.below(8 * PAGE as u64),
    };
    bytes.truncate(kept as usize);
}

fn flip(bytes: &mut [u8], count: u32, random: &mut Random) {
    for _ in 0..count {
        let at = random.below(bytes.len() as u64) as usize;
        bytes[at] ^= 1 << random.below(8);
    }
}

fn zero(bytes: &mut [u8], run: u64, random: &mut Random) {
    let first = random.below(pages(bytes) - run) as usize * PAGE;
    bytes[first..first + run as usize * PAGE].fill(0);
}

fn garbage(bytes: &mut [u8], random: &mut Random) {
    let first = random.below(pages(bytes)) as usize * PAGE;
    bytes[first..first + PAGE].iter_mut().for_each(|byte| *byte = random.next() as u8);
}

fn headers(bytes: &mut [u8], random: &mut Random) {
    for _ in 0..=random.below(4) {
        let page = random.below(pages(bytes)) as usize * PAGE;
        bytes[page + random.below(32) as usize] ^= 1 << random.below(8);
    }
}

fn branches(bytes: &mut [u8], random: &mut Random) {
    // Branch pages have the flag 1 and lie anywhere; the metas are the first two pages.
    let mut targets = vec![0, PAGE];
    targets.extend(
        (2 * PAGE..bytes.len() - PAGE + 1)
            .step_by(PAGE)
            .filter(|&page| bytes[page + 10..page + 12] == [1, 0]),
    );
    for _ in 0..=random.below(3) {
        let page = targets[random.below(targets.len() as u64) as usize];
        bytes[page + random.below(if page < 2 * PAGE { 152 } else { PAGE as u64 }) as usize] ^=
            1 << random.below(8);
    }
}

/// Pages of the last commits did not reach the disk, the meta page did.
fn torn(bytes: &mut [u8], earlier: &[u8], random: &mut Random) {
    let lost = 1 + random.below(9);
    for page in (2 * PAGE..bytes.len() - PAGE + 1).step_by(PAGE) {
        let before = earlier.get(page..page + PAGE);
        if before != Some(&bytes[page..page + PAGE]) && random.below(10) < lost {
            match before {
                Some(before) => bytes[page..page + PAGE].copy_from_slice(before),
                None => bytes[page..page + PAGE].fill(0),
            }
        }
    }
}
