//! Where a page is written: where the user says, else to the user's cache folder, and never into the tree by itself.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use repo_map_cache::{escaped_path, user_pages};
use sha2::{Digest as _, Sha256};

use super::browser;
use crate::arguments::PageArguments;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::output;

/// Writes a page, prints where, and shows it. Where the user names no file it is called like its subject, and is not written into this tree.
pub(crate) fn deliver(
    page: &str,
    to: &PageArguments,
    subject: &str,
    tree: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let file = match to.output.as_deref() {
        Some(named) if named == Path::new("-") => {
            output::print(page)?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(named) => named.to_owned(),
        None => own_file(subject, tree)?,
    };
    write(&file, page).map_err(|error| {
        Failure::Unreadable(format!("cannot write the page to {}: {error}", escaped_path(&file)))
    })?;
    output::print(&format!("{}\n", escaped_path(&file)))?;
    if !to.no_open {
        browser::open(&std::path::absolute(&file).unwrap_or(file));
    }
    Ok(ExitCode::SUCCESS)
}

/// A file in the folder for pages, which is made where it is missing.
fn own_file(subject: &str, tree: Option<&Path>) -> Result<PathBuf, Failure> {
    let refused = |why: &str| Failure::Unreadable(format!("{why}; name a file with -o"));
    let folder = user_pages().ok_or_else(|| refused("there is no cache folder of the user's"))?;
    let is_inside = |tree: &Path| {
        let there = folder.ancestors().find_map(|above| above.canonicalize().ok());
        there.is_some_and(|there| there.starts_with(tree))
    };
    if tree.is_some_and(is_inside) {
        let folder = escaped_path(&folder);
        return Err(refused(&format!("the folder for pages, {folder}, lies inside of the mapped tree")));
    }
    make(&folder).map_err(|error| refused(&format!("cannot make {}: {error}", escaped_path(&folder))))?;
    Ok(folder.join(file_name(subject, tree)))
}

/// One name for each tree: its own, as far as every system takes it, and what tells it from others of that name.
fn file_name(subject: &str, tree: Option<&Path>) -> String {
    const MOST_CHARACTERS: usize = 40;
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = subject.chars().take(MOST_CHARACTERS).map(plain).collect();
    let Some(tree) = tree else { return format!("{name}.html") };
    let digest = Sha256::digest(tree.as_os_str().as_encoded_bytes());
    let digits: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}-{digits}.html")
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Puts the whole page in the place of what was there: who reads meanwhile has the one or the other. Pages quote sources, so they are the
/// user's alone.
fn write(file: &Path, page: &str) -> io::Result<()> {
    // A pipe or a device is written to, not replaced.
    if file.metadata().is_ok_and(|there| !there.is_file()) {
        return fs::write(file, page);
    }
    // A link keeps leading to where it does.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy().into_owned();
    let new = file.with_file_name(format!(".{name}.{}", std::process::id()));
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&new).and_then(|mut open| open.write_all(page.as_bytes()));
    let done = written.and_then(|()| fs::rename(&new, &file));
    if done.is_err() {
        let _ = fs::remove_file(&new);
    }
    done
}
