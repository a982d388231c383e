//! What every engine has to do, on real servers. Those that have to be installed are started by `cargo xtask shared`.

#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::path::PathBuf;
use std::time::Duration;

use repo_map_cache_core::Key;
use repo_map_cache_remote::{Address, Credentials, RemoteOptions, RemoteTier, Trust};
use repo_map_cache_testkit::servers::{Moto, Redis, WebDav};

fn key(at: u32) -> Key {
    Key::new(*blake3::hash(&at.to_le_bytes()).as_bytes())
}

fn payload(at: u32) -> Vec<u8> {
    at.to_le_bytes().repeat(at as usize % 700 + 1)
}

struct Place {
    url: String,
    credentials: Credentials,
}

impl Place {
    fn at(url: impl Into<String>) -> Self {
        Self { url: url.into(), credentials: Credentials::default() }
    }

    fn tier(&self, writes: bool, secret: Option<&str>) -> RemoteTier {
        let trust = match secret {
            Some(secret) => Trust::default().secret(secret).unwrap(),
            None => Trust::default(),
        };
        let options = RemoteOptions::new(Address::parse(&self.url).unwrap())
            .credentials(self.credentials.clone())
            .trust(trust)
            // The machine of a test may be busy.
            .allowance(Duration::from_secs(60))
            .writes(writes);
        RemoteTier::open(options).unwrap()
    }
}

/// The promises of a tier, whatever keeps its records.
fn engine(place: &Place) {
    let keys: Vec<_> = (0..600).map(key).collect();
    let writer = place.tier(true, None);
    assert!(writer.fetch(&keys[..300]).iter().all(Option::is_none), "an empty server has nothing");
    assert_eq!(
        (writer.statistics().misses, writer.statistics().errors),
        (300, 0),
        "{:?}",
        writer.take_warning()
    );
    (0..600).for_each(|at| writer.put(&key(at), &payload(at)));
    let large = vec![7; 3 << 20];
    writer.put(&key(9_999), &large);
    writer.put(&key(9_998), b"");
    writer.flush();
    let told = writer.statistics();
    assert_eq!((told.stored, told.dropped), (602, 0), "{:?}", writer.take_warning());

    let reader = place.tier(false, None);
    let found = reader.fetch(&keys);
    for (at, found) in (0..).zip(&found) {
        assert_eq!(found.as_deref(), Some(&payload(at)[..]), "{at} of {}", reader.statistics().hits);
    }
    let more = reader.fetch(&[key(9_999), key(123_456), key(9_998)]);
    assert_eq!(more, [Some(large), None, Some(Vec::new())]);
    assert_eq!((reader.statistics().hits, reader.statistics().misses), (602, 1));
    assert!(reader.take_warning().is_none());

    // Who only reads stores nothing, and a team with a secret shares nothing with others.
    reader.put(&key(700), b"x");
    reader.flush();
    assert_eq!(place.tier(false, None).fetch(&[key(700)]), [None]);
    let team = place.tier(true, Some("a secret of the team"));
    assert_eq!(team.fetch(&keys[..5]), vec![None; 5]);
    team.put(&key(1), b"ours");
    team.flush();
    assert_eq!(team.fetch(&[key(1)]), [Some(b"ours".to_vec())]);
    assert_eq!(place.tier(false, None).fetch(&[key(1)]), [Some(payload(1))]);

    // Many threads, each record asked for once at a time.
    let many = place.tier(false, None);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert!(many.fetch(&keys).iter().all(Option::is_some)));
        }
    });
    assert_eq!(many.statistics().hits, 8 * 600);
}

#[test]
fn a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::at(format!("file://{}", folder.path().display()));
    engine(&place);
    let left = std::fs::read_dir(folder.path().join("parts")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "no part of a file is left");
}

#[test]
#[ignore = "needs redis-server: cargo xtask shared"]
fn redis() {
    for program in ["redis-server", "valkey-server"] {
        let Some(server) = Redis::start(program, &[]) else { continue };
        engine(&Place::at(server.url()));
    }
    let server = Redis::start("redis-server", &[]).expect("redis-server is installed");
    engine(&Place::at(format!("{}?ttl_days=3", server.url())));
}

#[test]
#[ignore = "needs redis-server: cargo xtask shared"]
fn redis_with_a_password() {
    let server =
        Redis::start("redis-server", &["--requirepass", "p@ss word"]).expect("redis-server is installed");
    engine(&Place::at(server.url().replace("redis://", "redis://:p%40ss%20word@")));
    let given = |name: &str| Credentials::new([(name.to_owned(), "p@ss word".to_owned())]);
    for name in ["REDIS_PASSWORD", "REDISCLI_AUTH"] {
        let place = Place { url: format!("{}/1", server.url()), credentials: given(name) };
        let tier = place.tier(false, None);
        tier.fetch(&[key(1)]);
        assert_eq!((tier.statistics().misses, tier.statistics().errors), (1, 0), "{:?}", tier.take_warning());
    }
}

#[test]
#[ignore = "needs moto: cargo xtask shared"]
fn s3() {
    let server = Moto::start(&python());
    let keys = [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", server.url()),
    ];
    let credentials = keys.map(|(name, value)| (name.to_owned(), value.to_owned()));
    engine(&Place { url: "s3://team/maps".to_owned(), credentials: Credentials::new(credentials) });
}

#[test]
#[ignore = "needs wsgidav: cargo xtask shared"]
fn webdav() {
    let server = WebDav::start(&python());
    engine(&Place::at(format!("{}/maps", server.url())));
}

/// The Python with the servers, as `cargo xtask shared` names it.
#[expect(clippy::disallowed_methods, reason = "whoever starts the tests installs the servers")]
fn python() -> PathBuf {
    std::env::var_os("REPO_MAP_TEST_PYTHON").map_or_else(|| "python3".into(), PathBuf::from)
}
