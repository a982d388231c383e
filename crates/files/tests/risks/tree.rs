//! A directory that a test fills, with or without git, and deletes at its end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repo_map_files::{Root, Scan, ScanOptions, locate, scan};
use repo_map_model::RepoPath;

pub(crate) struct Tree {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl Tree {
    pub(crate) fn plain(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        let tree = Self { folder, path };
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    /// A repository that tracks nothing yet.
    pub(crate) fn git(files: &[(&str, &str)]) -> Self {
        let tree = Self::plain(files);
        tree.run_git(&["init", "-q"]);
        tree
    }

    pub(crate) fn path(&self) -> &Path {
        assert!(self.folder.path().exists());
        &self.path
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn track(&self, paths: &[&str]) {
        self.run_git(&[&["add", "-f", "--"], paths].concat());
    }

    pub(crate) fn run_git(&self, arguments: &[&str]) -> String {
        git(&self.path, arguments)
    }

    pub(crate) fn root(&self) -> Root {
        locate(&self.path).unwrap()
    }

    pub(crate) fn scan(&self) -> Scan {
        self.scan_with(&ScanOptions::default())
    }

    pub(crate) fn scan_with(&self, options: &ScanOptions) -> Scan {
        scan(&self.root(), options).unwrap()
    }

    #[track_caller]
    pub(crate) fn check(&self, files: &[&str], skipped: &[(&str, &str)]) {
        check(&self.scan(), files, skipped);
    }
}

#[track_caller]
pub(crate) fn check(scan: &Scan, files: &[&str], skipped: &[(&str, &str)]) {
    assert_eq!(paths(scan), files);
    let found: Vec<_> = scan.skipped.iter().map(|s| (s.path.as_str(), s.reason.as_str())).collect();
    assert_eq!(found, skipped);
}

pub(crate) fn paths(scan: &Scan) -> Vec<&str> {
    scan.files.iter().map(|file| file.path.as_str()).collect()
}

pub(crate) fn repo_path(path: &str) -> RepoPath {
    RepoPath::new(path).unwrap()
}

/// Git without the configuration and environment of whoever runs the tests.
pub(crate) fn git_command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(directory)
        .args(["-c", "protocol.file.allow=always", "-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    // A hook that runs the tests points git at its own repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command
}

pub(crate) fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = git_command(directory, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
