//! What is being done, how far it is and the time left, on standard error; hidden when that is not a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use repo_map_cache::{Progress, Stage};

/// A bar for the stages of a refresh. It draws itself when a file is done: a thread that draws would need one to be had.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar that shows itself when there is work to count.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let template = "{msg:>8} {bar:24} {human_pos}/{human_len} files, {per_sec:.0}, {eta} left";
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        Self(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        // Stages without a total are over before a bar says anything.
        if let Some(total) = total {
            self.0.reset();
            self.0.set_length(total);
            self.0.set_message(match stage {
                Stage::Words => "words",
                _ => "reading",
            });
        }
    }

    fn advance(&self, _: Stage, done: u64) {
        self.0.inc(done);
    }

    fn end(&self, stage: Stage) {
        if matches!(stage, Stage::Parse | Stage::Words) {
            self.0.finish_and_clear();
        }
    }
}
