//! No file takes the process down or holds it up: hostile inputs for every language of the build.
//!
//! The inputs run in child processes, since nothing in a process can catch what a grammar's C code aborts: a
//! child that dies names the language and the input that it died of.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use repo_map_tags::{Language, extract};

/// The variable that tells a child its language.
const LANGUAGE: &str = "REPO_MAP_ADVERSARIAL_LANGUAGE";
/// One input takes milliseconds; only a loop without end takes as long as this.
const HUNG: Duration = Duration::from_secs(120);

/// The size of an input that repeats one piece.
const BYTES: usize = 3_000;

struct Input {
    name: String,
    bytes: Vec<u8>,
}

/// A generator that gives the same numbers everywhere.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

/// What opens something in one language or another.
#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "(", "[", "{", "<", "x(", "x{", "x[", "[{(", "<a>", "<a b=\"", "<!--", "</", "(*", "/*", "/+", "{-", "#|", "#[",
    "--[[", "%{", "#{", "${", "$(", "\"${", "''${", "\"#{", "\"\\(", "$\"{", "\"$(", "f\"{", "s\"${", "`${", "`",
    "\"", "'", "\"\"\"", "'''", "r#\"", "R\"(", "$$",
    "<<E\n", "<<<E\n", "<<~E\n", "@\"\n", "=begin\n", "\\", "- ", "? ", "> ", "* ", "a: ", "a.", "a->", "a = ", "a::",
    "&", "!", "-", "@", ",", ";", "|> ", "++", "#if A\n", "template<", "function ", "begin\n", "do\n", "if x then\n",
    "if 1:\n", "class A\n", "let a = ", "case a of\n", "fn a -> ", "\\a -> ", "lambda a: ", "not ", "new ", "return ",
];

const SIGNS: &[u8] = b"(){}[]<>\"'`\\/*#-=:;,.!?&|$@%^~+ \n\tabAB01";

fn inputs(language: Language) -> Vec<Input> {
    let name = format!("{}.{}", language.id(), language.extensions()[0]);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages").join(name);
    let fixture = std::fs::read(path).expect("every language has a fixture");
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    let mut inputs = Vec::new();
    let mut add = |name: String, bytes: Vec<u8>| inputs.push(Input { name, bytes });

    for part in 0..40 {
        let at = fixture.len() * part / 40;
        add(format!("the first {at} bytes"), fixture[..at].to_vec());
        add(format!("from byte {at}"), fixture[at..].to_vec());
    }
    for round in 0..40 {
        let mut bytes = fixture.clone();
        for _ in 0..=round {
            let at = random.next(bytes.len());
            let from = random.next(fixture.len());
            let piece = fixture[from..].iter().take(random.next(30)).copied();
            let until = (at + random.next(10)).min(bytes.len());
            bytes.splice(at..until, piece);
        }
        add(format!("mutation {round}"), bytes);
    }
    for round in 0..10 {
        let bytes = (0..400 << (round % 4)).map(|_| 1 + random.next(255) as u8).collect();
        add(format!("random bytes {round}"), bytes);
        let text = (0..400 << (round % 4)).map(|_| SIGNS[random.next(SIGNS.len())]);
        add(format!("random signs {round}"), text.collect());
    }
    for opener in OPENERS {
        // More bytes of what no rule allows take a parser seconds: its recovery is quadratic in the depth.
        for count in [BYTES / 10 / opener.len(), BYTES / opener.len()] {
            // Line ends, so that it does not pass for minified text.
            let ends = "\n".repeat(opener.len() * count / 400 + 1);
            add(format!("{opener:?} {count} times"), (opener.repeat(count) + &ends).into_bytes());
        }
        // Allocations count, so quadratic recovery does: of these it would take some parsers seconds.
        if matches!(*opener, "<!--" | "/+" | "`${") {
            let ends = "\n".repeat(4 * BYTES / 400 + 1);
            add(
                format!("{opener:?}, {} bytes", 4 * BYTES),
                (opener.repeat(4 * BYTES / opener.len()) + &ends).into_bytes(),
            );
        }
        add(format!("{opener:?} on 250 lines"), format!("{opener}\n").repeat(250).into_bytes());
    }
    let text = String::from_utf8_lossy(&fixture);
    let mut lines: Vec<_> = text.lines().map(str::trim).filter(|line| line.len() > 1).collect();
    lines.sort_unstable();
    lines.dedup();
    let step = lines.len() / 20 + 1;
    for line in lines.iter().step_by(step) {
        let nested: String = (0..250).map(|depth| format!("{}{line}\n", " ".repeat(depth))).collect();
        add(format!("{line:?} on 250 lines, each further in"), nested.into_bytes());
        let word = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(line);
        let words = format!("{word} ").repeat(1_000) + &"\n".repeat(20);
        add(format!("{word:?} 1000 times"), words.into_bytes());
    }
    let line = text.replace('\n', " ");
    add(
        "a line of the whole file".to_owned(),
        (line.repeat(10) + &"\n".repeat(line.len() / 40)).into_bytes(),
    );
    add("a word of 60 000 letters".to_owned(), ("a".repeat(60_000) + &"\n".repeat(200)).into_bytes());
    add("a number of 60 000 digits".to_owned(), ("1".repeat(60_000) + &"\n".repeat(200)).into_bytes());
    inputs
}

/// Runs in a child: reads every input, and says before each which it is.
#[test]
#[ignore = "the other test starts it, in a process of its own"]
fn child() {
    #[cfg(feature = "mimalloc")]
    // SAFETY: the child runs this test alone, and it begins here.
    unsafe {
        repo_map_tags::use_mimalloc();
    }
    #[expect(clippy::disallowed_methods, reason = "a test hands its child a word")]
    let id = std::env::var(LANGUAGE).expect("the other test sets it");
    let language = Language::by_id(&id).expect("the other test lists the languages");
    let mut out = std::io::stdout().lock();
    for (at, input) in inputs(language).iter().enumerate() {
        writeln!(out, "input {at}").and_then(|()| out.flush()).expect("the parent reads");
        let outcome = extract(language, &input.bytes).outcome;
        assert!(outcome.skip_reason().is_none_or(|reason| !reason.as_str().is_empty()));
    }
    writeln!(out, "input done").and_then(|()| out.flush()).expect("the parent reads");
}

/// How the child of a language ended: nothing when it read every input, a sentence otherwise.
fn run(language: Language) -> Option<String> {
    let child = Command::new(std::env::current_exe().expect("a test has a file"))
        .args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(LANGUAGE, language.id())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test's own file runs");
    let child = Guarded::new(child);
    let output = child.take_output();
    let mut last = String::from("none");
    for line in BufReader::new(output).lines() {
        let Ok(line) = line else { break };
        // The harness writes its own words in front of the first.
        if let Some((_, input)) = line.split_once("input ") {
            child.alive();
            last = input.to_owned();
        }
    }
    let (status, hung) = child.end();
    if last == "done" && status.success() {
        return None;
    }
    let input = last.parse::<usize>().ok().and_then(|at| inputs(language).into_iter().nth(at));
    let what = input.map_or(last, |input| input.name);
    Some(format!(
        "{}: {} at {what}",
        language.id(),
        if hung { "hangs".to_owned() } else { status.to_string() }
    ))
}

/// A child that is killed when it gives no sign of life.
struct Guarded {
    child: Arc<Mutex<Child>>,
    seen: Arc<Mutex<Option<Instant>>>,
    watch: std::thread::JoinHandle<bool>,
}

impl Guarded {
    fn new(child: Child) -> Self {
        let child = Arc::new(Mutex::new(child));
        let seen = Arc::new(Mutex::new(Some(Instant::now())));
        let (watched, sign) = (Arc::clone(&child), Arc::clone(&seen));
        let watch = std::thread::spawn(move || {
            while let Some(seen) = *sign.lock().expect("no holder panics") {
                if seen.elapsed() > HUNG {
                    return watched.lock().expect("no holder panics").kill().is_ok();
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            false
        });
        Self { child, seen, watch }
    }

    fn take_output(&self) -> std::process::ChildStdout {
        self.child.lock().expect("no holder panics").stdout.take().expect("it is piped")
    }

    fn alive(&self) {
        *self.seen.lock().expect("no holder panics") = Some(Instant::now());
    }

    /// The child's end, and whether it had to be killed.
    fn end(self) -> (std::process::ExitStatus, bool) {
        *self.seen.lock().expect("no holder panics") = None;
        let hung = self.watch.join().expect("the watch does not panic");
        (self.child.lock().expect("no holder panics").wait().expect("it is a child of ours"), hung)
    }
}

#[test]
fn no_input_takes_the_process_down_or_holds_it_up() {
    let languages: Vec<_> = Language::all().collect();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(&language) = languages.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(failure) = run(language) {
                        failures.lock().expect("no holder panics").push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no holder panics");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_language_meets_two_hundred_inputs() {
    for language in Language::all() {
        let mut inputs = inputs(language);
        inputs.sort_by(|one, other| one.bytes.cmp(&other.bytes));
        inputs.dedup_by(|one, other| one.bytes == other.bytes);
        assert!(inputs.len() >= 200, "{language}: {}", inputs.len());
    }
}
