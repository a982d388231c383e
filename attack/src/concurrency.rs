//! Several processes on one store, some of which are killed or stopped; the others end, and later maps are right.

use std::time::Duration;

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
