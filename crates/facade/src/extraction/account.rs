//! What the system says of a process: the CPU time that it has had, and whether it wants more.

use std::time::Duration;

/// The account of a process at one moment.
pub(super) struct Account {
    pub(super) spent: Duration,
    pub(super) want: Want,
}

/// What the busiest thread of a process waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(any(test, target_os = "linux")), expect(dead_code, reason = "only Linux tells of more"))]
pub(super) enum Want {
    /// Nothing that it could go on with by itself: it sleeps, was stopped, or has ended.
    Nothing,
    /// A disk, or what else cannot be broken off.
    Device,
    /// A processor, or it has one.
    Processor,
}

/// `None` where the system does not tell.
#[cfg(target_os = "linux")]
pub(super) fn account(process: u32) -> Option<Account> {
    let folder = std::path::PathBuf::from(format!("/proc/{process}"));
    let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
    // Fields 14 and 15, in hundredths of a second.
    let ticks: u64 = fields(&stat).skip(12).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    // The main thread of a worker waits for the one that parses.
    let threads = std::fs::read_dir(folder.join("task")).ok()?;
    let want = threads
        .take(MOST_THREADS)
        .filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("stat")).ok())
        .map(|stat| want(fields(&stat).nth(1).unwrap_or_default()))
        .max();
    Some(Account { spent: Duration::from_millis(ticks * 10), want: want.unwrap_or(Want::Nothing) })
}

/// A worker has two; a program that is no worker may have many.
#[cfg(target_os = "linux")]
const MOST_THREADS: usize = 64;

/// The fields of a `stat` file, of which the second is the first here: the program's name in parentheses, which may hold anything.
#[cfg(target_os = "linux")]
fn fields(stat: &str) -> impl Iterator<Item = &str> {
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    std::iter::once("").chain(rest.split_whitespace())
}

#[cfg(target_os = "linux")]
fn want(state: &str) -> Want {
    match state {
        "R" => Want::Processor,
        "D" => Want::Device,
        _ => Want::Nothing,
    }
}

/// Elsewhere the CPU time has to tell: who gets some wants it.
#[cfg(not(target_os = "linux"))]
pub(super) fn account(process: u32) -> Option<Account> {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

    let id = Pid::from_u32(process);
    let mut system = System::new().ok()?;
    let kind = ProcessRefreshKind::nothing().with_cpu();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[id]), false, kind);
    let spent = Duration::from_millis(system.process(id)?.accumulated_cpu_time());
    Some(Account { spent, want: Want::Nothing })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_and_state_of_a_process_are_read_from_its_own_account() {
        let own = || account(std::process::id()).expect("this process has an account");
        let before = own().spent;
        let start = std::time::Instant::now();
        while own().spent < before + Duration::from_millis(30) {
            assert!(start.elapsed() < Duration::from_secs(60), "no time is counted");
        }
        assert_eq!(own().want, Want::Processor);
        assert!(account(u32::MAX).is_none());
    }

    #[test]
    fn any_name_of_a_program_leaves_the_fields_where_they_are() {
        let line = "12 (a) R (b) c) S 1 2 3";
        assert_eq!(fields(line).collect::<Vec<_>>(), ["", "S", "1", "2", "3"]);
        assert_eq!([want("T"), want("D"), want("R")], [Want::Nothing, Want::Device, Want::Processor]);
    }
}
