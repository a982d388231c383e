//! What `-v` says of a map: what was read, what was passed over and why, what the cache had, and how long it took.

use std::collections::BTreeMap;

use repo_map_cache::{RepoMap, SkippedFile, path_line};

use crate::failure;

/// Files that were passed over and are named one by one.
const MOST_NAMED: usize = 10;

pub(crate) fn tell(map: &RepoMap, skipped: &[SkippedFile]) {
    let (cache, took) = (&map.cache, &map.timings);
    let passed_over = match skipped.len() {
        0 => String::new(),
        count => format!(", {count} passed over"),
    };
    failure::tell(&format!("{} files{passed_over}", map.freshness.files));
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for file in skipped {
        reasons.entry(file.cause.to_string()).or_default().push(&file.path);
    }
    for (reason, files) in reasons {
        let named: Vec<_> = files.iter().take(MOST_NAMED).map(|path| path_line(path)).collect();
        let more = if files.len() > named.len() {
            format!(" and {} more", files.len() - named.len())
        } else {
            String::new()
        };
        failure::tell(&format!("passed over, {reason}: {}{more}", named.join(", ")));
    }
    failure::tell(&format!(
        "tags of {} files were in memory, of {} in the cache, {} were parsed{}",
        cache.kept,
        cache.hits,
        cache.misses,
        if cache.map_hit { "; the map itself was in the cache" } else { "" }
    ));
    let stages = [
        ("scan", took.scan),
        ("tags", took.tags),
        ("words", took.words),
        ("log", took.history),
        ("graph", took.graph),
        ("rank", took.rank),
        ("render", took.render),
    ];
    let stages: Vec<String> = stages
        .iter()
        .filter(|(_, took)| took.as_millis() > 0)
        .map(|(name, took)| format!("{name} {} ms", took.as_millis()))
        .collect();
    let stages = if stages.is_empty() { String::new() } else { format!(": {}", stages.join(", ")) };
    failure::tell(&format!("{} ms in all{stages}", took.total.as_millis()));
    failure::tell(&format!(
        "{} of {} tokens ({}); {} files and {} definitions are not shown",
        map.tokens_used, map.budget, map.tokenizer, map.omitted.files, map.omitted.definitions
    ));
}
