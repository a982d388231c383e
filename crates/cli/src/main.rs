//! The program `repo-map`: the command line in a process of its own.
#![deny(unsafe_code)]

#[cfg(all(windows, target_env = "gnu", target_arch = "x86_64"))]
#[expect(unsafe_code, reason = "it stands in for a function of the system")]
mod committed;

use std::path::PathBuf;
use std::process::ExitCode;

use repo_map_cache::WorkerCommand;
use repo_map_cli::Program;

#[cfg(feature = "heap")]
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[cfg(feature = "heap")]
    give_the_c_heap_to_mimalloc();
    prefer_small_pages();
    let path = std::env::current_exe().ok();
    let program = Program { worker: path.as_ref().map(worker), path };
    ExitCode::from(repo_map_cli::run(std::env::args_os(), program))
}

#[cfg(feature = "heap")]
#[expect(unsafe_code, reason = "tree-sitter takes its allocator through an unsafe function")]
fn give_the_c_heap_to_mimalloc() {
    // SAFETY: this is the first statement of the process's only thread, so tree-sitter holds no memory yet.
    unsafe { repo_map_cache::use_mimalloc() };
}

/// A fresh huge page is cleared as a whole, and on a virtual machine the host may have to find it first: a process that
/// ends within seconds pays more for that than it wins by it. Where the kernel refuses, nothing is lost.
fn prefer_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// How this program starts itself as a worker.
///
/// A worker lives as long as one command: what it frees it needs again at once, and memory that went back to the
/// system comes again as pages to be cleared, 5 to 12 % of a cold run's CPU. It needs little, so huge pages cost
/// more than they save: whole ones are cleared, and a virtual machine may have to ask its host for each.
fn worker(program: &PathBuf) -> WorkerCommand {
    let command = WorkerCommand::new(program).argument(repo_map_cli::WORKER);
    command.variable("MIMALLOC_PURGE_DELAY", "-1").variable("MIMALLOC_ALLOW_THP", "0")
}
