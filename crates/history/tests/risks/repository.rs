//! A repository that a test fills and deletes at its end. Its clock goes forward a second a commit.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repo_map_history::{Log, LogOptions};

pub(crate) struct Repository {
    _folder: tempfile::TempDir,
    path: PathBuf,
    time: Cell<u64>,
}

impl Repository {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// `git init` with further arguments.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        let repository = Self { _folder: folder, path, time: Cell::new(1_600_000_000) };
        repository.git(&[&["init", "-q", "-b", "main"], arguments].concat());
        repository
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes the files with this text and commits them under the message. Returns the commit's name.
    pub(crate) fn commit(&self, message: &str, files: &[&str]) -> String {
        let time = self.time.get();
        files
            .iter()
            .for_each(|file| self.write(file, &format!("{message} {time}\n    body of {message} {time}\n")));
        self.commit_all(message)
    }

    pub(crate) fn commit_all(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.time.set(self.time.get() + 1);
        git(&self.path, arguments, self.time.get())
    }

    /// Deletes the loose object that git knows by this name.
    pub(crate) fn lose(&self, name: &str) -> PathBuf {
        let id = self.git(&["rev-parse", name]);
        let (folder, file) = id.trim().split_at(2);
        let object = self.path.join(".git/objects").join(folder).join(file);
        fs::remove_file(&object).unwrap();
        object
    }

    pub(crate) fn log(&self) -> Log {
        read(&self.path)
    }

    pub(crate) fn extend(&self, previous: Log) -> Log {
        Log::read(&self.path, &LogOptions::default(), Some(previous), words)
    }
}

pub(crate) fn read(path: &Path) -> Log {
    Log::read(path, &LogOptions::default(), None, words)
}

pub(crate) fn words(line: &str, each: &mut dyn FnMut(&str)) {
    line.split(' ').for_each(each);
}

/// The files of each commit, the youngest first.
pub(crate) fn files(log: &Log) -> Vec<Vec<&str>> {
    log.commits().map(|commit| commit.files().collect()).collect()
}

/// Git without the configuration and environment of whoever runs the tests.
pub(crate) fn git(directory: &Path, arguments: &[&str], time: u64) -> String {
    let mut command = Command::new("git");
    command
        .current_dir(directory)
        .args(["-c", "protocol.file.allow=always", "-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", format!("@{time} +0000"))
        .env("GIT_COMMITTER_DATE", format!("@{time} +0000"));
    // A hook that runs the tests points git at its own repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
