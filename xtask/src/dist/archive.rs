//! An archive whose bytes follow from what is in it: order, times, owners and modes of this machine leave no trace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::command;
use crate::cross::compilers::is_installed;

/// Of each archive, in bytes.
pub(super) const MOST: u64 = 14_000_000;

/// What packs that is not here, each with what brings it.
pub(super) fn missing() -> Vec<(String, String)> {
    let mut missing = Vec::new();
    if !is_installed("xz") {
        missing.push(("xz".to_owned(), "apt-get install xz-utils".to_owned()));
    }
    if cfg!(not(target_os = "linux")) && !is_installed("gtar") {
        missing.push(("GNU tar".to_owned(), "brew install gnu-tar".to_owned()));
    }
    missing
}

/// Packs the folder `name` below `parent` beside it, and writes the archive's SHA-256 as `sha256sum --check` reads it.
/// Files have the time `seconds` since 1970; `filter` is an option of xz that fits the processor. Returns the archive and its
/// length.
pub(super) fn pack(parent: &Path, name: &str, seconds: u64, filter: &str) -> Result<(PathBuf, u64)> {
    let archive = parent.join(format!("{name}.tar.xz"));
    let mut pack = Command::new(if cfg!(target_os = "linux") { "tar" } else { "gtar" });
    pack.args(["--create", "--format=ustar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner"]);
    // One thread: several cut the input into blocks.
    pack.args(["--mode=u=rwX,go=rX"]);
    pack.arg(format!("--use-compress-program=xz --threads=1 {filter} --lzma2=preset=9e"));
    pack.arg(format!("--mtime=@{seconds}")).arg("--file").arg(&archive);
    pack.arg("--directory").arg(parent).arg(name);
    pack.env("LC_ALL", "C").env_remove("TAR_OPTIONS").env_remove("XZ_OPT").env_remove("XZ_DEFAULTS");
    command::run(&mut pack)?;
    let sum = sha256(&archive)?;
    fs::write(parent.join(format!("{name}.tar.xz.sha256")), format!("{sum}  {name}.tar.xz\n"))?;
    let length = fs::metadata(&archive)?.len();
    Ok((archive, length))
}

fn sha256(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, SystemTime};

    use super::*;

    /// A folder of two files that are made in an order, with a mode, at a time.
    fn folder(names: [&str; 2], mode: u32, at: SystemTime) -> tempfile::TempDir {
        let parent = tempfile::tempdir().unwrap();
        fs::create_dir(parent.path().join("it")).unwrap();
        for name in names {
            let path = parent.path().join("it").join(name);
            fs::write(&path, format!("the text of {name}")).unwrap();
            fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            fs::File::options().append(true).open(&path).unwrap().set_modified(at).unwrap();
        }
        parent
    }

    #[test]
    fn the_machine_leaves_no_trace_in_an_archive() {
        let now = SystemTime::now();
        let first = folder(["a", "b"], 0o600, now);
        let second = folder(["b", "a"], 0o666, now - Duration::from_secs(86_400));
        let (one, length) = pack(first.path(), "it", 1_000_000_000, "--x86").unwrap();
        let (other, _) = pack(second.path(), "it", 1_000_000_000, "--x86").unwrap();
        assert!(fs::read(&one).unwrap() == fs::read(&other).unwrap(), "the bytes differ");
        assert_eq!(length, fs::metadata(&one).unwrap().len());
        let (later, _) = pack(second.path(), "it", 1_000_000_001, "").unwrap();
        assert!(fs::read(&one).unwrap() != fs::read(later).unwrap(), "the time is not in it");
    }

    #[test]
    fn what_was_packed_is_unpacked_and_its_sum_is_that_of_sha256sum() {
        let parent = folder(["a", "b"], 0o700, SystemTime::now());
        pack(parent.path(), "it", 1_000_000_000, "--x86").unwrap();
        fs::remove_dir_all(parent.path().join("it")).unwrap();
        for words in [["sha256sum", "--check", "it.tar.xz.sha256"], ["tar", "--extract", "--file=it.tar.xz"]]
        {
            let done = Command::new(words[0]).args(&words[1..]).current_dir(parent.path()).output().unwrap();
            assert!(done.status.success(), "{done:?}");
        }
        let path = parent.path().join("it/b");
        assert_eq!(fs::read_to_string(&path).unwrap(), "the text of b");
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o755);
    }
}
