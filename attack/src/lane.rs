//! One process of the suite: it takes every n-th try, one after the other, and tells of each on a line.
//!
//! A process of its own, since the kernel counts time and memory of all children of a process together.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use nix::sys::prctl::{set_child_subreaper, set_pdeathsig};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;

use crate::Arguments;
use crate::attempt::{Attempt, told};
use crate::call::{MEMORY, peak_of_children};
use crate::kinds::{self, Needs};
use crate::program::Program;
use crate::random::Random;
use crate::report::{Told, print};
use crate::sandbox::Sandbox;

/// No command gets more address space: a bomb that no poll sees in time must not take the machine.
const ADDRESS_SPACE: u64 = 14 << 30;

pub(crate) fn run(arguments: &Arguments, lane: usize) -> Result<()> {
    // Nothing of a lane outlives the suite, and what its commands leave behind is the lane's to end.
    set_pdeathsig(Signal::SIGKILL)?;
    set_child_subreaper(true)?;
    limit(Resource::RLIMIT_AS, ADDRESS_SPACE)?;
    limit(Resource::RLIMIT_CORE, 0)?;
    let program = Program::new(&arguments.binary)?;
    let mut sandbox = Sandbox::new(lane)?;
    let deadline = Instant::now() + Duration::from_secs(arguments.seconds);
    let step = arguments.lanes.unwrap_or(1) as u64;
    let mut number = arguments.number.unwrap_or(lane as u64);
    let mut peak = peak_of_children();
    let turn = kinds::turn(arguments.class.as_deref());
    loop {
        let is_only = arguments.number.is_some();
        // However crowded the machine is, each kind has its turn.
        if !is_only && Instant::now() >= deadline && number >= turn {
            return Ok(());
        }
        one(arguments, &program, &mut sandbox, number, &mut peak)?;
        if is_only {
            return Ok(());
        }
        number += step;
    }
}

fn one(
    arguments: &Arguments,
    program: &Program,
    sandbox: &mut Sandbox,
    number: u64,
    peak: &mut u64,
) -> Result<()> {
    let mut random = Random::of(arguments.seed, number);
    let Some((class, kind)) = kinds::of_try(number, &mut random, arguments.class.as_deref()) else {
        bail!("no class or kind is called {}", arguments.class.as_deref().unwrap_or_default());
    };
    let told_of =
        |faults, millis, is_skipped| Told { number, class, kind: kind.name, millis, is_skipped, faults };
    if kind.needs == Needs::Root && !program.is_root {
        print(&told_of(Vec::new(), 0, true));
        return Ok(());
    }
    sandbox.begin()?;
    let started = Instant::now();
    let mut attempt = Attempt::new(random, sandbox, program);
    let made = (kind.attack)(&mut attempt);
    let mut faults = attempt.close();
    crate::processes::end_all();
    faults.extend(told("of the user's files", &sandbox.damage()?));
    let now = peak_of_children();
    if now > MEMORY && *peak <= MEMORY && !faults.iter().any(|fault| fault.contains("memory")) {
        faults.push(format!("a process takes {} MB of memory", now >> 20));
    }
    *peak = (*peak).max(now);
    if let Err(error) = made {
        // What a generator cannot make here, such as a name that the file system refuses, is no fault of the program.
        faults.push(format!("the suite itself: {error:#}"));
    }
    print(&told_of(faults, started.elapsed().as_millis() as u64, false));
    Ok(())
}

fn limit(resource: Resource, value: u64) -> Result<()> {
    let (_, hard) = getrlimit(resource)?;
    Ok(setrlimit(resource, value.min(hard), hard)?)
}

/// The program of the suite itself.
pub(crate) fn itself() -> Result<std::path::PathBuf> {
    Ok(Path::new("/proc/self/exe").canonicalize()?)
}
