//! What an agent's loop asks between its turns: a map for the task, a name, one body, and a map beside the file that it edits.
//!
//!     cargo run -p repo-map-cache --example agent_loop -- FOLDER "the task in words" NAME

#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use std::error::Error;
use std::time::{Duration, Instant};

use repo_map_cache::{CacheConfig, MapRequest, NavigationRequest, RepoMapper};

/// What of the model's context each answer may take.
const MAP_TOKENS: usize = 1024;
const ANSWER_TOKENS: usize = 512;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, task, name] = arguments.as_slice() else {
        return Err("give a folder, a task and a name".into());
    };
    // One mapper for the whole session, with the cache that the user has configured.
    let mapper = RepoMapper::builder(folder).cache(CacheConfig::load(folder)?).build()?;

    // The first turn: the user waits, so a tree that takes longer than this gives a part of the map.
    let deadline = Instant::now() + Duration::from_secs(10);
    let map = mapper.map(&MapRequest::new(MAP_TOKENS).task(task).deadline(deadline))?;
    println!("{}\n{} tokens{}\n", map.text, map.tokens_used, if map.is_partial { ", a part" } else { "" });

    // The model asks for a name, then for the body of its first definition.
    let found = mapper.find(&NavigationRequest::new(name, ANSWER_TOKENS))?;
    println!("{}\n{} tokens\n", found.text, found.tokens_used);
    let Some(row) = found.rows.first() else { return Ok(()) };
    let place = format!("{}:{}", row.path, row.line + 1);
    let body = mapper.show(&NavigationRequest::new(place, ANSWER_TOKENS))?;
    println!("{}\n{} tokens\n", body.text, body.tokens_used);

    // It edits that file, which is in its context now. What else does it have to know? Only files that changed are read.
    let beside = MapRequest::new(MAP_TOKENS).task(task).chat_files([row.path.as_str()]);
    let map = mapper.map(&beside)?;
    println!("{}\n{} files from memory, {} parsed", map.text, map.cache.kept, map.cache.misses);
    for notice in &map.notices {
        println!("notice: {notice}");
    }
    Ok(())
}
