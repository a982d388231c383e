use std::ffi::OsString;
use std::path::PathBuf;

/// The program that parses files for a mapper, so that no file can take the mapper's process down.
///
/// It has to call [`serve_extraction`](crate::serve_extraction) with its standard input and output, and to be built with the same version of this
/// library as the mapper; another one is noticed within seconds and not used. Command lines name themselves with an argument of
/// their own. One process is started a thread, when the first file has to be parsed, and ends when it has had nothing to do for
/// some seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What its environment has besides the mapper's own: names and values.
    pub environment: Vec<(OsString, OsString)>,
}

impl WorkerCommand {
    /// A program, without arguments yet.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), arguments: Vec::new(), environment: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }
}
