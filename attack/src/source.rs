//! Sources that make a parser, a hash table or a later pass run away.

use std::time::Duration;

use anyhow::Result;

use crate::attempt::{Attempt, contains};
use crate::kinds::{Kind, Needs};

const PLAIN: Kind = Kind { name: "", covers: &[], needs: Needs::Nothing, share: 4, attack: |_| Ok(()) };

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "source-equal-hashes",
        covers: &["source-equal-hashes"],
        share: 1,
        attack: equal_hashes,
        ..PLAIN
    },
    Kind { name: "source-runaway", covers: &["source-runaway"], share: 2, attack: runaway, ..PLAIN },
    Kind { name: "source-openers", share: 6, attack: openers, ..PLAIN },
    Kind { name: "source-mutated", share: 8, attack: mutated, ..PLAIN },
    Kind {
        name: "source-false-definitions",
        covers: &["source-runaway"],
        share: 1,
        attack: false_definitions,
        ..PLAIN
    },
    Kind { name: "source-long-lines", share: 2, attack: long_lines, ..PLAIN },
];

/// CPU time above which one file of 150 KB costs too much, on a machine with others on it.
const DEAR: Duration = Duration::from_secs(5);

/// Pieces of sources; a file of nothing but one or two of them opens a thousand things and closes none.
const OPENERS: &[&str] = &[
    "(",
    "[",
    "{",
    "<",
    "\"",
    "'",
    "`",
    "/*",
    "(*",
    "{-",
    "<!--",
    "<<A\n",
    "<<<",
    "begin ",
    "if a ",
    "if (a) ",
    "do ",
    "a.",
    "a(",
    "a[",
    "-",
    "!",
    "~",
    "@",
    "#",
    "\\",
    "unless a\n",
    "println a\n",
    "{{",
    "${",
    "\"${",
    "#{",
    "=> ",
    "a = ",
    "a, ",
    "a b ",
    "let a = ",
    "fn a(",
    "class A {",
    "class A\n",
    "def a\n",
    "def a(",
    "lambda ",
    "a ? ",
    "a:",
    "a::",
    "<a>",
    "<a ",
    "</a>",
    "%",
    "%w(",
    "$(",
    "$",
    "a\n b\n",
    "  - ",
    "- - ",
    "> ",
    "* ",
    "\t",
    "#if a\n",
    "#define a(",
    "case a of ",
    "where ",
    "match a with ",
    "template<",
    "operator",
    "&",
    "&&",
    "||",
    "|",
    "a |> ",
    "a <- ",
    "=",
    ";",
    ",",
    "\n",
    " \n",
    "\\\n",
    "'''",
    "\"\"\"",
    "[[",
    "--[[",
    "r#\"",
    "R\"(",
    "f\"{",
    "//",
    "#!",
    "---\n",
    "+ ",
    "a\\",
    "async ",
    "await ",
    "return ",
    "new ",
    "not ",
    "else if a ",
    "elif a:\n",
    "try ",
    "catch ",
    "@a ",
    "a<b<",
    "a->",
    "..",
    "...",
    "?.",
    "??",
    "0x",
    "1.",
    "1e",
    "\u{e9}",
    "\0",
];

/// Time is asked of a file by itself, parsed by a worker, as a user meets it.
fn timed(attempt: &mut Attempt<'_>, name: &str, what: &str) -> Result<()> {
    let seen = attempt.run(&["tags", "--explain", name])?;
    if seen.spent > DEAR {
        attempt.fault(format!("{what} takes {:.1} s of CPU time in {name}", seen.spent.as_secs_f64()));
    }
    Ok(())
}

fn runaway(attempt: &mut Attempt<'_>) -> Result<()> {
    let (name, line) = attempt.random.pick_of(&[
        ("x.hs", "<<A\n"),
        ("x.groovy", "unless a\n"),
        ("x.groovy", "println total\n"),
        ("x.gradle", "apply plugin\n"),
        ("x.hs", "a <> b <> \n"),
        ("x.hs", ">>= f\n"),
        ("x.groovy", "a b c\n"),
    ]);
    let bytes = attempt.random.between(60_000, 150_000);
    attempt.write(name, line.repeat(bytes / line.len()))?;
    timed(attempt, name, &format!("{bytes} bytes of {line:?}"))
}

fn openers(attempt: &mut Attempt<'_>) -> Result<()> {
    let program = attempt.program;
    let (_, name) = &program.languages[attempt.random.below(program.languages.len())];
    let first = attempt.random.pick(OPENERS);
    let second = if attempt.random.once_in(3) { attempt.random.pick(OPENERS) } else { "" };
    let piece = format!("{first}{second}");
    let bytes = attempt.random.pick_of(&[12_000, 12_000, 50_000, 150_000]);
    attempt.write(name, piece.repeat(bytes / piece.len()))?;
    timed(attempt, name, &format!("{bytes} bytes of {piece:?}"))
}

fn mutated(attempt: &mut Attempt<'_>) -> Result<()> {
    for _ in 0..8 {
        let (name, source) = &attempt.program.fixtures[attempt.random.below(attempt.program.fixtures.len())];
        let mut bytes = source.clone();
        for _ in 0..attempt.random.between(1, 6) {
            let at = attempt.random.below(bytes.len());
            match attempt.random.below(5) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = attempt.random.next() as u8,
                2 => {
                    let piece = attempt.random.pick(OPENERS).repeat(attempt.random.between(1, 200));
                    bytes.splice(at..at, piece.bytes());
                }
                3 => {
                    let end = attempt.random.between(at, bytes.len().min(at + 200));
                    let piece = bytes[at..end].to_vec();
                    bytes.extend(piece);
                }
                _ => {
                    let end = attempt.random.between(at, bytes.len().min(at + 80));
                    bytes.drain(at..end);
                    bytes.push(b'\n');
                }
            }
        }
        let folder = attempt.random.word();
        attempt.write(&format!("r/{folder}/{name}"), bytes)?;
    }
    let cold = attempt.run(&["map", "r", "--cache-dir", "c", "--map-tokens", "4096"])?;
    let here = attempt.run(&["map", "r", "--no-cache", "--in-process", "--map-tokens", "4096"])?;
    attempt.same(&here, &cold, "mutated sources, in process against workers");
    let warm = attempt.run(&["map", "r", "--cache-dir", "c", "--map-tokens", "4096"])?;
    attempt.same(&warm, &cold, "mutated sources, the second run against the first");
    Ok(())
}

/// Names of letters and digits whose hash by the usual hash of compilers is the same: the third word cancels the first two.
fn equal_names(attempt: &mut Attempt<'_>, count: usize) -> Vec<String> {
    const FIRST: u64 = 0x243f_6a88_85a3_08d3;
    const SECOND: u64 = 0x1319_8a2e_0370_7344;
    const THIRD: u64 = 0xa409_3822_299f_31d0;
    let mix = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        product as u64 ^ (product >> 64) as u64
    };
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let prefix = loop {
        let start: [u8; 16] = std::array::from_fn(|_| b'a' + attempt.random.below(26) as u8);
        let half = |at: usize| u64::from_le_bytes(start[at..at + 8].try_into().expect("8 bytes"));
        let cancels = mix(FIRST ^ half(0), THIRD ^ half(8)) ^ SECOND;
        let third = (cancels ^ SECOND).to_le_bytes();
        if third.iter().all(is_name) {
            break [start.as_slice(), &[b'a'; 16], &third].concat();
        }
    };
    let prefix = String::from_utf8(prefix).expect("letters and digits");
    let name = |mut number: usize| {
        let mut middle = String::new();
        for _ in 0..8 {
            middle.push(char::from(b'a' + (number % 26) as u8));
            number /= 26;
        }
        format!("{prefix}{middle}{}", "z".repeat(16))
    };
    (0..count).map(name).collect()
}

fn equal_hashes(attempt: &mut Attempt<'_>) -> Result<()> {
    const NAMES: usize = 36_000;
    let equal = equal_names(attempt, NAMES);
    let stem = attempt.random.word();
    let plain: Vec<String> = (0..NAMES).map(|i| format!("{stem:a<24}{i:040}")).collect();
    for (tree, names) in [("plain", &plain), ("equal", &equal)] {
        for (i, part) in names.chunks(NAMES / 3).enumerate() {
            let text: String = part.iter().map(|name| format!("def {name}():0\n")).collect();
            attempt.write(&format!("{tree}/f{i}.py"), text)?;
        }
    }
    let plain = attempt.run(&["map", "plain", "--no-cache", "--map-tokens", "200"])?;
    let equal = attempt.run(&["map", "equal", "--no-cache", "--map-tokens", "200"])?;
    if equal.spent > plain.spent * 3 + Duration::from_millis(500) {
        let (equal, plain) = (equal.spent.as_secs_f64(), plain.spent.as_secs_f64());
        attempt
            .fault(format!("{NAMES} names of one hash take {equal:.1} s of CPU time, others {plain:.1} s"));
    }
    Ok(())
}

fn false_definitions(attempt: &mut Attempt<'_>) -> Result<()> {
    let name = attempt.random.word();
    let line = attempt.random.pick(&["println", "apply", "include", "print", "plugin"]);
    attempt.write("x.groovy", format!("def real() {{ }}\n{line} {name}\n"))?;
    let seen = attempt.run(&["tags", "x.groovy"])?;
    let rows = seen.text();
    if seen.is_success() && rows.lines().any(|row| row.contains(&name) && row.contains("variable")) {
        attempt.fault(format!("`{line} {name}` of a Groovy script is a definition of {name}"));
    }
    if seen.is_success() && !contains(&seen.stdout, b"real") {
        attempt.fault("`def real()` of a Groovy script is no definition");
    }
    Ok(())
}

fn long_lines(attempt: &mut Attempt<'_>) -> Result<()> {
    let bytes = attempt.random.between(200_000, 1_000_000);
    let word = attempt.random.word();
    let (name, text) = match attempt.random.below(6) {
        0 => ("a.py", format!("def {}(): pass\n", word.repeat(bytes / word.len()))),
        1 => ("a.js", format!("var {word}=[{}];function good(){{}}", "1,".repeat(bytes / 2))),
        2 => (
            "a.py",
            format!("def good({}):\n    pass\n", format!("{word}=1, ").repeat(bytes / (word.len() + 4))),
        ),
        3 => ("a.c", format!("int good({}) {{ return 0; }}\n", "int a, ".repeat(bytes / 7))),
        4 => ("a.json", format!("{{\"good\": \"{}\"}}", word.repeat(bytes / word.len()))),
        _ => (
            "a.py",
            format!(
                "{}\ndef good(): pass\n",
                format!("def {word}(): pass\n").repeat(bytes / (word.len() + 13))
            ),
        ),
    };
    attempt.write(&format!("r/{name}"), text)?;
    attempt.write("r/b.py", "def second(): pass\n")?;
    let seen =
        attempt.run(&["map", "r", "--cache-dir", "c", "--tokenizer", "bytes4", "--map-tokens", "300"])?;
    if seen.stdout.len() > 1200 {
        attempt.fault(format!("wrong map: {} bytes where 1,200 were asked", seen.stdout.len()));
    }
    let again =
        attempt.run(&["map", "r", "--cache-dir", "c", "--tokenizer", "bytes4", "--map-tokens", "299"])?;
    if seen.spent + again.spent > 3 * DEAR {
        attempt.fault(format!("a long line takes {:.1} s of CPU time", seen.spent.as_secs_f64()));
    }
    Ok(())
}
