//! The risk: a map that was patched from the one before differs from that of a tree which nobody has seen before.
//!
//! Random steps of edits, renames, deletions, reverts, checkouts and rules; after each, a mapper that has lived through all of them, and
//! now and then a new one on a store that has, are compared with one that has neither.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use repo_map_cache::{MapRequest, RepoMapper};
use support::Stored as _;

/// Numbers that a seed decides (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// A repository, and what was in its files before.
struct Tree {
    root: tempfile::TempDir,
    random: Random,
    files: usize,
    earlier: Vec<(PathBuf, String)>,
    commits: usize,
}

impl Tree {
    fn new(seed: u64, files: usize) -> Self {
        let root = tempfile::tempdir().unwrap();
        // No state of it is zero.
        let random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut tree = Self { root, random, files, earlier: Vec::new(), commits: 0 };
        tree.git(&["init", "-q"]);
        (0..files).for_each(|at| tree.write(&place(at), at, 0));
        tree.put(Path::new("README.md"), "# Engines\n\n`Engine3` starts all.\n".into());
        tree.commit();
        tree
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.root.path()).args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn commit(&mut self) {
        self.git(&["add", "-A"]);
        self.git(&[
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            &format!("Start engine {} again", self.commits % 7),
        ]);
        self.commits += 1;
    }

    fn put(&mut self, path: &Path, text: String) {
        let full = self.root.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, &text).unwrap();
        self.earlier.push((path.to_owned(), text));
    }

    fn write(&mut self, path: &Path, at: usize, edition: usize) {
        let text = text(path, at, edition, self.files);
        self.put(path, text);
    }

    /// One of the files of source that are there.
    fn any(&mut self) -> PathBuf {
        let listed = self.git(&["ls-files", "-co", "--", "*.py", "*.js", "*.rs"]);
        let there: Vec<&str> = listed.lines().filter(|path| self.root.path().join(path).exists()).collect();
        if there.is_empty() {
            self.write(&place(0), 0, 0);
            return place(0);
        }
        PathBuf::from(there[self.random.below(there.len())])
    }

    /// Changes the tree, and tells how.
    fn step(&mut self) -> String {
        let path = self.any();
        let full = self.root.path().join(&path);
        let (at, edition) = (self.random.below(self.files), self.random.below(5));
        match self.random.below(12) {
            0 | 1 => {
                let text = fs::read_to_string(&full).unwrap() + "\n# one more line\n";
                self.put(&path, text);
                format!("a line more in {path:?}")
            }
            2 | 3 => {
                self.write(&path, at, edition);
                format!("{path:?} defines what {at} does, edition {edition}")
            }
            4 => {
                let new = PathBuf::from(format!("new{edition}")).join(place(at));
                self.write(&new, at, edition);
                format!("{new:?} is new")
            }
            5 => {
                let new = Path::new("moved").join(path.file_name().unwrap());
                fs::create_dir_all(self.root.path().join("moved")).unwrap();
                fs::rename(full, self.root.path().join(&new)).unwrap();
                format!("{path:?} is {new:?} now")
            }
            6 => {
                fs::remove_file(full).unwrap();
                format!("{path:?} is gone")
            }
            7 => {
                let (path, text) = self.earlier[self.random.below(self.earlier.len())].clone();
                self.put(&path, text);
                format!("{path:?} is as it was once")
            }
            8 => {
                self.commit();
                "all is committed".into()
            }
            9 => {
                self.commit();
                // A commit that was left stays in reach.
                self.git(&["branch", "-f", &format!("kept{}", self.commits)]);
                if edition == 0 {
                    let branch = format!("kept{}", self.commits);
                    self.git(&["checkout", "-q", &branch]);
                    return format!("{branch} is checked out");
                }
                let log = self.git(&["log", "--branches", "--format=%H"]);
                let commits: Vec<&str> = log.lines().collect();
                let commit = commits[self.random.below(commits.len())];
                self.git(&["checkout", "-q", "--detach", commit]);
                format!("{commit} is checked out")
            }
            10 => {
                let rule = ["", "p1/\n", "*.js\n", "m3.py\n!p2/\n", "new*/\n"][edition];
                let file = [".gitignore", ".repomapignore"][at % 2];
                self.put(Path::new(file), rule.into());
                format!("the rules of {file} are {rule:?}")
            }
            _ => {
                self.put(
                    Path::new("README.md"),
                    format!("# Engines\n\n`Engine{at}` starts `go_{edition}`.\n"),
                );
                format!("the document names {at} and {edition}")
            }
        }
    }
}

fn place(at: usize) -> PathBuf {
    let ending = ["py", "js", "rs"][at % 3];
    PathBuf::from(format!("p{}/m{at}.{ending}", at % 5))
}

/// Some names are of one file, some of several, and an edition has others.
fn text(path: &Path, at: usize, edition: usize, files: usize) -> String {
    let (other, third, common) = ((at * 7 + edition) % files, (at * 5 + 2) % files, at % 6);
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("js") => format!(
            "import {{ start{other} }} from './m{other}';\n\nexport class Engine{at} {{\n  go_{edition}() {{ return start{other}(shared{common}); }}\n}}\n\nexport function start{at}() {{ return new Engine{third}(); }}\n"
        ),
        Some("rs") => format!(
            "use crate::m{other}::start{other};\n\n/// Holds `Engine{third}`.\npub struct Engine{at} {{ shared{common}: u8 }}\n\nimpl Engine{at} {{\n    pub fn go_{edition}(&self) {{ start{other}() }}\n}}\n\npub fn start{at}() {{}}\n"
        ),
        _ => format!(
            "from m{other} import start{other}\n\n\nclass Engine{at}:\n    def go_{edition}(self):\n        return start{other}() + shared{common}()\n\n\ndef start{at}():\n    return Engine{third}().go_{edition}()\n\n\ndef shared{common}():\n    return {edition}\n"
        ),
    }
}

/// What is compared: each request's map, its files, what was left out and what was read; and how much came from a cache.
fn maps(mapper: &RepoMapper, budget: usize) -> (Vec<String>, usize) {
    let requests = [
        MapRequest::new(budget),
        MapRequest::new(budget).task("start the engine of Engine7 again, go_2 and shared3"),
        MapRequest::new(budget).chat_files(["p4/m4.js", "p0/m0.py"]),
        MapRequest::new(budget).mentioned_idents(["shared1", "start5"]),
    ];
    let mut hits = 0;
    let told = |request: &MapRequest| {
        let map = mapper.map(request).unwrap();
        hits += map.cache.hits;
        format!("{}{:?}\n{:?}\n{:?}\n{:?}", map.text, map.files, map.omitted, map.freshness, map.reading)
    };
    (requests.iter().map(told).collect(), hits)
}

fn check(seed: u64, files: usize, steps: usize) {
    let mut tree = Tree::new(seed, files);
    let cache = tempfile::tempdir().unwrap();
    let root = tree.root.path().to_owned();
    let builder = || support::builder(&root);
    let lived = builder().threads(2).build().unwrap();
    let mut of_store = 0;
    for step in 0..steps {
        let done = tree.step();
        // Only what is older than two seconds is known by its times.
        if step % 16 == 15 {
            std::thread::sleep(Duration::from_millis(2_100));
        }
        let budget = 300 + 100 * (step % 5);
        let (cold, _) = maps(&builder().threads(1).build().unwrap(), budget);
        let mut others = vec![("the mapper that lived", maps(&lived, budget).0)];
        if step % 4 == 3 {
            let stored = builder().stored_in(cache.path()).threads(2).build().unwrap();
            let (found, hits) = maps(&stored, budget);
            of_store += hits;
            others.push(("a new mapper on the store", found));
        }
        for (who, found) in others {
            for (request, (found, expected)) in found.iter().zip(&cold).enumerate() {
                let at = found.lines().zip(expected.lines()).take_while(|(one, other)| one == other).count();
                assert!(
                    found == expected,
                    "seed {seed}, step {step} ({done}), request {request}: {who} differs from a cold one: {:?}, not {:?}",
                    found.lines().nth(at),
                    expected.lines().nth(at)
                );
            }
        }
    }
    assert!(of_store > files, "{of_store} records came from the store, which is no trial of it");
}

#[test]
fn forty_steps_later_a_map_is_what_a_cold_one_is() {
    check(1, 30, 40);
}

/// `REPO_MAP_TEST_SEED=7 cargo test -p repo-map-cache --test differential -- --ignored`
#[test]
#[ignore = "takes minutes: cargo xtask test --all"]
fn a_thousand_steps_later_a_map_is_what_a_cold_one_is() {
    check(seed(), 40, 1_000);
}

/// So many files that the index is kept.
#[test]
#[ignore = "takes minutes: cargo xtask test --all"]
fn a_kept_index_that_was_patched_gives_what_a_cold_mapper_does() {
    check(seed(), 520, 60);
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says which steps are taken")]
fn seed() -> u64 {
    match std::env::var("REPO_MAP_TEST_SEED") {
        Ok(seed) => seed.parse().expect("REPO_MAP_TEST_SEED is a whole number"),
        Err(_) => 1,
    }
}
