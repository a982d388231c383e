//! Workers that are killed, stopped or starved from outside, and a program without threads, files or a standard error.

use std::collections::BTreeSet;
use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Result;
use nix::sys::signal::Signal;

use crate::attempt::{Attempt, Judge};
use crate::call::{End, Seen};
use crate::kinds::{Kind, Needs};
use crate::{processes, trees};

const PLAIN: Kind = Kind { name: "", covers: &[], needs: Needs::Nothing, share: 4, attack: |_| Ok(()) };

pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "worker-killed", covers: &["worker-killed-poisons-store"], attack: killed, ..PLAIN },
    Kind { name: "worker-stopped", covers: &["worker-stopped"], share: 2, attack: stopped, ..PLAIN },
    Kind {
        name: "few-processes",
        covers: &["few-processes"],
        needs: Needs::Root,
        attack: few_processes,
        ..PLAIN
    },
    Kind { name: "full-standard-error", share: 3, attack: full_standard_error, ..PLAIN },
    Kind { name: "few-descriptors", share: 3, attack: few_descriptors, ..PLAIN },
    Kind { name: "bare-environment", share: 2, attack: bare_environment, ..PLAIN },
];

/// Sends a signal to the first `count` workers of a run, each a while after it was first seen.
fn disturb(
    attempt: &mut Attempt<'_>,
    arguments: &[&str],
    signal: Signal,
    count: usize,
    pause: Duration,
) -> Result<Seen> {
    let call = attempt.command(arguments);
    let line = call.line.clone();
    let mut running = attempt.start(call)?;
    let mut disturbed = BTreeSet::new();
    let end = loop {
        if let Some(end) = running.look()? {
            break end;
        }
        for worker in processes::children(running.id()) {
            if disturbed.len() < count && !disturbed.contains(&worker) {
                std::thread::sleep(pause);
                processes::signal(worker, signal);
                disturbed.insert(worker);
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let seen = running.close(end)?;
    attempt.judge(&line, &seen, Judge::All);
    Ok(seen)
}

fn killed(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.write("r/a.py", "def good(): pass\n")?;
    attempt.write("r/big.py", trees::large_source(10_000))?;
    let arguments = ["map", "r", "--cache-dir", "c", "--threads", "1", "--map-tokens", "600"];
    let signal = attempt.random.pick_of(&[
        Signal::SIGKILL,
        Signal::SIGTERM,
        Signal::SIGXCPU,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGALRM,
    ]);
    let pause = Duration::from_millis(attempt.random.between(10, 70) as u64);
    let count = attempt.random.between(2, 5);
    disturb(attempt, &arguments, signal, count, pause)?;
    let got = attempt.run(&arguments)?;
    let want = attempt.run(&["map", "r", "--no-cache", "--map-tokens", "600"])?;
    attempt.same(&got, &want, &format!("the healthy run after {count} workers ended by {signal}"));
    Ok(())
}

fn stopped(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.write("r/a.py", "def good(): pass\n")?;
    attempt.write("r/big.py", trees::large_source(6000))?;
    let arguments = ["map", "r", "--cache-dir", "c", "--threads", "1"];
    let pause = Duration::from_millis(attempt.random.below(40) as u64);
    disturb(attempt, &arguments, Signal::SIGSTOP, 1, pause)?;
    processes::end_all();
    let got = attempt.run(&arguments)?;
    let want = attempt.run(&["map", "r", "--no-cache"])?;
    attempt.same(&got, &want, "the healthy run after a worker was stopped");
    Ok(())
}

fn few_processes(attempt: &mut Attempt<'_>) -> Result<()> {
    for i in 0..8 {
        attempt.write(&format!("r/a{i}.py"), format!("def good{i}():\n    pass\n"))?;
    }
    std::fs::create_dir(attempt.path("c"))?;
    // A user of our own: the limit counts all processes of a user.
    let user = 61_000 + std::process::id() % 4000;
    std::os::unix::fs::chown(attempt.path("c"), Some(user), Some(user))?;
    for _ in 0..2 {
        let limit = format!("--nproc={}", attempt.random.pick_of(&[4, 5, 6, 4, 5, 6, 3, 7, 8, 2]));
        let mut call = attempt.command(&["map", "r", "--cache-dir", "c"]);
        call.through(&["prlimit", &limit]);
        call.as_user(user);
        attempt.call(call, Judge::All)?;
    }
    Ok(())
}

fn full_standard_error(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let full = || File::options().write(true).open("/dev/full").map(Stdio::from);
    let commands: [&[&str]; 4] = [
        &["map", "nowhere"],
        &["map", "r", "--cache-dir", "c", "-vv"],
        &["tags", "nowhere.py"],
        &["map", "r", "--tokenizer", "nothing"],
    ];
    let command = attempt.random.pick_of(&commands);
    let mut call = attempt.command(command);
    call.stderr = Some(full()?);
    if attempt.random.once_in(3) {
        call.stdout = Some(full()?);
    }
    attempt.call(call, Judge::End)?;
    // Closed in place of full.
    let closing = attempt.random.pick(&[
        "exec \"$0\" \"$@\" 2>&-",
        "exec \"$0\" \"$@\" >&-",
        "exec \"$0\" \"$@\" <&- >&- 2>&-",
    ]);
    let command = attempt.random.pick_of(&commands);
    let mut call = attempt.command(command);
    call.through(&["sh", "-c", closing]);
    attempt.call(call, Judge::End)?;
    Ok(())
}

fn few_descriptors(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    for _ in 0..3 {
        let limit = format!("--nofile={}", attempt.random.between(6, 40));
        let mut call = attempt.command(&["map", "r", "--cache-dir", "c"]);
        call.through(&["prlimit", &limit]);
        let seen = attempt.call(call, Judge::All)?;
        if let End::Code(127) = seen.end {
            return Ok(());
        }
    }
    let got = attempt.run(&["map", "r", "--cache-dir", "c"])?;
    let want = attempt.run(&["map", "r", "--no-cache"])?;
    attempt.same(&got, &want, "the healthy run after one without descriptors");
    Ok(())
}

/// An environment in which nothing is where it should be.
fn bare_environment(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let mut call = attempt.command(&["map", "r", "--cache-dir", "c"]);
    call.variable("PATH", "/nonexistent");
    call.variable("HOME", "");
    call.variable("TMPDIR", "/nonexistent");
    let seen = attempt.call(call, Judge::All)?;
    attempt.expect(&seen, "good");
    Ok(())
}
