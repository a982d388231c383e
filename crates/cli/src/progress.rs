//! Files, rate, time left and the current file, on standard error; hidden when that is not a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use repo_map_cache::{Progress, RepoPath, escaped};

/// A bar for the extraction of tags. It draws itself when a file is done: a thread that draws would need one to be had.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar that shows itself when there is work to count.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let template = "{bar:24} {human_pos}/{human_len} files, {per_sec:.0}, {eta} left  {wide_msg}";
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        Self(bar)
    }
}

impl Progress for Bar {
    fn start(&self, files: usize) {
        self.0.set_length(files as u64);
    }

    fn file(&self, path: &RepoPath) {
        self.0.set_message(escaped(path.as_str()).into_owned());
        self.0.inc(1);
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
