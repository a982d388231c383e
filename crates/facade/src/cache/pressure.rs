//! Whether memory is short: as the kernel says it of the group that this process is in, else of the machine.

use std::fmt;

/// How short memory is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pressure {
    /// There is room.
    #[default]
    Normal,
    /// What can be given back should be.
    High,
}

/// Says how short memory is. Applications and tests may have their own opinion.
pub trait MemoryPressure: Send + Sync {
    /// The state now. Asked every few seconds.
    fn pressure(&self) -> Pressure;
}

impl<F: Fn() -> Pressure + Send + Sync> MemoryPressure for F {
    fn pressure(&self) -> Pressure {
        self()
    }
}

/// The operating system's own account.
///
/// On Linux: high when the memory in use, without file pages that can be dropped, is above nine tenths of the limit of
/// this process's group (cgroup v2) or of a group above it, when less than a tenth of the machine's memory is available, or when
/// tasks waited for memory for more than a tenth of the last ten seconds (PSI). Elsewhere by the machine's available
/// memory alone.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct SystemPressure;

impl SystemPressure {
    /// The account of this machine.
    pub fn new() -> Self {
        Self
    }
}

impl MemoryPressure for SystemPressure {
    fn pressure(&self) -> Pressure {
        if system::is_short() { Pressure::High } else { Pressure::Normal }
    }
}

impl fmt::Debug for SystemPressure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemPressure").finish_non_exhaustive()
    }
}

/// Less than a tenth is left.
fn is_tight(available: u64, total: u64) -> bool {
    available < total / 10
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::path::Path;

    use super::is_tight;

    /// Tenths of a second of waiting, in percent of the last ten seconds.
    const LONG_WAIT: f64 = 10.0;

    pub(super) fn is_short() -> bool {
        let read = |path: &Path| fs::read_to_string(path).ok();
        let machine = read(Path::new("/proc/meminfo")).and_then(|text| available(&text));
        let waits = read(Path::new("/proc/pressure/memory")).and_then(|text| waited(&text));
        machine.is_some_and(|(available, total)| is_tight(available, total))
            || waits.is_some_and(|percent| percent > LONG_WAIT)
            || groups().iter().any(|group| is_group_short(group, read))
    }

    /// The folders of this process's group and of those above it.
    fn groups() -> Vec<std::path::PathBuf> {
        let text = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let Some(group) = text.lines().find_map(|line| line.strip_prefix("0::/")) else { return Vec::new() };
        let root = Path::new("/sys/fs/cgroup");
        let full = root.join(group);
        full.ancestors().take_while(|folder| folder.starts_with(root)).map(Path::to_owned).collect()
    }

    fn is_group_short(group: &Path, read: impl Fn(&Path) -> Option<String>) -> bool {
        let number = |name: &str| read(&group.join(name))?.trim().parse::<u64>().ok();
        let waits = read(&group.join("memory.pressure")).and_then(|text| waited(&text));
        if waits.is_some_and(|percent| percent > LONG_WAIT) {
            return true;
        }
        // A group without a limit says `max`.
        let (Some(limit), Some(used)) = (number("memory.max"), number("memory.current")) else {
            return false;
        };
        let pages = read(&group.join("memory.stat"))
            .and_then(|text| field(&text, "inactive_file "))
            .unwrap_or_default();
        is_tight(limit.saturating_sub(used.saturating_sub(pages)), limit)
    }

    /// Available and total bytes of `/proc/meminfo`.
    fn available(meminfo: &str) -> Option<(u64, u64)> {
        Some((field(meminfo, "MemAvailable:")?, field(meminfo, "MemTotal:")?))
    }

    fn field(text: &str, name: &str) -> Option<u64> {
        let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
        rest.split_whitespace().next()?.parse().ok()
    }

    /// `some avg10` of a PSI file, in percent.
    fn waited(text: &str) -> Option<f64> {
        let line = text.lines().find(|line| line.starts_with("some "))?;
        line.split(' ').find_map(|part| part.strip_prefix("avg10="))?.parse().ok()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_kernels_files_are_read_as_it_writes_them() {
            let meminfo = "MemTotal:        8000 kB\nMemFree:  10 kB\nMemAvailable:    700 kB\n";
            assert_eq!(available(meminfo), Some((700, 8000)));
            let psi = "some avg10=12.50 avg60=0.00 avg300=0.00 total=9\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";
            assert_eq!(waited(psi), Some(12.5));
            assert_eq!((available("garbage"), waited("")), (None, None));
        }

        #[test]
        fn file_pages_that_can_go_are_no_pressure_and_a_group_without_limit_has_none() {
            let group = |max: &str, current: &str, inactive: &str| {
                let (max, current, inactive) = (max.to_owned(), current.to_owned(), inactive.to_owned());
                is_group_short(Path::new("g"), |path: &Path| match path.file_name()?.to_str()? {
                    "memory.max" => Some(format!("{max}\n")),
                    "memory.current" => Some(format!("{current}\n")),
                    "memory.stat" => Some(format!("anon 5\ninactive_file {inactive}\n")),
                    _ => None,
                })
            };
            assert!(group("1000", "950", "0"));
            assert!(!group("1000", "950", "500"));
            assert!(!group("1000", "500", "0"));
            assert!(!group("max", "950", "0"));
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use sysinfo::{MemoryRefreshKind, RefreshKind, System};

    pub(super) fn is_short() -> bool {
        let kind = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
        let Ok(system) = System::new_with_specifics(kind) else {
            return false;
        };
        system.total_memory() > 0 && super::is_tight(system.available_memory(), system.total_memory())
    }
}
