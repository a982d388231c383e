//! A repository whose commits are replayed, and a folder in which one of its trees lies.
//!
//! The repository is only read. The folder is a repository of its own that borrows the other's objects, with `HEAD` at the commit
//! whose tree it holds: the product sees what a user would see who stands at that commit, and no later commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

/// A git repository, and a folder for its trees.
pub struct Repository {
    /// What tables call it.
    pub name: String,
    source: PathBuf,
    tree: PathBuf,
}

impl Repository {
    /// Takes a work tree or a bare repository; trees are laid out below `scratch`.
    ///
    /// # Errors
    /// When the folder is no git repository, or git cannot be run.
    pub fn open(source: &Path, scratch: &Path) -> Result<Self> {
        let source = source.canonicalize().with_context(|| format!("{} is not there", source.display()))?;
        // Mirrors are often named OWNER/NAME/repo.
        let named = if source.ends_with("repo") { source.parent() } else { Some(source.as_path()) };
        let name = named.and_then(Path::file_name).context("a repository has a name")?;
        let name = name.to_string_lossy().into_owned();
        let repository = Self { tree: scratch.join(&name), name, source };
        let objects = repository.git(&["rev-parse", "--path-format=absolute", "--git-path", "objects"])?;
        let format = repository.git(&["rev-parse", "--show-object-format"])?;
        if !repository.tree.join(".git/HEAD").is_file() {
            fs::create_dir_all(&repository.tree)?;
            let format = format!("--object-format={}", format.trim());
            run(&repository.tree, &["init", "-q", "--template=", &format])?;
        }
        let info = repository.tree.join(".git/objects/info");
        fs::create_dir_all(&info)?;
        fs::write(info.join("alternates"), objects)?;
        let shallow = repository.git(&["rev-parse", "--path-format=absolute", "--git-path", "shallow"])?;
        if Path::new(shallow.trim()).is_file() {
            fs::copy(shallow.trim(), repository.tree.join(".git/shallow"))?;
        }
        Ok(repository)
    }

    /// Lays out the tree of a commit: writes what differs from the one before, and moves `HEAD`.
    pub(crate) fn lay_out(&self, commit: &str) -> Result<()> {
        // A repository that lacks large blobs fails for those files alone; `HEAD` tells whether the rest is there.
        let laid_out = run(&self.tree, &["checkout", "-q", "--force", "--detach", commit]);
        let head = run(&self.tree, &["rev-parse", "HEAD"])?;
        if head.trim() != commit {
            laid_out?;
            bail!("{}: {commit} cannot be laid out", self.name);
        }
        Ok(())
    }

    /// The folder that trees are laid out in.
    pub(crate) fn tree(&self) -> &Path {
        &self.tree
    }

    /// The regular files of the tree with the names of their blobs.
    pub(crate) fn files(&self) -> Result<Vec<(String, String)>> {
        let text = run(&self.tree, &["ls-files", "-z", "--stage"])?;
        let entry = |entry: &str| {
            let (meta, path) = entry.split_once('\t')?;
            let blob = meta.strip_prefix("100")?.split(' ').nth(1)?;
            self.tree.join(path).is_file().then(|| (path.to_owned(), blob.to_owned()))
        };
        Ok(text.split('\0').filter_map(entry).collect())
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> Result<String> {
        run(&self.source, arguments)
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new("git");
    // The user's configuration would change what is written and how differences are shown.
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    let output = command.arg("-C").arg(folder).args(arguments).output().context("git cannot be run")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git {} in {}: {}", arguments.join(" "), folder.display(), error.trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
