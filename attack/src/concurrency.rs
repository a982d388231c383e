//! Several processes on one store, some of which are killed or stopped; the others end, and later maps are right.

use std::time::{Duration, Instant};

use anyhow::Result;
use nix::sys::signal::Signal;

use crate::attempt::{Attempt, Judge};
use crate::call::Running;
use crate::kinds::{Kind, Needs};
use crate::stores::fresh;
use crate::{processes, trees};

const PLAIN: Kind = Kind { name: "", covers: &[], needs: Needs::Nothing, share: 4, attack: |_| Ok(()) };

pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "concurrent-kills", attack: kills, ..PLAIN },
    Kind { name: "concurrent-stopped", attack: stopped, ..PLAIN },
    Kind { name: "concurrent-clear", attack: cleared, ..PLAIN },
    Kind { name: "concurrent-edits", attack: edits, ..PLAIN },
    Kind { name: "concurrent-orphans", share: 2, attack: orphans, ..PLAIN },
];

const MAP: &[&str] = &["map", "r", "--cache-dir", "c"];

fn start(attempt: &mut Attempt<'_>, count: usize) -> Result<Vec<Running>> {
    (0..count).map(|_| attempt.start(attempt.command(MAP))).collect()
}

/// Waits a moment, most often one within a run.
fn moment(attempt: &mut Attempt<'_>) {
    let micros = attempt.random.below(60_000) as u64;
    std::thread::sleep(Duration::from_micros(micros));
}

fn end(attempt: &mut Attempt<'_>, running: Vec<Running>) -> Result<()> {
    let line = attempt.command(MAP).line;
    let want = fresh(attempt)?;
    for run in running {
        let got = run.wait()?;
        attempt.judge(&line, &got, Judge::All);
        attempt.same(&got, &want, "one of several processes");
    }
    let last = attempt.run(MAP)?;
    attempt.same(&last, &want, "the run after all");
    Ok(())
}

fn kills(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let count = attempt.random.between(2, 5);
    let mut running = start(attempt, count)?;
    for _ in 0..attempt.random.between(1, count) {
        moment(attempt);
        let victim = running.swap_remove(attempt.random.below(running.len()));
        victim.stop()?;
    }
    end(attempt, running)
}

/// A program that is killed alone must not leave workers behind.
fn orphans(attempt: &mut Attempt<'_>) -> Result<()> {
    /// A worker ends its batch first, and the machine may be crowded.
    const GRACE: Duration = Duration::from_secs(20);
    for i in 0..6 {
        attempt.write(&format!("r/m{i}.py"), trees::large_source(1500))?;
    }
    let run = start(attempt, 1)?.remove(0);
    moment(attempt);
    moment(attempt);
    processes::signal(run.id(), Signal::SIGKILL);
    run.wait()?;
    let killed = Instant::now();
    while processes::reap() > 0 {
        if killed.elapsed() > GRACE {
            attempt.fault("workers outlive their killed program by 20 s");
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    end(attempt, Vec::new())
}

fn stopped(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let mut victim = start(attempt, 1)?;
    moment(attempt);
    let victim = victim.remove(0);
    processes::signal(victim.id(), Signal::SIGSTOP);
    let others = start(attempt, 2)?;
    let ended = end(attempt, others);
    victim.stop()?;
    ended
}

fn cleared(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let mut running = start(attempt, 2)?;
    moment(attempt);
    let command = attempt.random.pick(&["clear", "compact", "verify", "stats"]);
    attempt.run(&["cache", command, "--cache-dir", "c"])?;
    running.extend(start(attempt, 1)?);
    end(attempt, running)
}

fn edits(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.leave_free("r");
    trees::small(attempt, "r")?;
    let running = start(attempt, 2)?;
    for _ in 0..attempt.random.between(1, 8) {
        moment(attempt);
        // A name may be taken already.
        let _ = trees::change(attempt, "r");
    }
    let line = attempt.command(MAP).line;
    for run in running {
        let seen = run.wait()?;
        attempt.judge(&line, &seen, Judge::All);
    }
    end(attempt, Vec::new())
}
