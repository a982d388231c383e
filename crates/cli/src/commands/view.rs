//! `repo-map view PATH`.

use repo_map_cache::MapConfig;

use crate::arguments::ViewArguments;
use crate::commands::map;
use crate::exit_code::ExitCode;
use crate::failure::{self, Failure, NOTHING};
use crate::view::{self, About};

pub(crate) fn run(arguments: &ViewArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let config = MapConfig::load(&arguments.path)?;
    let request = map::request(&arguments.path, &arguments.request, &config)?;
    let mapper = map::mapper(&arguments.path, &arguments.request, &config, quiet)?;
    let signals = &arguments.request.signals;
    let Some(request) = map::with_changes(&mapper, request, signals, quiet)? else {
        return Ok(ExitCode::from(NOTHING));
    };
    let found = mapper.view(&request, &view::budgets(request.token_budget))?;
    for notice in found.notices.iter().filter(|_| !quiet) {
        failure::warn(notice);
    }
    let title = mapper.root().file_name().map_or_else(|| "root".into(), |name| name.to_string_lossy());
    let about = About { title: &title, task: &request.task, budget: request.token_budget };
    let page = view::page(&found, &about);
    view::deliver(&page, &arguments.to, &title, Some(mapper.root()))
}
