//! An application that holds the mapper: storage of its own, two threads, a scan that is cancelled, a restart that loses nothing.
//!
//!     cargo run --release --manifest-path examples/host/Cargo.toml -- TREE
//!
//! It exits with an error where one of these does not hold.

mod cpu;
mod redb_backend;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use redb_backend::RedbBackend;
use repo_map_cache::{
    CancellationToken, ErrorKind, MapRequest, Progress, RefreshMode, RepoMapper, Stage, StorageBackend,
    Tokenizer,
};

/// After so many files the user changes their mind.
const PATIENCE: u64 = 40;

fn main() -> Result<(), Box<dyn Error>> {
    let tree = std::env::args_os().nth(1).map(PathBuf::from).ok_or("give the folder of a repository")?;
    let store = std::env::temp_dir().join(format!("repo-map-host-{}", std::process::id()));
    let done = run(&tree, &store);
    std::fs::remove_dir_all(&store)?;
    done
}

fn run(tree: &Path, store: &Path) -> Result<(), Box<dyn Error>> {
    cancel_the_first_scan(tree, store)?;
    // A restart: the engine is closed and opened again.
    let mapper = mapper(tree, store)?.build()?;
    let report = mapper.refresh()?;
    println!("after the restart: {} files from the store, {} parsed", report.hits, report.misses);
    if report.hits == 0 {
        return Err("what the cancelled scan had done is lost".into());
    }
    two_threads(&mapper)
}

/// A mapper on the host's own engine. Four bytes are a token here; a host would ask its model's tokenizer.
fn mapper(tree: &Path, store: &Path) -> Result<repo_map_cache::RepoMapperBuilder, Box<dyn Error>> {
    let backend: Arc<dyn StorageBackend> = Arc::new(RedbBackend::open(store)?);
    let tokenizer = Tokenizer::callback("quarter", |text| text.len().div_ceil(4));
    Ok(RepoMapper::builder(tree).backend(backend).tokenizer(tokenizer).threads(2))
}

fn cancel_the_first_scan(tree: &Path, store: &Path) -> Result<(), Box<dyn Error>> {
    let token = CancellationToken::new();
    let watcher =
        Arc::new(Impatient { token: token.clone(), files: AtomicU64::new(0), spent: AtomicU64::new(0) });
    let mapper = mapper(tree, store)?.progress(watcher.clone()).build()?;
    match mapper.map(&MapRequest::new(1024).cancellation(&token)) {
        Err(error) if error.kind() == ErrorKind::Cancelled => {
            let after =
                cpu::spent().saturating_sub(Duration::from_nanos(watcher.spent.load(Ordering::Relaxed)));
            println!(
                "cancelled after {PATIENCE} files: {} ms of CPU time after the signal",
                after.as_millis()
            );
            Ok(())
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err(format!("a tree of more than {PATIENCE} files is needed").into()),
    }
}

/// Cancels when it has seen enough.
struct Impatient {
    token: CancellationToken,
    files: AtomicU64,
    /// The CPU time at the signal, in nanoseconds.
    spent: AtomicU64,
}

impl Progress for Impatient {
    fn begin(&self, _: Stage, _: Option<u64>) {}

    fn advance(&self, stage: Stage, done: u64) {
        let before = self.files.fetch_add(done, Ordering::Relaxed);
        if stage == Stage::Parse && before < PATIENCE && before + done >= PATIENCE {
            self.spent.store(cpu::spent().as_nanos() as u64, Ordering::Relaxed);
            self.token.cancel();
        }
    }

    fn end(&self, _: Stage) {}
}

/// Two agents ask at the same time, while the editor refreshes.
fn two_threads(mapper: &RepoMapper) -> Result<(), Box<dyn Error>> {
    let tasks = ["read the configuration file", "print an error"];
    let alone: Vec<String> = tasks.iter().map(|task| ask(mapper, task)).collect::<Result<_, _>>()?;
    let together = thread::scope(|scope| {
        scope.spawn(|| mapper.refresh());
        let asked = tasks.map(|task| scope.spawn(move || ask(mapper, task)));
        asked.map(|thread| thread.join().expect("a request does not panic"))
    });
    for (alone, together) in alone.into_iter().zip(together) {
        if together? != alone {
            return Err("two threads get other maps than one".into());
        }
    }
    println!("two threads got the maps that each would get alone");
    Ok(())
}

fn ask(mapper: &RepoMapper, task: &str) -> Result<String, repo_map_cache::Error> {
    let request = MapRequest::new(1024).task(task).refresh(RefreshMode::Manual);
    mapper.map(&request).map(|map| map.text)
}
