//! Parsing alone beside extraction, in alternating rounds.

use std::time::{Duration, Instant};

use repo_map_tags::{Language, Outcome, extract};
use tree_sitter::Parser;

/// Sources between two readings of the clock.
const TURN: usize = 100;

#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) files: usize,
    pub(crate) bytes: usize,
    pub(crate) definitions: usize,
    pub(crate) references: usize,
    pub(crate) scopes: usize,
    pub(crate) errors: usize,
    pub(crate) skipped: usize,
    /// CPU seconds of parsing and of extraction, a round.
    rounds: Vec<(f64, f64)>,
}

impl Measured {
    /// The median of the rounds, in CPU seconds.
    pub(crate) fn parse(&self) -> f64 {
        self.median(|(parse, _)| parse)
    }

    /// The median of the rounds, in CPU seconds.
    pub(crate) fn extract(&self) -> f64 {
        self.median(|(_, extract)| extract)
    }

    /// The median of the rounds' ratios.
    pub(crate) fn ratio(&self) -> f64 {
        self.median(|(parse, extract)| extract / parse)
    }

    fn median(&self, figure: impl Fn((f64, f64)) -> f64) -> f64 {
        let mut figures: Vec<f64> = self.rounds.iter().copied().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        let middle = figures.len() / 2;
        match figures.len() {
            0 => f64::NAN,
            len if len % 2 == 1 => figures[middle],
            _ => f64::midpoint(figures[middle - 1], figures[middle]),
        }
    }

    /// Adds what was measured of another language in the same rounds.
    pub(crate) fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.definitions += other.definitions;
        self.references += other.references;
        self.scopes += other.scopes;
        self.errors += other.errors;
        self.skipped += other.skipped;
        self.rounds.resize(self.rounds.len().max(other.rounds.len()), (0.0, 0.0));
        for (sum, round) in self.rounds.iter_mut().zip(&other.rounds) {
            *sum = (sum.0 + round.0, sum.1 + round.1);
        }
    }
}

pub(crate) fn measure(
    language: Language,
    grammar: &tree_sitter::Language,
    sources: &[Vec<u8>],
    rounds: usize,
) -> Measured {
    let mut of = Measured::default();
    let mut parser = Parser::new();
    parser.set_language(grammar).expect("the runtime reads this grammar");
    // Counts what there is, and compiles the query, which is not measured.
    let read: Vec<&[u8]> =
        sources.iter().map(Vec::as_slice).filter(|source| count(language, source, &mut of)).collect();

    let start = Instant::now();
    for round in 0..rounds {
        let (mut parse, mut extraction) = (Duration::ZERO, Duration::ZERO);
        for (turn, sources) in read.chunks(TURN).enumerate() {
            let mut parse_all = || {
                let before = cpu(start);
                sources.iter().for_each(|source| drop(parser.parse(source, None)));
                parse += cpu(start).saturating_sub(before);
            };
            let mut extract_all = || {
                let before = cpu(start);
                sources.iter().for_each(|source| drop(extract(language, source)));
                extraction += cpu(start).saturating_sub(before);
            };
            // Whoever comes second finds the sources in the processor's caches.
            if (turn + round) % 2 == 0 {
                parse_all();
                extract_all();
            } else {
                extract_all();
                parse_all();
            }
        }
        of.rounds.push((parse.as_secs_f64(), extraction.as_secs_f64()));
    }
    of
}

/// Counts what extraction finds in a source, and tells whether it reads it.
fn count(language: Language, source: &[u8], of: &mut Measured) -> bool {
    let extraction = extract(language, source);
    match extraction.outcome {
        Outcome::Complete | Outcome::OutlineOfGenerated => {}
        Outcome::CompleteWithSyntaxErrors => of.errors += 1,
        Outcome::Skipped(_) => {
            of.skipped += 1;
            return false;
        }
    }
    of.files += 1;
    of.bytes += source.len();
    of.definitions += extraction.tags.definitions().len();
    of.references += extraction.tags.references().len();
    of.scopes += extraction.tags.scopes().len();
    true
}

fn cpu(start: Instant) -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

pub(crate) fn grammar(language: Language) -> Option<tree_sitter::Language> {
    Some(tree_sitter::Language::new(match language.id() {
        "bash" => tree_sitter_bash::LANGUAGE,
        "c" => tree_sitter_c::LANGUAGE,
        "c_sharp" => tree_sitter_c_sharp::LANGUAGE,
        "cpp" => tree_sitter_cpp::LANGUAGE,
        "elixir" => tree_sitter_elixir::LANGUAGE,
        "go" => tree_sitter_go::LANGUAGE,
        "java" => tree_sitter_java::LANGUAGE,
        "javascript" => tree_sitter_javascript::LANGUAGE,
        "kotlin" => tree_sitter_kotlin_sg::LANGUAGE,
        "lua" => tree_sitter_lua::LANGUAGE,
        "php" => tree_sitter_php::LANGUAGE_PHP,
        "python" => tree_sitter_python::LANGUAGE,
        "ruby" => tree_sitter_ruby::LANGUAGE,
        "rust" => tree_sitter_rust::LANGUAGE,
        "scala" => tree_sitter_scala::LANGUAGE,
        "swift" => tree_sitter_swift::LANGUAGE,
        "typescript" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX,
        _ => return None,
    }))
}
