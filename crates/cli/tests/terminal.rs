//! The risk: what is for a terminal ends up in a file, or a terminal is left with half of a bar. The program runs in a terminal of its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Whoever says nothing for so long hangs.
const HANGS: Duration = Duration::from_secs(60);

/// A program in a terminal, and what it shows there.
struct Terminal {
    child: Child,
    keys: File,
    shown: Receiver<Vec<u8>>,
    screen: String,
    _home: tempfile::TempDir,
}

impl Terminal {
    /// `setsid` gives the program the terminal, so that keys are signals.
    #[expect(
        clippy::disallowed_methods,
        reason = "programs are found where whoever runs the test finds them"
    )]
    fn start(root: &Path, arguments: &[&str], variables: &[(&str, &str)], is_piped: bool) -> Self {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = ptsname(&keys, Vec::new()).unwrap();
        let terminal: OwnedFd =
            rustix::fs::open(&*name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
        tcsetwinsize(&terminal, Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let home = tempfile::tempdir().unwrap();
        let side = || Stdio::from(terminal.try_clone().unwrap());
        let child = Command::new("setsid")
            .args(["--ctty", "--wait", env!("CARGO_BIN_EXE_repo-map")])
            .args(arguments)
            .current_dir(root)
            // What asks for colour or against it is the test's alone: `CI` makes even a dumb terminal colourful.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TERM", "xterm")
            .env("HOME", home.path())
            .envs(variables.iter().copied())
            .stdin(side())
            .stdout(if is_piped { Stdio::piped() } else { side() })
            .stderr(side())
            .spawn()
            .unwrap();
        drop(terminal);
        let keys = File::from(keys);
        let mut screen = keys.try_clone().unwrap();
        let (sender, shown) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The last end of the terminal closes with an error.
            while let Ok(read @ 1..) = screen.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { child, keys, shown, screen: String::new(), _home: home }
    }

    fn wait_for(&mut self, text: &str) {
        let begin = Instant::now();
        while !self.screen.contains(text) {
            let more = self.shown.recv_timeout(HANGS.saturating_sub(begin.elapsed()));
            let more = more.unwrap_or_else(|_| panic!("no {text:?} in {:?}", self.screen));
            self.screen.push_str(&String::from_utf8_lossy(&more));
        }
    }

    /// Everything that was shown, and on standard output where that is a pipe, once it has ended.
    fn end(mut self) -> (ExitStatus, String, String) {
        let mut out = String::new();
        if let Some(mut piped) = self.child.stdout.take() {
            piped.read_to_string(&mut out).unwrap();
        }
        let begin = Instant::now();
        while let Ok(more) = self.shown.recv_timeout(HANGS.saturating_sub(begin.elapsed())) {
            self.screen.push_str(&String::from_utf8_lossy(&more));
        }
        assert!(begin.elapsed() < HANGS, "it hangs: {:?}", self.screen);
        (self.child.wait().unwrap(), self.screen, out)
    }
}

fn tree(files: usize) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for at in 0..files {
        let text: String =
            (0..40).map(|n| format!("def turn{at}_{n}(self):\n    return turn{n}()\n\n")).collect();
        fs::write(root.path().join(format!("part{at}.py")), text).unwrap();
    }
    root
}

fn shown(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let (status, screen, _) = Terminal::start(Path::new("/"), arguments, variables, false).end();
    assert!(status.success(), "{screen}");
    screen
}

/// What is on the line of the cursor at the end: what was drawn since its last beginning or erasure.
fn last_line(screen: &str) -> &str {
    let line = screen.rsplit('\n').next().unwrap_or_default();
    let line = line.rsplit("\x1b[2K").next().unwrap_or_default();
    line.rsplit('\r').next().unwrap_or_default()
}

#[test]
fn help_has_colours_in_a_terminal_unless_nobody_wants_them() {
    assert!(shown(&["--help"], &[]).contains("\x1b["));
    for variables in [[("NO_COLOR", "1")], [("TERM", "dumb")]] {
        let screen = shown(&["--help"], &variables);
        assert!(!screen.contains('\x1b') && screen.contains("Usage"), "{variables:?}: {screen:?}");
    }
    let piped = Command::new(env!("CARGO_BIN_EXE_repo-map")).arg("--help").output().unwrap();
    assert!(!piped.stdout.contains(&0x1b));
}

#[test]
fn a_map_has_no_colour_and_no_control_characters_anywhere() {
    let root = tree(3);
    for variables in [&[("NO_COLOR", "1")][..], &[]] {
        let (status, screen, _) = Terminal::start(root.path(), &["map", "--quiet"], variables, false).end();
        assert!(status.success() && screen.contains("part0.py") && !screen.contains('\x1b'), "{screen:?}");
    }
}

#[test]
fn a_bar_is_shown_on_the_terminal_alone_and_cleared_at_the_end() {
    let root = tree(400);
    let alone = tempfile::tempdir().unwrap();
    let piped = Command::new(env!("CARGO_BIN_EXE_repo-map"))
        .arg("map")
        .env("HOME", alone.path())
        .current_dir(root.path())
        .output()
        .unwrap();
    assert!(piped.stderr.is_empty(), "no bar where nobody sees one");
    let terminal = Terminal::start(root.path(), &["map", "--threads", "1"], &[], true);
    let (status, screen, out) = terminal.end();
    assert!(status.success() && screen.contains("reading") && screen.contains("/400 files"), "{screen:?}");
    assert_eq!(last_line(&screen), "", "{screen:?}");
    assert_eq!(out.as_bytes(), piped.stdout);
    assert!(!screen.contains("\x1b[3"), "a colour, such as black on black: {screen:?}");
    let (_, screen, _) = Terminal::start(root.path(), &["map", "--quiet"], &[], true).end();
    assert_eq!(screen, "");
}

#[test]
fn an_interrupt_clears_the_bar_and_ends_as_interrupts_do() {
    let root = tree(3_000);
    let mut terminal = Terminal::start(root.path(), &["map", "--threads", "1"], &[], false);
    terminal.wait_for("reading");
    terminal.keys.write_all(b"\x03").unwrap();
    let (status, screen, _) = terminal.end();
    assert!(!status.success(), "{screen:?}");
    assert!(!screen.contains("part0.py:"), "it was done before it was interrupted");
    assert_eq!(last_line(&screen).trim_start_matches("^C"), "", "{screen:?}");
    let (hidden, cursor) = (screen.matches("\x1b[?25l").count(), screen.matches("\x1b[?25h").count());
    assert!(cursor >= hidden, "the cursor is shown again: {screen:?}");
}
