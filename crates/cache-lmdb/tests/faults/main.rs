//! The risk: a damaged store crashes, hangs or lies, or a healthy one is refused.
//!
//! Stores are damaged in nine ways and then opened, read in full and written by a child process, whose end tells. Healthy
//! ones come from random workloads and from writers that are killed, alone and among others. The defaults are small; with figures:
//!
//! ```text
//! cargo test --release -p repo-map-cache-lmdb --test faults -- --seed 7 --megabytes 50 --mutations 1000 --healthy 1000 --kills 100 --seconds 60
//! ```
#![expect(clippy::print_stdout, reason = "the main of a test, with arguments of its own")]

mod child;
mod damage;
mod full_disk;
mod soak;
mod workload;

use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, check_file};

use damage::CLASSES;
use workload::{Random, Workload};

/// Longer than this is a hang.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy)]
struct Plan {
    seed: u64,
    megabytes: u64,
    mutations: u64,
    healthy: u64,
    kills: u64,
    seconds: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["read", directory, seed, megabytes] => {
            child::read(Path::new(directory), number(seed), number(megabytes));
        }
        ["write", directory, seed] => child::write(Path::new(directory), number(seed)),
        ["fill", directory] => full_disk::fill(Path::new(directory)),
        ["soak", directory, process] => soak::work(Path::new(directory), number(process)),
        // What a test runner passes is not for this one.
        ["--list", ..] => {}
        _ => return run(plan(&arguments)),
    }
    ExitCode::SUCCESS
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}

fn plan(arguments: &[String]) -> Plan {
    let mut plan = Plan { seed: 1, megabytes: 2, mutations: 27, healthy: 60, kills: 6, seconds: 2 };
    for pair in arguments.windows(2) {
        match pair[0].as_str() {
            "--seed" => plan.seed = number(&pair[1]),
            "--megabytes" => plan.megabytes = number(&pair[1]),
            "--mutations" => plan.mutations = number(&pair[1]),
            "--healthy" => plan.healthy = number(&pair[1]),
            "--seconds" => plan.seconds = number(&pair[1]),
            "--kills" => plan.kills = number(&pair[1]),
            _ => {}
        }
    }
    plan
}

fn run(plan: Plan) -> ExitCode {
    // One is killed each second, as long as that leaves a few.
    let interval = Duration::from_millis(if plan.seconds < 10 { 200 } else { 1000 });
    let failures = healthy(plan)
        + killed(plan)
        + soak::soak(plan.seed, plan.seconds, interval)
        + full_disk::full_disk()
        + damaged(plan);
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Stores in every state between two commits of random workloads: none may be refused.
fn healthy(plan: Plan) -> u64 {
    let (mut refused, mut checked, mut round) = (0, 0, 0);
    while checked < plan.healthy {
        round += 1;
        let directory = tempfile::tempdir().expect("a temporary directory");
        let backend = LmdbBackend::open(&directory, &child::options()).expect("a store");
        let data = backend.path().join("data.mdb");
        Workload::new(plan.seed + round, 1 + round % 3).run(&backend, |_| {
            checked += 1;
            if let Err(error) = check_file(&data) {
                println!("refused a healthy store of seed {}: {error}", plan.seed + round);
                refused += 1;
            }
        });
    }
    println!("healthy: {checked} stores of {round} workloads, {refused} refused");
    refused
}

/// Stores whose writer was killed at any moment, while another process goes on: whole, and nothing in them is wrong.
fn killed(plan: Plan) -> u64 {
    let mut random = Random::new(plan.seed);
    let (mut failures, mut crashed) = (0, 0);
    let mut directory = tempfile::tempdir().expect("a temporary directory");
    for round in 0..plan.kills {
        if round % 8 == 0 {
            directory = tempfile::tempdir().expect("a temporary directory");
        }
        let seed = round.to_string();
        let place = directory.path().to_str().expect("a plain path");
        let mut writers = [(); 2].map(|()| start(&["write", place, &seed]));
        std::thread::sleep(Duration::from_millis(30 + random.below(120)));
        for writer in &mut writers {
            writer.kill().expect("a child can be killed");
            writer.wait().expect("a child ends");
        }
        let backend = LmdbBackend::open(&directory, &child::options()).expect("a store");
        failures += u64::from(backend.recovery().is_some());
        if let Some(recovery) = backend.recovery() {
            println!("refused a store whose writers were killed: {}", recovery.reason);
        }
        drop(backend);
        // With no workload of its own the reader accepts what any writer has stored.
        crashed += u64::from(!finish(start(&["read", place, "0", "0"])));
    }
    println!("killed: {} rounds of two writers, {failures} refused, {crashed} not read", plan.kills);
    failures + crashed
}

fn damaged(plan: Plan) -> u64 {
    let base = tempfile::tempdir().expect("a temporary directory");
    let backend = LmdbBackend::open(&base, &child::options()).expect("a store");
    let data = backend.path().join("data.mdb");
    let mut earlier = Vec::new();
    let workload = Workload::new(plan.seed, plan.megabytes);
    let last = workload.rounds() - 1;
    Workload::new(plan.seed, plan.megabytes).run(&backend, |round| {
        if round + 1 == last {
            earlier = std::fs::read(&data).expect("the data file");
        }
    });
    drop(backend);
    let whole = std::fs::read(&data).expect("the data file");
    println!("damaged: a store of {} KiB", whole.len() / 1024);

    let mut failures = 0;
    for (index, (name, damage)) in CLASSES.iter().enumerate() {
        let (mut refused, mut failed) = (0, 0);
        let trials = (plan.mutations + index as u64) / CLASSES.len() as u64;
        for trial in 0..trials {
            let mut random = Random::new(plan.seed ^ (index as u64) << 32 ^ trial << 40);
            let directory = tempfile::tempdir().expect("a temporary directory");
            let generation = directory.path().join("v1/1");
            drop(LmdbBackend::open(&directory, &LmdbOptions::new(&[])).expect("a store"));
            let mut bytes = whole.clone();
            damage(&mut bytes, &earlier, &mut random);
            std::fs::write(generation.join("data.mdb"), &bytes).expect("room for a copy");
            let place = directory.path().to_str().expect("a plain path");
            let (seed, megabytes) = (plan.seed.to_string(), plan.megabytes.to_string());
            if !finish(start(&["read", place, &seed, &megabytes])) {
                println!("{name}, trial {trial}: the child failed");
                failed += 1;
            }
            refused += u64::from(directory.path().join("v1/quarantine-1").exists());
        }
        println!("  {name:<14} {trials:>4} trials, {refused:>4} refused at open, {failed} failed");
        failures += failed;
    }
    failures
}

fn start(arguments: &[&str]) -> Child {
    let program = std::env::current_exe().expect("the path of this program");
    Command::new(program).args(arguments).stdin(Stdio::null()).spawn().expect("a child starts")
}

/// Whether a child ends well and in time.
fn finish(mut child: Child) -> bool {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().expect("a child can be asked") {
            if !status.success() {
                println!("{status}");
            }
            return status.success();
        }
        if Instant::now() > deadline {
            println!("a hang");
            child.kill().expect("a child can be killed");
            child.wait().expect("a child ends");
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
