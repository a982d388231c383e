//! One read, all reads and the first write of the engines on disk.

use std::time::Instant;

use anyhow::Result;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

use crate::records::{Random, Sample, samples};
use crate::{Arguments, engines};

/// An engine and its measurements: seconds of each round.
struct Row {
    name: &'static str,
    insert_cpu: Vec<f64>,
    reads: Vec<f64>,
    loads: Vec<f64>,
}

/// Fills every engine anew in each round, by turns, and prints the tables.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Arguments { records, rounds, reads, diskcache_ns, .. } = *arguments;
    let samples = samples(records);
    let fifty: Vec<&Sample> = samples.iter().filter(|sample| (46..=54).contains(&sample.tags)).collect();
    let bytes: usize = samples.iter().map(|sample| sample.archive.len()).sum();
    let tags: usize = samples.iter().map(|sample| sample.tags).sum();
    println!("\ndisk, {records} records, {tags} tags, {:.1} MB of archives", bytes as f64 / 1e6);
    let mut rows: Vec<Row> = Vec::new();
    for round in 0..rounds {
        for (index, make) in engines::ALL.iter().enumerate() {
            let folder = tempfile::tempdir()?;
            let mut engine = make(folder.path())?;
            if index > 0 && !engine.name().contains(&arguments.only) {
                continue;
            }
            let before = cpu();
            engine.fill(&samples)?;
            let insert = cpu() - before;
            // Once to bring the pages in; whatever was written before is not our business now.
            engine.load()?;
            let (loaded, load) = timed(|| engine.load())?;
            let mut random = Random(round as u64);
            // Copies in a row: who looks a file up has just made its key.
            let keys: Vec<_> = (0..reads).map(|_| fifty[random.next() as usize % fifty.len()].key).collect();
            let mut read = f64::INFINITY;
            // The best of short batches: on a busy machine a long one is always interrupted.
            for keys in keys.chunks(reads.div_ceil(20)) {
                let (_, seconds) =
                    timed(|| keys.iter().try_fold(0u64, |sum, key| Ok(sum.wrapping_add(engine.read(key)?))))?;
                read = read.min(seconds / keys.len() as f64);
            }
            anyhow::ensure!(loaded > 0, "{} has lost its records", engine.name());
            if round == 0 {
                rows.push(Row {
                    name: engine.name(),
                    insert_cpu: Vec::new(),
                    reads: Vec::new(),
                    loads: Vec::new(),
                });
            }
            let row = rows.iter_mut().find(|row| row.name == engine.name()).expect("the first round made it");
            row.insert_cpu.push(insert);
            row.reads.push(read);
            row.loads.push(load);
        }
    }
    table("one read of about 50 tags, warm, ns", &rows, |row| &row.reads, 1e9);
    if let Some(ns) = diskcache_ns {
        println!(
            "  {:<36} {ns:>10.0} {:>21.1}x",
            "diskcache (Python), pickled tuples",
            ns / (best(&rows[0].reads) * 1e9)
        );
    }
    table("all records, warm, ms", &rows, |row| &row.loads, 1e3);
    table("first insert of all, CPU ms", &rows, |row| &row.insert_cpu, 1e3);
    Ok(())
}

fn table(title: &str, rows: &[Row], column: impl Fn(&Row) -> &Vec<f64>, unit: f64) {
    println!("{title}\n  {:<36} {:>10} {:>10} {:>11}", "", "best", "median", "this/ours");
    let ours = best(column(&rows[0]));
    for row in rows {
        let mut all = column(row).clone();
        all.sort_by(f64::total_cmp);
        let (least, median) = (best(&all), all[all.len() / 2]);
        println!("  {:<36} {:>10.0} {:>10.0} {:>10.2}x", row.name, least * unit, median * unit, least / ours);
    }
}

fn best(all: &[f64]) -> f64 {
    all.iter().copied().fold(f64::INFINITY, f64::min)
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let start = Instant::now();
    let done = work()?;
    Ok((done, start.elapsed().as_secs_f64()))
}

/// CPU seconds of this process, all threads.
fn cpu() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("a process may ask for its own usage");
    (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6
}
