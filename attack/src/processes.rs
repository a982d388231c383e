//! The processes below this one, as the kernel's files tell of them.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

/// What a process takes and does.
pub(crate) struct Process {
    /// The most memory that it ever had, in bytes.
    pub(crate) peak: u64,
    /// CPU time of itself and of the children that it has waited for.
    pub(crate) spent: Duration,
}

/// The processes that `parent` started, and those that they did.
pub(crate) fn below(parent: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![parent];
    while let Some(process) = waiting.pop() {
        for child in children(process) {
            if found.insert(child) {
                waiting.push(child);
            }
        }
    }
    found
}

/// The direct children of a process: of all its threads.
pub(crate) fn children(process: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    let lists =
        threads.flatten().filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>())
        .collect()
}

/// What is known of a process; nothing once it is gone.
pub(crate) fn look(process: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name stands in brackets and may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11..15)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or(0);
    Some(Process { peak: peak << 10, spent: Duration::from_millis(ticks * 10) })
}

/// Sends a signal; a process that is gone is none of our business.
pub(crate) fn signal(process: u32, signal: Signal) {
    let _ = kill(Pid::from_raw(process.cast_signed()), signal);
}

/// Takes note of the orphans that have ended; tells how many processes are left. Not while a command runs: it would be taken too.
pub(crate) fn reap() -> usize {
    while matches!(waitpid(None, Some(WaitPidFlag::WNOHANG)), Ok(status) if status.pid().is_some()) {}
    below(std::process::id()).len()
}

/// Ends everything below this process. Orphans are ours: the lane is their reaper.
pub(crate) fn end_all() {
    let own = std::process::id();
    for _ in 0..50 {
        let left = below(own);
        if left.is_empty() {
            return;
        }
        for process in left {
            signal(process, Signal::SIGKILL);
        }
        reap();
        std::thread::sleep(Duration::from_millis(2));
    }
}
