//! `repo-map explain FILE[:NAME] …`.

use crate::exit_code::ExitCode;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use repo_map_cache::{Explanation, MapConfig, Signal, Target, WeighedSignal, escaped, path_line};

use crate::arguments::ExplainArguments;
use crate::commands::map;
use crate::failure::{self, Failure, NOTHING};
use crate::{json, output, paths};

pub(crate) fn run(arguments: &ExplainArguments, quiet: bool) -> Result<ExitCode, Failure> {
    if arguments.signals {
        return signals(arguments.json);
    }
    let (root, targets) = operands(arguments);
    let config = MapConfig::load(&root)?;
    let request = map::request(&root, &arguments.request, &config)?;
    let mapper = map::mapper(&root, &arguments.request, &config, quiet)?;
    let signals = &arguments.request.signals;
    let Some(request) = map::with_changes(&mapper, request, signals, quiet)? else {
        return Ok(ExitCode::from(NOTHING));
    };
    let targets: Vec<Target> =
        targets.iter().map(|target| Target::parse(&paths::place(&root, target))).collect();
    let explanation = mapper.explain(&request, &targets)?;
    for notice in explanation.notices.iter().filter(|_| !quiet) {
        failure::warn(notice);
    }
    if arguments.json {
        output::print(&format!("{}\n", json::text(&json::explanation(&explanation))))?;
    } else if !explanation.files.is_empty() {
        output::print(&listing(&explanation))?;
    }
    Ok(if explanation.files.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

/// Each signal with what it measures.
fn signals(json: bool) -> Result<ExitCode, Failure> {
    let signals = Signal::ALL.iter();
    let text = if json {
        let rows = signals.map(|of| serde_json::json!({ "name": of.as_str(), "says": of.explanation() }));
        format!("{}\n", json::text(&rows.collect()))
    } else {
        signals.map(|of| format!("{:<17} {}\n", of.as_str(), of.explanation())).collect()
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The folder, and what in it is explained.
fn operands(arguments: &ExplainArguments) -> (PathBuf, &[String]) {
    match (&arguments.root, arguments.targets.split_first()) {
        (Some(root), _) => (root.clone(), &arguments.targets),
        (None, Some((first, others))) if Path::new(first).is_dir() => (PathBuf::from(first), others),
        (None, _) => (PathBuf::from("."), &arguments.targets),
    }
}

/// Files and definitions with what raised or lowered their chance, the strongest signal first.
fn listing(explanation: &Explanation) -> String {
    let mut text = format!(
        "weights: {}\n+0.69 doubles a chance and -0.69 halves it; in brackets is what the signal measured, times its weight\n",
        explanation.occasion
    );
    let mut line = |line: std::fmt::Arguments<'_>| text.write_fmt(line).expect("a string takes all");
    for file in &explanation.files {
        line(format_args!(
            "\n{}: {}, place {}, chance {:.4}\n",
            path_line(file.path.as_str()),
            file.verdict.as_str(),
            file.rank,
            file.chance
        ));
        line(format_args!("{}", gains("  ", &explanation.file_signals, &file.values)));
        for definition in &file.definitions {
            line(format_args!(
                "  {} {} (line {}): {}, place {}, chance {:.4}\n",
                definition.kind.as_str(),
                escaped(&definition.name),
                definition.line + 1,
                definition.verdict.as_str(),
                definition.rank,
                definition.chance
            ));
            if let Some(known) = definition.known_for_chat {
                let (known, edited) = (known * 100.0, (1.0 - known) * 100.0);
                line(format_args!(
                    "    {known:.0} % to be known for the chat files, {edited:.0} % to be edited with them\n"
                ));
            }
            line(format_args!("{}", gains("    ", &explanation.definition_signals, &definition.values)));
        }
    }
    text
}

fn gains(indent: &str, signals: &[WeighedSignal], values: &[f32]) -> String {
    let mut gains: Vec<(f32, &WeighedSignal, f32)> = signals
        .iter()
        .zip(values)
        .map(|(signal, &value)| (signal.weight * value, signal, value))
        .filter(|(gain, ..)| gain.abs() >= 0.005)
        .collect();
    gains.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then(a.1.name.cmp(b.1.name)));
    let row = |(gain, signal, value): &(f32, &WeighedSignal, f32)| {
        let measured = format!("({value:.2} × {:.2})", signal.weight);
        format!("{indent}{:<17} {gain:+7.2}  {measured:<15} {}\n", signal.name, signal.says)
    };
    gains.iter().map(row).collect()
}
