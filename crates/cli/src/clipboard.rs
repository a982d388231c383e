//! `--copy`: the clipboard of the desktop, by the program that the system has for it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::failure::Failure;

/// Programs that take the clipboard's text from standard input, each with the variable without which it has no desktop.
const PROGRAMS: &[(&str, &[&str], Option<&str>)] = if cfg!(target_os = "macos") {
    &[("pbcopy", &[], None)]
} else if cfg!(windows) {
    &[("clip", &[], None)]
} else {
    &[
        ("wl-copy", &[], Some("WAYLAND_DISPLAY")),
        ("xclip", &["-selection", "clipboard"], Some("DISPLAY")),
        ("xsel", &["--clipboard", "--input"], Some("DISPLAY")),
    ]
};

/// Copies a text by the first program that takes it.
pub(crate) fn copy(text: &str) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "a front end asks whether there is a desktop")]
    let has_desktop = |variable: &Option<&str>| variable.is_none_or(|name| std::env::var_os(name).is_some());
    let copied =
        PROGRAMS.iter().filter(|(.., variable)| has_desktop(variable)).any(|(program, arguments, _)| {
            let started = Command::new(program)
                .args(*arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
            let Ok(mut started) = started else { return false };
            let is_written =
                started.stdin.take().is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok());
            started.wait().is_ok_and(|ended| ended.success()) && is_written
        });
    match copied {
        true => Ok(()),
        false => {
            let names: Vec<&str> = PROGRAMS.iter().map(|(name, ..)| *name).collect();
            Err(Failure::Unreadable(format!(
                "--copy: no program gives access to a clipboard here; it is looked for {}",
                names.join(", ")
            )))
        }
    }
}
