//! Random requests against the library: no budget exceeded, no crash, the same bytes on one thread and on many, and no memory that grows
//! with the requests.
//!
//! ```text
//! cargo xtask bench soak --requests 500 --seed 1 TREE…
//! ```
//!
//! Each request draws a tree, a budget from 1 to 16,384 tokens, a style, a tokenizer, chat files, mentioned files
//! and mentioned names (half of them taken from earlier maps, half of them noise). The map's size is counted again
//! by tiktoken-rs, so that the code which keeps the budget does not check itself.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program that reports")]

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use repo_map_benches::Dice;
use repo_map_cache::{CacheConfig, MapRequest, RepoMap, RepoMapper, Style, Tokenizer};
use tiktoken_rs::CoreBPE;

#[derive(Parser)]
struct Arguments {
    /// How many requests.
    #[arg(long, default_value_t = 500)]
    requests: usize,
    /// Where the random numbers begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the tags are kept; a folder of its own if not given.
    #[arg(long)]
    cache_dir: Option<PathBuf>,
    /// Source trees.
    #[arg(required = true)]
    trees: Vec<PathBuf>,
}

const TOKENIZERS: [&str; 3] = ["o200k", "cl100k", "bytes4"];
const NOISE: [&str; 8] = ["", "x", "__init__", "a::b::c", "naïve_名前", "..", "\u{0}", "the quick brown fox"];

/// What a mapper may hold more after all requests than after half of them: the bounds of its cache in memory, and of the sources and records that it
/// keeps.
const GROWTH: u64 = (64 + 16 + 16) << 20;

/// One tree with a mapper a tokenizer: every core for the first answer, one thread for the second.
struct Subject {
    tree: PathBuf,
    mappers: Vec<[RepoMapper; 2]>,
    paths: Vec<String>,
    names: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let cache = arguments.cache_dir.clone().unwrap_or_else(|| std::env::temp_dir().join("repo-map-soak"));
    let mut subjects = Vec::new();
    for tree in &arguments.trees {
        subjects.push(Subject::open(tree, &cache)?);
    }
    let counters = [tiktoken_rs::o200k_base()?, tiktoken_rs::cl100k_base()?];
    let mut dice = Dice::new(arguments.seed);
    let (mut exceeded, mut differing, mut empty, mut used, mut asked) = (0, 0, 0, 0usize, 0usize);
    let mut middle = memories(&subjects);
    for number in 1..=arguments.requests {
        let subject = dice.below(subjects.len());
        let subject = &mut subjects[subject];
        let tokenizer = dice.below(TOKENIZERS.len());
        let request = subject.request(&mut dice);
        let context = || format!("request {number} on {}: {request:?}", subject.tree.display());
        let [first, second] = &subject.mappers[tokenizer];
        let map = first.map(&request).with_context(context)?;
        let again = second.map(&request).with_context(context)?;
        let tokens = count(counters.get(tokenizer), &map.text);
        ensure!(
            tokens == map.tokens_used,
            "{} tokens claimed, {tokens} counted: {}",
            map.tokens_used,
            context()
        );
        if tokens > request.token_budget {
            exceeded += 1;
            println!("EXCEEDED {tokens} > {}: {}", request.token_budget, context());
        }
        if again.text != map.text {
            differing += 1;
            println!("DIFFERS on one thread: {}", context());
        }
        empty += usize::from(map.text.is_empty());
        if !map.text.is_empty() && map.omitted.definitions > 0 {
            (used, asked) = (used + map.tokens_used, asked + map.budget);
        }
        subject.learn(&map);
        if number == arguments.requests / 2 {
            middle = memories(&subjects);
        }
    }
    let end = memories(&subjects);
    println!("memory of the largest mapper: {} bytes", end.iter().max().unwrap_or(&0));
    for (end, middle) in end.iter().zip(&middle) {
        ensure!(*end <= middle + GROWTH, "a mapper grew from {middle} to {end} bytes");
    }
    println!(
        "{} requests: {exceeded} budgets exceeded, {differing} maps differing, 0 crashes, {empty} empty maps; \
         {:.1} % of the budgets used where definitions were left",
        arguments.requests,
        100.0 * used as f64 / asked.max(1) as f64,
    );
    ensure!(exceeded + differing == 0, "the soak found faults");
    Ok(())
}

/// What each mapper holds, in bytes.
fn memories(subjects: &[Subject]) -> Vec<u64> {
    subjects.iter().flat_map(|subject| subject.mappers.iter().flatten()).map(RepoMapper::memory).collect()
}

fn count(encoding: Option<&CoreBPE>, text: &str) -> usize {
    encoding.map_or(text.len().div_ceil(4), |encoding| encoding.encode_ordinary(text).len())
}

impl Subject {
    fn open(tree: &Path, cache: &Path) -> Result<Self> {
        let mapper = |name: &str, threads| -> Result<RepoMapper> {
            let builder = RepoMapper::builder(tree).cache(CacheConfig::at(cache)).threads(threads);
            Ok(builder.tokenizer(Tokenizer::by_name(name)?).build()?)
        };
        let mappers: Result<Vec<_>> =
            TOKENIZERS.iter().map(|name| Ok([mapper(name, 0)?, mapper(name, 1)?])).collect();
        let mut subject =
            Self { tree: tree.to_owned(), mappers: mappers?, paths: Vec::new(), names: Vec::new() };
        let map = subject.mappers[0][0].map(&MapRequest::new(16_384).full_ranking(true))?;
        subject.paths.extend(map.ranking.iter().map(|file| file.path.to_string()));
        subject.learn(&map);
        Ok(subject)
    }

    fn request(&self, dice: &mut Dice) -> MapRequest {
        // As many small budgets as large ones, and every size between.
        let (least, spread) = (1 << dice.below(14), 1 << dice.below(14));
        let budget = least + dice.below(spread);
        MapRequest::new(budget)
            .style(if dice.below(2) == 0 { Style::Outline } else { Style::Tree })
            .chat_files(draw(dice, &self.paths, 3))
            .mentioned_files(draw(dice, &self.paths, 3))
            .mentioned_idents(draw(dice, &self.names, 8))
    }

    fn learn(&mut self, map: &RepoMap) {
        let names =
            map.files.iter().flat_map(|file| &file.definitions).map(|definition| definition.name.clone());
        self.names.extend(names.take(32));
    }
}

/// Up to `most` entries, some of them noise.
fn draw(dice: &mut Dice, known: &[String], most: usize) -> Vec<String> {
    let wanted = dice.below(most + 1);
    (0..wanted)
        .map(|_| match known.get(dice.below(known.len())) {
            Some(entry) if dice.below(8) > 0 => entry.clone(),
            _ => NOISE[dice.below(NOISE.len())].to_owned(),
        })
        .collect()
}
