//! What is being done, how far it is and the time left, on standard error; hidden when that is not a terminal.

use std::fmt;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use repo_map_cache::{Progress, Stage};

/// A bar for the stages of a refresh. It draws itself when a file is done: a thread that draws would need one to be had.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar that shows itself when there is work to count.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        // What follows a point there is a colour, and not a number of digits.
        let template = "{msg:>8} {bar:24} {human_pos}/{human_len} files, {speed}, {eta} left";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("speed", |state: &ProgressState, to: &mut dyn fmt::Write| {
            // A text takes all that is written.
            let _ = write!(to, "{:.0}/s", state.per_sec());
        }));
        #[cfg(unix)]
        if !bar.is_hidden() {
            interrupted::clear_first(bar.clone());
        }
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

/// Whoever interrupts gets a line without a bar.
#[cfg(unix)]
mod interrupted {
    use indicatif::{ProgressBar, ProgressDrawTarget};
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    /// Clears the bar before the process ends as it would have.
    pub(super) fn clear_first(bar: ProgressBar) {
        let wait = move || {
            let heeded = [SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
            let Ok(mut signals) = Signals::new(heeded) else { return };
            if let Some(signal) = signals.forever().next() {
                bar.finish_and_clear();
                // Nobody draws it again.
                bar.set_draw_target(ProgressDrawTarget::hidden());
                // Of the signals that it knows it ends the process.
                let _ = emulate_default_handler(signal);
            }
        };
        // Without a thread the signal does what it did.
        let _ = std::thread::Builder::new().name("interrupts".to_owned()).spawn(wait);
    }

    /// Whether a shell that runs this in the background wants the signal to pass. Only Linux tells.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
        mask & (1 << (signal - 1)) != 0
    }
}
