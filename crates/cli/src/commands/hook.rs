//! `repo-map hook`: for agents that run a program at each prompt and give its output to the model.

use crate::exit_code::ExitCode;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use repo_map_bounded_io::read_stream;
use repo_map_cache::{MapRequest, RankingConfig, RepoMapper};
use serde_json::Value;

use crate::arguments::HookArguments;
use crate::commands::worker;
use crate::output;

/// Larger than any prompt that a person types.
const MOST_BYTES: u64 = 8 << 20;

/// What Claude Code takes whole from a hook.
const MOST_CHARACTERS: usize = 10_000;

/// How long a prompt waits for a tree that was never read.
const PATIENCE: Duration = Duration::from_millis(2_000);

const HEAD: &str =
    "Files and definitions that matter for this request, ranked by repo-map (not complete):\n\n";

/// Whatever is wrong, the prompt goes on as if there were no hook.
pub(crate) fn run(arguments: &HookArguments) -> ExitCode {
    if let Some(page) = page(arguments) {
        let _ = output::print(&page);
    }
    ExitCode::SUCCESS
}

fn page(arguments: &HookArguments) -> Option<String> {
    let event = read_stream(io::stdin().lock(), MOST_BYTES).ok()?;
    let event: Value = serde_json::from_slice(&event).ok()?;
    let prompt = event["prompt"].as_str().filter(|prompt| !prompt.trim().is_empty())?;
    let folder = event["cwd"].as_str().map_or_else(|| PathBuf::from("."), PathBuf::from);
    let mut builder = RepoMapper::builder(&folder)
        .ranking(RankingConfig::load(&folder).ok()?)
        .cache(arguments.place.load(&folder).ok()?);
    if let Some(command) = worker::command() {
        builder = builder.workers(command);
    }
    if let Some(queries) = worker::folder_of_queries(None) {
        builder = builder.queries(queries);
    }
    let request = MapRequest::new(arguments.map_tokens).task(prompt).deadline(Instant::now() + PATIENCE);
    let map = builder.build().ok()?.map(&request).ok()?;
    let is_sure = map.confidence.is_some_and(|confidence| confidence >= arguments.min_confidence);
    if map.is_partial || map.text.is_empty() || !is_sure {
        return None;
    }
    Some(HEAD.to_owned() + whole_lines(&map.text, MOST_CHARACTERS - HEAD.len()))
}

/// As many lines as have so many characters.
fn whole_lines(text: &str, most: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    text[..end].rfind('\n').map_or("", |at| &text[..=at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_with_a_line() {
        assert_eq!(whole_lines("é\nbc\nd\n", 5), "é\nbc\n");
        assert_eq!(whole_lines("é\nbc\nd\n", 7), "é\nbc\nd\n");
        assert_eq!(whole_lines("éé", 1), "");
    }
}
