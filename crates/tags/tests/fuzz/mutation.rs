//! Inputs from a fixture, a seed and a number.

use std::path::Path;

use repo_map_tags::Language;

/// The largest input: what nests is quadratic in some grammars, and time is for many inputs.
const LARGEST: usize = 20_000;

const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "/*",
    "*/",
    "//",
    "#",
    "--",
    "(*",
    "*)",
    "{-",
    "#|",
    "<<E\n",
    "<<<E\n",
    "@\"\n",
    "\\",
    "\\\n",
    "\r",
    "\r\n",
    "\n",
    "\t",
    "    ",
    "\u{feff}",
    "\0",
    "é",
    "\u{2028}",
    "${",
    "#{",
    "%{",
    "$(",
    "=begin\n",
    "=end\n",
    "<!--",
    "-->",
    "<![CDATA[",
    "<script>",
    "</",
    "::",
    "->",
    "=>",
    "@",
    "!",
    ";",
    ",",
    "0x",
    "1e",
    "'\\u",
    "r#\"",
    "R\"x(",
    "if ",
    "end\n",
    "begin\n",
    "do\n",
];

pub(crate) fn fixture(language: Language) -> Vec<u8> {
    let name = format!("{}.{}", language.id(), language.extensions()[0]);
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages").join(name)).unwrap()
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }

    /// A stretch of the bytes, short more often than long.
    fn stretch(&mut self, len: usize) -> std::ops::Range<usize> {
        let start = self.below(len);
        let most = [4, 40, 400][self.below(3)];
        start..(start + 1 + self.below(most)).min(len)
    }
}

/// One input: the fixture after a few changes.
pub(crate) fn input(fixture: &[u8], seed: u64, number: usize) -> Vec<u8> {
    let mut random = Random(seed.wrapping_mul(0x1_0000_0001).wrapping_add(number as u64));
    let mut bytes = fixture.to_vec();
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len() + 1);
        match random.below(8) {
            0 => drop(bytes.drain(random.stretch(bytes.len()))),
            1 => bytes.truncate(at),
            2 => {
                let piece = fixture[random.stretch(fixture.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => {
                let piece = fixture[random.stretch(fixture.len())].repeat(1 + random.below(200));
                bytes.splice(at..at, piece);
            }
            4 => {
                let piece = PIECES[random.below(PIECES.len())].repeat(1 + random.below(300));
                bytes.splice(at..at, piece.into_bytes());
            }
            5 => {
                for _ in 0..=random.below(20) {
                    let byte = random.below(256) as u8;
                    let at = random.below(bytes.len());
                    bytes.get_mut(at).into_iter().for_each(|old| *old = byte);
                }
            }
            6 => {
                // Each line further in, or all of them on one.
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let further_in = random.below(2) == 0;
                let line = |(depth, line): (usize, &str)| {
                    if further_in {
                        format!("{}{}\n", " ".repeat(depth), line.trim())
                    } else {
                        format!("{line} ")
                    }
                };
                bytes = text.lines().enumerate().map(line).collect::<String>().into_bytes();
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
        bytes.truncate(LARGEST);
    }
    bytes
}
