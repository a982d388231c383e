//! Scans a directory a few times and prints counts and times: `scan PATH [ROUNDS] [THREADS]`.
#![expect(clippy::print_stdout, reason = "it is a program")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use repo_map_files::{ScanOptions, locate, scan};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: scan PATH [ROUNDS] [THREADS]")?;
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse::<usize>());
    let (rounds, threads) = (number(5)?, number(0)?);
    let options = ScanOptions::default().threads(threads);
    for round in 0..rounds {
        let (wall, cpu) = (Instant::now(), cpu_time());
        let root = locate(Path::new(&path))?;
        let located = wall.elapsed();
        let scan = scan(&root, &options)?;
        let (wall, cpu) = (wall.elapsed(), cpu_time().saturating_sub(cpu));
        println!(
            "round {round}: {} files, {} skipped, wall {wall:.0?} (locate {located:.1?}), CPU {cpu:.0?}",
            scan.files.len(),
            scan.skipped.len()
        );
        if round + 1 == rounds {
            let mut reasons = BTreeMap::<_, usize>::new();
            for skipped in &scan.skipped {
                *reasons.entry(skipped.reason.as_str()).or_default() += 1;
            }
            println!("git: {}, subtree: {:?}, skipped: {reasons:?}", root.is_git(), root.subtree());
        }
    }
    Ok(())
}

/// User and system time of all threads so far, in steps of 10 ms; zero where there is no `/proc`.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
