//! The trials of docs/team.md: two hundred runs on servers that are ill in one way or another. `cargo xtask shared --all` runs them.
#![cfg(all(feature = "remote", unix))]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use repo_map_cache_testkit::servers::{Impostor, Manner, Moto, Redis, WebDav};

const RUNS: usize = 200;
const FILES: usize = 60;

/// A run that takes longer hangs: a hundred times what one takes.
const HANGS: Duration = Duration::from_secs(60);

const CUT: &str = "for _,k in ipairs(redis.call('KEYS','*')) do local v=redis.call('GET',k) redis.call('SET',k,string.sub(v,1,#v/2)) end return 1";
const NEWER: &str = "for _,k in ipairs(redis.call('KEYS','*')) do local v=redis.call('GET',k) redis.call('SET',k,string.sub(v,1,8)..string.char(7,0)..string.sub(v,11)) end return 1";
const SWAP: &str = "local s=redis.call('KEYS','*') local f=redis.call('GET',s[1]) for i=1,#s-1 do redis.call('SET',s[i],redis.call('GET',s[i+1])) end redis.call('SET',s[#s],f) return 1";
const NOISE: &str = "for _,k in ipairs(redis.call('KEYS','*')) do redis.call('SET',k,string.rep('\\255\\0rmrecord',50)) end return 1";

type Strike = (Box<dyn Fn()>, Box<dyn Fn()>);

/// A tree, and servers that hold its records, each ill in its way.
struct Ward {
    tree: tempfile::TempDir,
    alone: Vec<u8>,
}

/// What is done to whoever maps the tree.
struct Illness {
    name: String,
    variables: Vec<(String, String)>,
    /// Lets a server go on before the run, and stops it in the midst of that.
    strike: Option<Strike>,
    /// What has to live while the illness is tried.
    _holds: Vec<Box<dyn std::any::Any>>,
}

impl Illness {
    fn of(name: &str, url: &str) -> Self {
        let variables = vec![("REPO_MAP_CACHE_REMOTE_URL".to_owned(), url.to_owned())];
        Self { name: name.to_owned(), variables, strike: None, _holds: Vec::new() }
    }

    fn held(mut self, held: impl std::any::Any) -> Self {
        self._holds.push(Box::new(held));
        self
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Ward {
    fn new() -> Self {
        let tree = tempfile::tempdir().unwrap();
        fs::create_dir(tree.path().join(".git")).unwrap();
        for at in 0..FILES {
            let text = format!("class Part{at}:\n    def turn{at}(self):\n        return turn{}()\n", at / 2);
            fs::write(tree.path().join(format!("part{at}.py")), text).unwrap();
        }
        let mut ward = Self { tree, alone: Vec::new() };
        ward.alone = ward.run(&[], None).0.stdout;
        ward
    }

    /// The map of a machine that has seen nothing yet, and how long it took.
    fn run(&self, variables: &[(String, String)], strike: Option<&Strike>) -> (Output, Duration) {
        let home = tempfile::tempdir().unwrap();
        if let Some((ready, _)) = strike {
            ready();
        }
        let begin = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_repo-map"))
            .env("HOME", home.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.tree.path())
            .arg("map")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        if let Some((_, strike)) = strike {
            std::thread::sleep(Duration::from_millis(15));
            strike();
        }
        while child.try_wait().unwrap().is_none() {
            if begin.elapsed() > HANGS {
                child.kill().unwrap();
                panic!("it hangs: {variables:?}");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let took = begin.elapsed();
        (child.wait_with_output().unwrap(), took)
    }

    /// Fills a server, as a machine that is well does.
    fn seed(&self, variables: &[(String, String)]) {
        let patient = [("REPO_MAP_CACHE_REMOTE_WRITE", "1"), ("REPO_MAP_CACHE_REMOTE_PATIENCE_MS", "60000")];
        let patient = patient.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (output, _) = self.run(&[variables, &patient].concat(), None);
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
}

/// A folder's files, below all of its folders.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

fn damage(folder: &Path, damage: impl Fn(&mut Vec<u8>)) {
    for file in files(folder) {
        let mut bytes = fs::read(&file).unwrap();
        damage(&mut bytes);
        fs::write(&file, bytes).unwrap();
    }
}

fn redis(more: &[&str]) -> Redis {
    Redis::start("redis-server", more).expect("redis-server is installed")
}

/// A server of Redis that holds the tree.
fn seeded(ward: &Ward, more: &[&str]) -> Redis {
    let server = redis(more);
    ward.seed(&Illness::of("", &server.url()).variables);
    server
}

fn illnesses(ward: &Ward, python: &Path) -> Vec<Illness> {
    let mut all = Vec::new();
    let manners = [
        ("says nothing", Manner::Silent),
        ("hangs up", Manner::Rude),
        ("answers garbage", Manner::Garbage),
        ("sends half of a value", Manner::Half),
        ("knows no command", Manner::Ignorant),
    ];
    for (name, manner) in manners {
        let server = Impostor::start(manner);
        all.push(Illness::of(&format!("redis {name}"), &server.url()).held(server));
        let server = Impostor::start(manner);
        all.push(Illness::of(&format!("webdav {name}"), &format!("{}/maps", server.http())).held(server));
        let server = Impostor::start(manner);
        let s3 = Illness::of(&format!("s3 {name}"), "s3://team/maps");
        all.push(s3_of(s3, &server.http()).held(server));
    }
    let gone = Impostor::start(Manner::Rude).url();
    all.push(Illness::of("redis is not there", &gone));

    let server = redis(&[]);
    server.signal("STOP");
    all.push(Illness::of("redis stopped", &server.url()).held(server));
    let server = seeded(ward, &[]);
    let slow = Impostor::start(Manner::Slow(server.port));
    all.push(Illness::of("redis slow", &slow.url()).held(slow).held(server));
    let server = redis(&["--requirepass", "hush"]);
    all.push(
        Illness::of("redis refuses the password", &server.url().replace("//", "//:wrong@")).held(server),
    );
    let server = redis(&["--maxmemory", "1mb", "--maxmemory-policy", "noeviction"]);
    all.push(Illness::of("redis full", &server.url()).with("REPO_MAP_CACHE_REMOTE_WRITE", "1").held(server));
    for (name, script) in [("cut", CUT), ("of another version", NEWER), ("swapped", SWAP), ("garbage", NOISE)]
    {
        let server = seeded(ward, &[]);
        server.eval(script);
        all.push(Illness::of(&format!("redis, records {name}"), &server.url()).held(server));
    }
    let server = seeded(ward, &[]);
    let (url, server) = (server.url(), std::rc::Rc::new(server));
    let (ready, struck) = (server.clone(), server.clone());
    let strike: Strike = (Box::new(move || ready.signal("CONT")), Box::new(move || struck.signal("STOP")));
    all.push(Illness { strike: Some(strike), ..Illness::of("redis stops in the midst", &url) }.held(server));

    for (name, damaged) in [
        ("cut", Box::new(|bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2)) as Box<dyn Fn(&mut Vec<u8>)>),
        ("of another version", Box::new(|bytes: &mut Vec<u8>| bytes[8] = 9)),
        ("garbage", Box::new(|bytes: &mut Vec<u8>| bytes.fill(0xa5))),
    ] {
        let server = WebDav::start(python);
        let ill = Illness::of(&format!("webdav, records {name}"), &format!("{}/maps", server.url()));
        ward.seed(&ill.variables);
        damage(server.folder(), damaged);
        all.push(ill.held(server));
    }
    let server = WebDav::start(python);
    let url = format!("{}/maps", server.url());
    server.signal("STOP");
    all.push(Illness::of("webdav stopped", &url).held(server));
    let server = Moto::start(python);
    let ill = s3_of(Illness::of("s3 stopped", "s3://team/maps"), server.url());
    ward.seed(&ill.variables);
    server.signal("STOP");
    all.push(ill.held(server));
    let server = Moto::start(python);
    all.push(
        s3_of(Illness::of("s3 without the bucket", "s3://no-such-bucket/maps"), server.url()).held(server),
    );
    all
}

fn s3_of(illness: Illness, endpoint: &str) -> Illness {
    illness
        .with("AWS_ACCESS_KEY_ID", "test")
        .with("AWS_SECRET_ACCESS_KEY", "test")
        .with("AWS_ENDPOINT_URL", endpoint)
}

#[test]
#[ignore = "needs redis-server, moto and wsgidav, and minutes: cargo xtask shared --all"]
fn two_hundred_runs_on_servers_that_are_ill_give_the_same_map() {
    let ward = Ward::new();
    let illnesses = illnesses(&ward, &python());
    // Beside each trial one without a server: the machine is not the same all the time.
    let (mut added, mut slow) = (Vec::new(), 0);
    let (mut noise, mut loud) = (Duration::ZERO, 0);
    let mut worst: Vec<(Duration, String)> = Vec::new();
    for at in 0..RUNS {
        let ill = &illnesses[at % illnesses.len()];
        let writes = [("REPO_MAP_CACHE_REMOTE_WRITE".to_owned(), (at / illnesses.len() % 2).to_string())];
        let mut variables = ill.variables.clone();
        if variables.iter().all(|(name, _)| *name != writes[0].0) && !ill.name.contains("records") {
            variables.extend(writes);
        }
        let (_, alone) = ward.run(&[], None);
        let (_, again) = ward.run(&[], None);
        let between = alone.abs_diff(again);
        noise = noise.max(between);
        loud += usize::from(between > Duration::from_millis(500));
        let (output, took) = ward.run(&variables, ill.strike.as_ref());
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {told}", ill.name);
        assert_eq!(output.stdout, ward.alone, "{}: another map", ill.name);
        assert!(told.lines().count() <= 1, "{}: {told}", ill.name);
        let more = took.saturating_sub(alone);
        slow += usize::from(more > Duration::from_millis(500));
        worst.push((more, ill.name.clone()));
        added.push(more);
    }
    worst.sort();
    added.sort();
    println!("{RUNS} runs, {} illnesses: 0 wrong maps, 0 hangs", illnesses.len());
    println!(
        "added at the median {:?}, at most {:?}, {slow} times over 500 ms",
        added[RUNS / 2],
        added[RUNS - 1]
    );
    println!("two runs without a server differ by {noise:?} at most, {loud} times by over 500 ms");
    worst.iter().rev().take(5).for_each(|(more, name)| println!("  {more:?} {name}"));
}

/// The Python with the servers, as `cargo xtask shared` names it.
#[expect(clippy::disallowed_methods, reason = "whoever starts the tests installs the servers")]
fn python() -> PathBuf {
    std::env::var_os("REPO_MAP_TEST_PYTHON").map_or_else(|| "python3".into(), PathBuf::from)
}
