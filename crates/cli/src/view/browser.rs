//! The desktop's own program that shows a file.

use std::path::Path;
use std::process::{Command, Stdio};

/// Shows a page in the user's browser; whether one was asked. Nobody waits for it.
pub(super) fn open(page: &Path) -> bool {
    let program = if cfg!(target_os = "macos") {
        Some("open")
    } else if cfg!(windows) {
        Some("explorer")
    } else {
        has_desktop().then_some("xdg-open")
    };
    let Some(program) = program else { return false };
    let quiet = || Stdio::null();
    Command::new(program).arg(page).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().is_ok()
}

#[expect(clippy::disallowed_methods, reason = "a front end asks whether there is a desktop")]
fn has_desktop() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|of| !of.is_empty()))
}
