use std::fs::Metadata;

/// What one `stat` says of a file's content without reading it.
///
/// Two equal fingerprints mean equal content, if the first [was settled](Self::is_settled) when it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatFingerprint {
    /// Length in bytes.
    pub size: u64,
    /// Last change of the content, in nanoseconds since 1970. Anyone may set it.
    pub mtime_ns: i64,
    /// Last change of the content or the inode, in nanoseconds since 1970. Only the kernel sets it. The creation
    /// time where the platform has no such thing.
    pub ctime_ns: i64,
    /// The file's number in its file system; 0 where the platform has none.
    pub inode: u64,
}

impl StatFingerprint {
    /// How much older than its record a change must be so that a later change is sure to carry another time.
    ///
    /// A file's times come in steps: a kernel tick of 1 to 10 ms on ext4, XFS, Btrfs, APFS and NTFS, a second on HFS+ and
    /// ext3, two seconds on FAT. A second write in the same step leaves size and times as they were. Two seconds,
    /// the coarsest step there is, costs only that files changed just before a scan are hashed once more by the next.
    const STEP_NS: i64 = 2_000_000_000;

    /// Whether the fingerprint still tells contents apart after `recorded_ns`, in nanoseconds since 1970.
    ///
    /// `recorded_ns` is a clock reading from *before* the fingerprint was taken: any change of the content after the
    /// fingerprint then falls into a later step of the file system's clock. When this says `false`, a change or an
    /// inode change lies within two seconds of the record, or after it: the file must be hashed again even
    /// though its fingerprint is the same (git calls such entries racy and does so too). A file whose time lies in the
    /// future never settles. The clock of a network file system may run behind by less than two seconds.
    pub fn is_settled(&self, recorded_ns: i64) -> bool {
        let last = self.mtime_ns.max(self.ctime_ns);
        last < recorded_ns.saturating_sub(Self::STEP_NS)
    }

    #[cfg(unix)]
    /// That of what `stat` has told.
    pub fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;

        let time = |seconds: i64, ns: i64| seconds.saturating_mul(1_000_000_000).saturating_add(ns);
        Self {
            size: metadata.len(),
            mtime_ns: time(metadata.mtime(), metadata.mtime_nsec()),
            ctime_ns: time(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    /// That of what `stat` has told.
    pub fn of(metadata: &Metadata) -> Self {
        use std::time::{SystemTime, UNIX_EPOCH};

        let ns = |time: std::io::Result<SystemTime>| match time.map(|time| time.duration_since(UNIX_EPOCH)) {
            Ok(Ok(after)) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
            Ok(Err(before)) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
            Err(_) => 0,
        };
        Self {
            size: metadata.len(),
            mtime_ns: ns(metadata.modified()),
            ctime_ns: ns(metadata.created()),
            inode: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_shares_its_clock_step_with_the_record_is_never_settled() {
        const S: i64 = 1_000_000_000;
        let settled = |mtime_ns, ctime_ns, recorded| {
            StatFingerprint { size: 0, mtime_ns, ctime_ns, inode: 0 }.is_settled(recorded)
        };
        assert!(settled(10 * S, 10 * S, 13 * S));
        assert!(!settled(10 * S, 10 * S, 12 * S), "FAT: 10 s may mean any moment before 12 s");
        assert!(!settled(10 * S, 10 * S, 10 * S));
        assert!(!settled(5 * S, 12 * S, 13 * S), "the time was set back after a write");
        assert!(!settled(99 * S, 5 * S, 13 * S), "a time in the future");
        assert!(!settled(0, 0, i64::MIN), "no clock at all");
        assert!(settled(i64::MIN, i64::MIN, 0));
    }
}
