//! `repo-map cache export` and `import`: the records of a tree in one file, or as one object of the shared cache.

use std::sync::Arc;

use repo_map_cache::{CacheConfig, Pack, PackReport, RepoMapper, RepoMapperBuilder};
use serde_json::json;

use super::{mapped, nothing_kept, say_json, size};
use crate::arguments::{ExportArguments, ImportArguments, PackArguments};
use crate::commands::worker;
use crate::exit_code::ExitCode;
use crate::failure::{self, Failure, NOTHING};
use crate::output;
use crate::progress::Bar;

pub(super) fn export(
    arguments: &ExportArguments,
    config: CacheConfig,
    quiet: bool,
    is_json: bool,
) -> Result<ExitCode, Failure> {
    let base = arguments.base.as_deref().map(Pack::open).transpose()?;
    let mapper = builder(&arguments.of, config, quiet)?.build()?;
    let report = match &arguments.pack {
        Some(pack) => mapper.export_pack(pack, base.as_ref())?,
        None => mapper.share_pack()?,
    };
    tell_notices(&mapper, quiet);
    if is_json {
        say_json(&json!(report))?;
    } else {
        output::print(&sentence(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn sentence(report: &PackReport) -> String {
    let PackReport { records, in_base, left_out, bytes, was_there, commit, .. } = report;
    let of = commit.as_ref().map_or_else(String::new, |commit| format!(" of {commit}"));
    match was_there {
        true => format!("the shared cache has the pack{of} already ({})\n", size(*bytes)),
        false => format!(
            "{records} records{of} ({}), {in_base} in the base, {left_out} contents without one to share\n",
            size(*bytes)
        ),
    }
}

pub(super) fn import(
    arguments: &ImportArguments,
    config: CacheConfig,
    quiet: bool,
    is_json: bool,
) -> Result<ExitCode, Failure> {
    let builder = builder(&arguments.of, config, quiet)?;
    let mut commit = None;
    let packs = if arguments.remote {
        let Some(nearest) = builder.clone().build()?.nearest_packs()? else {
            if is_json {
                say_json(&json!(null))?;
            } else {
                output::print("the shared cache has a pack of none of the last commits\n")?;
            }
            return Ok(ExitCode::from(NOTHING));
        };
        commit = Some((nearest.commit, nearest.distance));
        nearest.packs
    } else {
        arguments.packs.iter().map(|pack| Pack::open(pack)).collect::<Result<Vec<_>, _>>()?
    };
    if !quiet {
        packs.iter().filter_map(|pack| pack.lacks_base(&packs)).for_each(|line| failure::warn(&line));
    }
    let mapper = builder.packs(packs).build()?;
    let report = mapper.refresh()?;
    tell_notices(&mapper, quiet);
    let (took, skipped) = (mapper.taken_from_packs(), mapper.skipped().len());
    let known = report.hits.saturating_sub(usize::try_from(took.hits).unwrap_or(usize::MAX));
    let refused = took.refused + took.errors;
    if is_json {
        say_json(&json!({
            "taken": took.hits, "known": known, "parsed": report.misses, "skipped": skipped,
            "refused": refused, "compared": took.sampled,
            "commit": commit.as_ref().map(|(commit, _)| commit), "distance": commit.as_ref().map(|(_, distance)| distance),
        }))?;
    } else {
        let of = commit.map_or_else(String::new, |(commit, distance)| {
            format!(" of {commit}, {distance} commits before HEAD")
        });
        let taken = took.hits;
        output::print(&format!(
            "{taken} records taken{of}, {known} files were known, {} parsed, {skipped} passed over\n",
            report.misses
        ))?;
    }
    if refused > 0 {
        failure::warn(&format!(
            "{refused} records were refused: damaged, not of their files, or by none whom this machine believes; their files were parsed"
        ));
    }
    let is_foreign = took.hits == 0 && refused == 0 && report.misses > 0;
    if is_foreign {
        failure::warn(
            "no record of the packs is of this tree: they are of another repository or version of repo-map, or sealed with another secret",
        );
    }
    if !mapper.is_durable()? {
        return Err(nothing_kept());
    }
    Ok(if refused > 0 || is_foreign { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

fn builder(of: &PackArguments, config: CacheConfig, quiet: bool) -> Result<RepoMapperBuilder, Failure> {
    let mut builder = mapped(&of.root, of.queries.as_deref(), config)?;
    if let Some(command) = worker::command() {
        builder = builder.workers(command);
    }
    Ok(if quiet { builder } else { builder.progress(Arc::new(Bar::new())) })
}

fn tell_notices(mapper: &RepoMapper, quiet: bool) {
    mapper.take_notices().iter().filter(|_| !quiet).for_each(|notice| failure::warn(notice));
}
