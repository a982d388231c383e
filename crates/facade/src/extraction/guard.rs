//! The end of a pipe that gives up on a worker which computes without end.

use std::io::{self, Read};
use std::process::ChildStdout;
use std::time::Duration;

/// CPU time without a byte after which a worker is given up. Budgets of progress calls end a parse within
/// seconds; this is for scanners that never call back. CPU time, so that a loaded machine gives the same map.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a process's CPU time cannot be read, time on the wall stands for it, with room for a loaded machine.
#[cfg(not(target_os = "linux"))]
const WALL_FACTOR: u32 = 10;

pub(super) struct GuardedOutput {
    output: ChildStdout,
    #[cfg_attr(not(unix), expect(dead_code, reason = "only where a pipe can be polled"))]
    process: u32,
}

impl GuardedOutput {
    pub(super) fn new(output: ChildStdout, process: u32) -> Self {
        Self { output, process }
    }

    /// Waits until there is something to read.
    #[cfg(unix)]
    fn wait(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};

        let tick = Timespec { tv_sec: 1, tv_nsec: 0 };
        let mut clock = None;
        loop {
            match poll(&mut [PollFd::new(&self.output, PollFlags::IN)], Some(&tick)) {
                Ok(0) => {}
                Ok(_) => return Ok(()),
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let now = spent(self.process);
            if now.saturating_sub(*clock.get_or_insert(now)) > PATIENCE {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }

    #[cfg(not(unix))]
    fn wait(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for GuardedOutput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.wait()?;
        self.output.read(buffer)
    }
}

/// CPU time of a process, from `/proc/PID/stat`: fields 14 and 15, in hundredths of a second.
#[cfg(target_os = "linux")]
fn spent(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The second field is the program's name in parentheses and may hold anything.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn spent(_process: u32) -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed() / WALL_FACTOR
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_of_a_process_is_read_from_its_own_account() {
        let before = spent(std::process::id());
        let start = std::time::Instant::now();
        while spent(std::process::id()) < before + Duration::from_millis(30) {
            assert!(start.elapsed() < Duration::from_secs(60), "no time is counted");
        }
        assert_eq!(spent(u32::MAX), Duration::ZERO);
    }
}
