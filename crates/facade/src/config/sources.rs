//! The two files of settings of a run: the user's, which is obeyed, and the project's, which came with the tree.

use std::path::Path;

use repo_map_bounded_io::Links;

use super::file::{Fault, SettingsFile};
use super::owner::Owners;
use super::places::{self, ProjectFile};
use super::variables::Variables;
use crate::error::{Error, ErrorKind};

/// Lines that are told of one file; a file of a thousand faults is told in as many and one.
const MOST_LINES: usize = 8;

/// What configures a run beside the environment and code.
pub(super) struct Sources {
    pub(super) user: Option<SettingsFile>,
    pub(super) project: Option<SettingsFile>,
    pub(super) owners: Owners,
    pub(super) notices: Vec<String>,
}

impl Sources {
    /// The user's file alone. A fault of it is an error.
    pub(super) fn of_user(owners: Owners, variable: Variables<'_>) -> Result<Self, Error> {
        let mut notices = Vec::new();
        let user = match places::user_config(variable) {
            Some(path) => match SettingsFile::read(path, Links::Follow, &owners) {
                Ok(file) => file,
                Err(Fault::Unusable(line)) => return Err(bad(line)),
                Err(Fault::Foreign(line)) => {
                    notices.push(format!("{line}; its settings are passed over"));
                    None
                }
            },
            None => None,
        };
        Ok(Self { user, project: None, owners, notices })
    }

    /// Both. A fault of the project's file must not stop who only looks at the project.
    pub(super) fn read(folder: &Path, owners: Owners, variable: Variables<'_>) -> Result<Self, Error> {
        let Self { user, owners, mut notices, .. } = Self::of_user(owners, variable)?;
        let project = match places::of_project(folder, &owners) {
            ProjectFile::None => None,
            ProjectFile::Foreign(line) => {
                notices.push(line);
                None
            }
            ProjectFile::At(path) => {
                SettingsFile::read(path, Links::Refuse, &owners).unwrap_or_else(|fault| {
                    let (Fault::Foreign(line) | Fault::Unusable(line)) = fault;
                    notices.push(format!("{line}; its settings are passed over"));
                    None
                })
            }
        };
        notices.extend(user.iter().chain(&project).flat_map(SettingsFile::misspelt));
        Ok(Self { user, project, owners, notices })
    }
}

/// The lines that are told of one file.
#[derive(Default)]
pub(super) struct PassedOver {
    lines: Vec<String>,
    more: usize,
}

impl PassedOver {
    /// Makes a line only where it is told: a file is searched for each.
    pub(super) fn push(&mut self, line: impl FnOnce() -> String) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(line());
        } else {
            self.more += 1;
        }
    }

    pub(super) fn into_lines(mut self) -> Vec<String> {
        if self.more > 0 {
            self.lines.push(format!("{} further settings of that file are passed over", self.more));
        }
        self.lines
    }
}

pub(super) fn bad(line: impl Into<String>) -> Error {
    Error::new(ErrorKind::Misconfigured, line)
}
