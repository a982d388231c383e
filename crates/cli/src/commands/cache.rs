//! `repo-map cache …`: what is in the cache's folder, whether it is whole, and how to fill, shrink and clear it.

#[cfg(feature = "remote")]
mod pack;
#[cfg(not(feature = "remote"))]
#[path = "cache/no_pack.rs"]
mod pack;
mod page;
mod prometheus;

use crate::exit_code::ExitCode;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use repo_map_cache::{
    CacheConfig, CacheDirectory, DirectoryStatistics, FilesConfig, OperationDurations, RepoMapper,
    RepoMapperBuilder, escaped, escaped_path, visible,
};
use serde_json::{Value, json};

use crate::arguments::{CacheArguments, CacheCommand, StatsArguments, WarmArguments};
use crate::commands::worker;
use crate::failure::{self, Failure, NOTHING};
use crate::progress::Bar;
use crate::{json as shapes, output, view};

pub(crate) fn run(arguments: &CacheArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let folder: &Path = match &arguments.command {
        CacheCommand::Warm(of) => &of.path,
        CacheCommand::Export(export) => &export.of.root,
        CacheCommand::Import(import) => &import.of.root,
        _ => Path::new("."),
    };
    let mut config = arguments.place.config(folder)?;
    // Told here, and by no mapper again.
    let notices = std::mem::take(&mut config.notices);
    notices.iter().filter(|_| !quiet).for_each(|notice| failure::warn(notice));
    let is_json = arguments.json;
    match &arguments.command {
        CacheCommand::Dir => directory(&config, is_json),
        CacheCommand::Stats(stats) => statistics(&config, stats, is_json),
        CacheCommand::List { table } => list(&config, table.as_deref(), is_json),
        CacheCommand::Inspect { path, queries } => inspect(&config, path, queries.as_deref(), is_json),
        CacheCommand::Verify => verify(&config, is_json),
        CacheCommand::Warm(WarmArguments { path, queries }) => {
            warm(mapped(path, queries.as_deref(), config)?, quiet, is_json)
        }
        CacheCommand::Export(export) => pack::export(export, config, quiet, is_json),
        CacheCommand::Import(import) => pack::import(import, config, quiet, is_json),
        CacheCommand::Compact => compact(&config, is_json),
        CacheCommand::Clear => clear(&config, is_json),
    }
}

/// What maps a tree as `repo-map map` does.
fn mapped(path: &Path, queries: Option<&Path>, config: CacheConfig) -> Result<RepoMapperBuilder, Failure> {
    let builder = RepoMapper::builder(path).cache(config).reading(FilesConfig::load(path)?);
    Ok(match worker::folder_of_queries(queries) {
        Some(folder) => builder.queries(folder),
        None => builder,
    })
}

fn directory(config: &CacheConfig, is_json: bool) -> Result<ExitCode, Failure> {
    let shown = config.cache_dir.as_ref().map(|directory| directory.display().to_string());
    if is_json {
        say_json(&json!({ "directory": shown }))?;
    } else if let Some(directory) = &shown {
        output::print(&format!("{directory}\n"))?;
    }
    Ok(if shown.is_some() { ExitCode::SUCCESS } else { ExitCode::from(NOTHING) })
}

fn statistics(config: &CacheConfig, wanted: &StatsArguments, is_json: bool) -> Result<ExitCode, Failure> {
    let Some(directory) = CacheDirectory::open(config)? else { return nothing(config, is_json) };
    let statistics = directory.statistics();
    if wanted.html {
        let page = page::page(&statistics, &directory.ages()?);
        return view::deliver(&page, &wanted.to, "cache", None);
    }
    if wanted.to.output.is_some() {
        return Err(Failure::Usage(
            "-o names the file of a page: `repo-map cache stats --html -o FILE`".to_owned(),
        ));
    }
    if wanted.prometheus {
        output::print(&prometheus::metrics(&statistics))?;
    } else if is_json {
        say_json(&json!(statistics))?;
    } else {
        output::print(&table(&statistics))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table(statistics: &DirectoryStatistics) -> String {
    let mut text = format!(
        "{}: {} of {}; tables {} of {}\n\n",
        escaped_path(&statistics.directory),
        size(statistics.size_on_disk),
        size(statistics.max_size),
        size(statistics.tables_size),
        size(statistics.usable)
    );
    let _ = writeln!(text, "{:<16}{:>10}{:>12}", "table", "entries", "size");
    for table in &statistics.tables {
        let _ = writeln!(text, "{:<16}{:>10}{:>12}", table.table, table.items, size(table.bytes));
    }
    if !statistics.activity.is_empty() {
        let _ = writeln!(
            text,
            "\n{:<8}{:<4}{:>12}{:>12}{:>10}{:>10}{:>10}{:>10}",
            "cache", "", "hits", "misses", "stale", "corrupt", "errors", "evicted"
        );
    }
    for row in &statistics.activity {
        let _ = writeln!(
            text,
            "{:<8}{:<4}{:>12}{:>12}{:>10}{:>10}{:>10}{:>10}",
            escaped(&row.cache),
            escaped(&row.tier),
            row.hits,
            row.misses,
            row.stale,
            row.corrupt,
            row.errors,
            row.evictions
        );
    }
    if let Some(shared) = &statistics.shared {
        let _ = writeln!(
            text,
            "\nshared  {} taken ({}), {} not there, {} refused, {} failed, {} compared; {} stored ({}), {} dropped",
            shared.hits,
            size(shared.bytes_received),
            shared.misses,
            shared.refused,
            shared.errors,
            shared.sampled,
            shared.stored,
            size(shared.bytes_sent),
            shared.dropped
        );
        let of_shared = |row: &&OperationDurations| row.tier == "shared";
        for row in statistics.durations.iter().filter(of_shared) {
            let batches = row.counts.iter().sum::<u64>().max(1);
            let milliseconds = row.nanoseconds as f64 / 1e6 / batches as f64;
            let _ = writeln!(
                text,
                "        {batches} batches to {}, {milliseconds:.1} ms each",
                escaped(&row.operation)
            );
        }
    }
    text
}

fn list(config: &CacheConfig, table: Option<&str>, is_json: bool) -> Result<ExitCode, Failure> {
    let Some(directory) = CacheDirectory::open(config)? else { return nothing(config, is_json) };
    let mut text = String::new();
    directory.entries(|entry| {
        if table.is_none_or(|table| table == entry.table) {
            let _ = if is_json {
                writeln!(text, "{}", shapes::text(&json!(entry)))
            } else {
                let about = if entry.is_damaged { "damaged".into() } else { escaped(&entry.about) };
                let line = format!("{:<15} {} {:>9} {about}", entry.table, entry.key, entry.bytes);
                writeln!(text, "{}", line.trim_end())
            };
        }
        ControlFlow::Continue(())
    })?;
    output::print(&text)?;
    Ok(if text.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

fn inspect(
    config: &CacheConfig,
    path: &Path,
    queries: Option<&Path>,
    is_json: bool,
) -> Result<ExitCode, Failure> {
    let Some(mut directory) = CacheDirectory::open(config)? else { return nothing(config, is_json) };
    if let Some(folder) = worker::folder_of_queries(queries) {
        directory = directory.queries(&folder)?;
    }
    let found = directory.inspect(path)?;
    if is_json {
        say_json(&json!(found))?;
    } else {
        let state = match found.is_current {
            None => "not recorded",
            Some(true) => "as recorded",
            Some(false) => "changed since it was recorded",
        };
        let mut text = format!("{}\n", escaped_path(&found.path));
        let _ = writeln!(text, "repository  {}", escaped_path(&found.root));
        let _ = writeln!(text, "content     {} ({state})", found.content);
        let _ = writeln!(text, "language    {}", found.language.unwrap_or("none that is understood"));
        let tags = found.tags.as_ref().map_or_else(
            || "none stored for this content".to_owned(),
            |tags| {
                let reason = tags
                    .reason
                    .as_ref()
                    .map_or_else(String::new, |reason| format!("; passed over: {}", visible(reason)));
                format!(
                    "{} definitions, {} names used, {} bytes{reason}",
                    tags.definitions, tags.names_used, tags.bytes
                )
            },
        );
        let _ = writeln!(text, "tags        {tags}");
        output::print(&text)?;
    }
    let is_known = found.is_recorded || found.tags.is_some();
    Ok(if is_known { ExitCode::SUCCESS } else { ExitCode::from(NOTHING) })
}

fn verify(config: &CacheConfig, is_json: bool) -> Result<ExitCode, Failure> {
    let Some(directory) = CacheDirectory::open(config)? else {
        nothing(config, is_json)?;
        return Ok(ExitCode::SUCCESS);
    };
    let found = directory.verify()?;
    let is_whole = found.damaged == 0 && found.recovered.is_none();
    if is_json {
        say_json(&json!(found))?;
    } else {
        let mut text = format!("{} entries read, {} damaged", found.entries, found.damaged);
        text.push_str(if found.damaged > 0 { " and removed\n" } else { "\n" });
        if let Some(recovered) = &found.recovered {
            let _ = writeln!(text, "the store was damaged and began anew: {}", visible(recovered));
        }
        output::print(&text)?;
    }
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(NOTHING) })
}

fn warm(mut builder: RepoMapperBuilder, quiet: bool, is_json: bool) -> Result<ExitCode, Failure> {
    if let Some(command) = worker::command() {
        builder = builder.workers(command);
    }
    if !quiet {
        builder = builder.progress(Arc::new(Bar::new()));
    }
    let mapper = builder.build()?;
    let report = mapper.refresh()?;
    mapper.take_notices().iter().filter(|_| !quiet).for_each(|notice| failure::warn(notice));
    let (hits, misses, skipped) = (report.hits, report.misses, mapper.skipped().len());
    if is_json {
        say_json(&json!({ "hits": hits, "misses": misses, "skipped": skipped }))?;
    } else {
        output::print(&format!("{misses} files tagged, {hits} were known, {skipped} passed over\n"))?;
    }
    if !mapper.is_durable()? {
        return Err(nothing_kept());
    }
    Ok(ExitCode::SUCCESS)
}

fn nothing_kept() -> Failure {
    Failure::Unreadable("nothing was kept: the cache has no folder that can be written".to_owned())
}

fn compact(config: &CacheConfig, is_json: bool) -> Result<ExitCode, Failure> {
    let Some(directory) = CacheDirectory::open(config)? else { return nothing(config, is_json) };
    let (before, after) = directory.compact()?;
    if is_json {
        say_json(&json!({ "before": before, "after": after }))?;
    } else {
        output::print(&format!("{} before, {} now\n", size(before), size(after)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn clear(config: &CacheConfig, is_json: bool) -> Result<ExitCode, Failure> {
    let cleared = CacheDirectory::clear(config)?;
    if is_json {
        say_json(&json!(cleared))?;
    } else if cleared.deleted > 0 {
        output::print(&format!("{} entries deleted; the file stays while it is in use\n", cleared.deleted))?;
    } else {
        output::print(&format!("{} freed\n", size(cleared.freed)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// There is no cache to speak of.
fn nothing(config: &CacheConfig, is_json: bool) -> Result<ExitCode, Failure> {
    if is_json {
        say_json(&Value::Null)?;
    } else {
        let place = config.cache_dir.as_ref().map(|directory| format!(" in {}", escaped_path(directory)));
        output::print(&format!("nothing is cached{}\n", place.unwrap_or_default()))?;
    }
    Ok(ExitCode::from(NOTHING))
}

fn say_json(value: &Value) -> Result<(), Failure> {
    output::print(&format!("{}\n", shapes::text(value)))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..0x10_0000 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        0x10_0000..0x4000_0000 => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
        _ => format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30)),
    }
}
