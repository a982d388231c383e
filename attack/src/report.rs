//! The suite's process: it starts the lanes, prints what they find, and closes with a table.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a front end: findings are its output")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::kinds::{CLASSES, Kind, REPORTED};
use crate::{Arguments, lane, sandbox};

/// What a lane tells of a try.
pub(crate) struct Told {
    pub(crate) number: u64,
    pub(crate) class: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) millis: u64,
    pub(crate) is_skipped: bool,
    pub(crate) faults: Vec<String>,
}

/// One line to the suite's process.
pub(crate) fn print(told: &Told) {
    println!(
        "{}",
        json!({
            "number": told.number, "class": told.class, "kind": told.kind, "millis": told.millis,
            "skipped": told.is_skipped, "faults": told.faults,
        })
    );
}

pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

#[derive(Default)]
struct Row {
    tries: u64,
    skipped: u64,
    faulty: u64,
    millis: u64,
}

/// Runs all lanes; true where nothing was found.
pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    sandbox::sweep();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let lanes = if arguments.number.is_some() { 1 } else { arguments.lanes.unwrap_or(cores) };
    let (sender, lines) = mpsc::channel();
    let mut children = Vec::new();
    for number in 0..lanes {
        let mut command = Command::new(lane::itself()?);
        command.arg("--binary").arg(&arguments.binary);
        command.args(["--seconds", &arguments.seconds.to_string(), "--seed", &arguments.seed.to_string()]);
        command.args(["--lanes", &lanes.to_string(), "--lane", &number.to_string()]);
        command.args(arguments.class.iter().flat_map(|class| ["--class", class]));
        if let Some(number) = arguments.number {
            command.args(["--try", &number.to_string()]);
        }
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start a lane")?;
        let output = BufReader::new(child.stdout.take().context("a lane has an output")?);
        children.push(child);
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                // The receiver goes away only with the process.
                let _ = sender.send(line);
            }
        });
    }
    drop(sender);
    let mut table = Table::default();
    for line in lines {
        table.add(&serde_json::from_str(&line).with_context(|| format!("a lane says {line}"))?, arguments);
    }
    let mut is_whole = true;
    for mut child in children {
        is_whole &= child.wait()?.success();
    }
    // Lanes that were killed could not clean up.
    sandbox::sweep();
    table.print(arguments);
    if !is_whole {
        say("attack: a lane ended early");
    }
    Ok(is_whole && table.findings == 0)
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<String, Row>,
    kinds: BTreeMap<String, Row>,
    findings: u64,
}

impl Table {
    fn add(&mut self, told: &Value, arguments: &Arguments) {
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        let faults: Vec<&str> =
            told["faults"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for row in [self.rows.entry(text("class")).or_default(), self.kinds.entry(text("kind")).or_default()]
        {
            if told["skipped"] == true {
                row.skipped += 1;
            } else {
                row.tries += 1;
                row.millis += told["millis"].as_u64().unwrap_or(0);
                row.faulty += u64::from(!faults.is_empty());
            }
        }
        self.findings += u64::from(!faults.is_empty());
        if !faults.is_empty() {
            let class = arguments.class.as_ref().map(|class| format!(" --class {class}")).unwrap_or_default();
            println!(
                "{} ({}): {}\n    again: cargo xtask attack --seed {} --try {}{class}",
                text("kind"),
                text("class"),
                faults.join("; "),
                arguments.seed,
                told["number"],
            );
        }
    }

    fn print(&self, arguments: &Arguments) {
        println!("\nclass           tries   with faults   skipped   ms a try");
        for (class, _) in CLASSES {
            let Some(row) = self.rows.get(*class) else { continue };
            let mean = row.millis / row.tries.max(1);
            println!("{class:<12} {:>8} {:>13} {:>9} {mean:>10}", row.tries, row.faulty, row.skipped);
        }
        if arguments.number.is_some() {
            return;
        }
        let all: Vec<&Kind> = CLASSES.iter().flat_map(|(_, kinds)| kinds.iter()).collect();
        let faulty = |kind: &&&Kind| self.kinds.get(kind.name).is_some_and(|row| row.faulty > 0);
        let found: BTreeSet<&str> =
            all.iter().filter(faulty).flat_map(|kind| kind.covers.iter().copied()).collect();
        let names = found.iter().copied().collect::<Vec<_>>().join(", ");
        println!("\nkinds found: {} of {}: {names}", found.len(), REPORTED.len());
        let others: Vec<&str> =
            all.iter().filter(faulty).filter(|kind| kind.covers.is_empty()).map(|kind| kind.name).collect();
        if !others.is_empty() {
            println!("further kinds with faults: {}", others.join(", "));
        }
        let untried: Vec<&str> = all
            .iter()
            .filter(|kind| self.kinds.get(kind.name).is_none_or(|row| row.tries == 0))
            .map(|kind| kind.name)
            .collect();
        if arguments.class.is_none() && !untried.is_empty() {
            println!("not tried: {}", untried.join(", "));
        }
    }
}
