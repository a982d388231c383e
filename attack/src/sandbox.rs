//! The throw-away folders of a lane: a user's home full of what is precious, and a folder for one try.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::digest::Snapshot;

/// Stands in every file outside of a mapped tree: an output with it has read what it must not.
pub(crate) const CANARY: &str = "CanaryOutsideOfTheTree";

/// What the names of our folders begin with; the process's number follows.
const PREFIX: &str = "repo-map-attack-";

/// The folders of one lane.
pub(crate) struct Sandbox {
    root: PathBuf,
    home: Snapshot,
}

impl Sandbox {
    /// Makes the folders of a lane.
    pub(crate) fn new(lane: usize) -> Result<Self> {
        let root = std::env::temp_dir().join(format!("{PREFIX}{}-{lane}", std::process::id()));
        fs::create_dir(&root).with_context(|| format!("cannot make {}", root.display()))?;
        let mut sandbox = Self { home: Snapshot::of(&root.join("home"), &[]), root };
        sandbox.furnish()?;
        Ok(sandbox)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// What a command of a try calls its folder for temporary files.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// The folder of the try.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.join("try")
    }

    /// Where the program keeps its cache when nobody says where.
    pub(crate) fn usual_cache(&self) -> PathBuf {
        self.home().join(".cache/repo-map-cache")
    }

    /// An empty folder for the next try.
    pub(crate) fn begin(&self) -> Result<()> {
        remove(&self.folder());
        remove(&self.usual_cache());
        fs::create_dir(self.folder()).context("cannot make the folder of a try")?;
        fs::set_permissions(self.folder(), fs::Permissions::from_mode(0o755))?;
        Ok(())
    }

    /// What the last try changed in the home and in the folder for temporary files; both are as new afterwards.
    pub(crate) fn damage(&mut self) -> Result<Vec<String>> {
        let mut changes = self.home.changes(&Snapshot::of(&self.home(), &[self.usual_cache()]), &self.root);
        let left = fs::read_dir(self.temporary()).map(|left| left.flatten().count()).unwrap_or(0);
        if left > 0 {
            changes.push(format!("{left} files are left in the folder for temporary files"));
        }
        if !changes.is_empty() {
            self.furnish()?;
        }
        Ok(changes)
    }

    fn furnish(&mut self) -> Result<()> {
        for folder in [self.home(), self.temporary()] {
            remove(&folder);
            fs::create_dir(&folder)?;
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))?;
        }
        furnish(&self.home()).context("cannot furnish a home")?;
        self.home = Snapshot::of(&self.home(), &[self.usual_cache()]);
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        remove(&self.root);
    }
}

/// Removes what runs that were killed have left behind.
pub(crate) fn sweep() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let owner = rest.and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        if owner.is_some_and(|owner| !Path::new(&format!("/proc/{owner}")).exists()) {
            remove(&entry.path());
        }
    }
}

/// Removes a file, or a folder with all in it, file systems that a try mounted there and folders that nobody may read.
pub(crate) fn remove(folder: &Path) {
    if fs::symlink_metadata(folder).is_err()
        || fs::remove_file(folder).is_ok()
        || fs::remove_dir_all(folder).is_ok()
    {
        return;
    }
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    for mount in mounts.lines().filter_map(|line| line.split(' ').nth(1)) {
        if Path::new(mount).starts_with(folder) {
            let _ = Command::new("umount").args(["-l", mount]).stderr(Stdio::null()).status();
        }
    }
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let _ = fs::set_permissions(&path, fs::Permissions::from_mode(0o700));
        let Ok(children) = fs::read_dir(&path) else { continue };
        let folders = children.flatten().filter(|child| child.file_type().is_ok_and(|kind| kind.is_dir()));
        waiting.extend(folders.map(|child| child.path()));
    }
    let _ = fs::remove_dir_all(folder);
}

/// Files and folders such as users have, among them those that look like a cache's and like settings of other programs.
fn furnish(home: &Path) -> Result<()> {
    let write = |path: &str, text: &str| -> Result<()> {
        let path = home.join(path);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        fs::write(&path, format!("{text}\n{CANARY}\n"))?;
        Ok(())
    };
    for name in [".bashrc", ".profile", ".netrc", ".ssh/id_ed25519", ".ssh/authorized_keys", ".gnupg/trustdb"]
    {
        write(name, "precious")?;
    }
    for year in ["2021", "2022", "2023"] {
        write(&format!("photos/{year}/img.jpg"), "a picture")?;
        write(&format!("photos/quarantine-{}/img.jpg", &year[3..]), "a picture")?;
    }
    for number in 1..=3 {
        write(&format!("api/v1/{number}/handler.py"), "def handler(): pass")?;
        write(&format!("api/v1/{number}/data.mdb"), "another program's database")?;
    }
    write("api/v1/quarantine-1/data.mdb", "another program's database")?;
    write("api/v1/compacting/data.mdb", "another program's database")?;
    write("service/v1/1/format", "a format of somebody else")?;
    write("service/v1/open.lock", "locked")?;
    write("service/v1/users.lock", "locked")?;
    write("marked/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# of another program")?;
    write("marked/v1/1/data.mdb", "another program's database")?;
    write("marked/v1/2/data.mdb", "another program's database")?;
    for repository in ["projects", "clones/other"] {
        write(&format!("{repository}/.git/HEAD"), "ref: refs/heads/main")?;
        write(&format!("{repository}/.git/config"), "[core]\n\trepositoryformatversion = 0")?;
        write(&format!("{repository}/new.py"), "def other_project(): pass")?;
        fs::create_dir_all(home.join(repository).join(".git/objects"))?;
        fs::create_dir_all(home.join(repository).join(".git/refs/heads"))?;
    }
    write(".cache/other/state.db", "state")?;
    write(".config/other/settings.toml", "[cache]\ndir = \"x\"")?;
    write(".local/share/notes.txt", "notes")?;
    write("mail/inbox", "letters")?;
    fs::set_permissions(home.join(".ssh/id_ed25519"), fs::Permissions::from_mode(0o600))?;
    fs::set_permissions(home.join(".ssh"), fs::Permissions::from_mode(0o700))?;
    symlink(".bashrc", home.join(".bash_login"))?;
    symlink("photos", home.join("pictures"))?;
    Ok(())
}
