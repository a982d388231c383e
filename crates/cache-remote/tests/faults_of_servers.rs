//! The risk: a server that is ill makes everybody wait, or its answers pass for records.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use repo_map_cache_core::Key;
use repo_map_cache_remote::{Address, RemoteOptions, RemoteStatistics, RemoteTier};
use repo_map_cache_testkit::servers::{Impostor, Manner, Redis};

fn keys() -> Vec<Key> {
    (0..500u32).map(|at| Key::new(*blake3::hash(&at.to_le_bytes()).as_bytes())).collect()
}

fn tier(url: &str) -> RemoteTier {
    RemoteTier::open(RemoteOptions::new(Address::parse(url).unwrap()).writes(true)).unwrap()
}

/// What is told of a run on a server that is ill: nothing came of it, it was said once, and it is left alone.
fn suffers(tier: &RemoteTier, ill: &str) -> RemoteStatistics {
    for _ in 0..3 {
        assert!(tier.fetch(&keys()).iter().all(Option::is_none), "{ill}");
    }
    keys().iter().for_each(|key| tier.put(key, b"parsed"));
    tier.flush();
    assert!(!tier.is_asked() && !tier.is_distrusted(), "{ill}");
    let warning = tier.take_warning().unwrap_or_else(|| panic!("{ill}: no warning"));
    assert!(warning.contains("127.0.0.1") && !warning.contains('\n'), "{warning}");
    assert_eq!(tier.take_warning(), None, "{ill}");
    let told = tier.statistics();
    assert_eq!((told.hits, told.misses, told.stored), (0, 0, 0), "{ill}: an error is no miss");
    assert_eq!(told.gets.count(), 1, "{ill}: it was asked again");
    told
}

#[test]
fn servers_that_are_none_are_asked_once() {
    let manners =
        [Manner::Silent, Manner::Rude, Manner::Garbage, Manner::Half, Manner::Ignorant, Manner::Strict];
    for manner in manners {
        let server = Impostor::start(manner);
        assert_eq!(suffers(&tier(&server.url()), &format!("{manner:?}")).errors, 500);
    }
}

#[test]
fn a_port_where_nobody_listens_is_asked_once() {
    let gone = Impostor::start(Manner::Rude).url();
    assert_eq!(suffers(&tier(&gone), "gone").errors, 500);
}

#[test]
fn many_threads_have_one_allowance_together() {
    let server = Impostor::start(Manner::Silent);
    let tier = tier(&server.url());
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert!(tier.fetch(&keys()).iter().all(Option::is_none)));
        }
    });
    assert!(!tier.is_asked());
    assert!(tier.statistics().gets.count() <= 16, "each asks once, then nobody does");
}

#[test]
#[ignore = "needs redis-server: cargo xtask shared"]
fn redis_that_is_stopped_killed_full_or_slow_is_left_alone() {
    let start = |more: &[&str]| Redis::start("redis-server", more).expect("redis-server is installed");
    let server = start(&[]);
    server.signal("STOP");
    assert_eq!(suffers(&tier(&server.url()), "stopped").errors, 500);
    server.signal("CONT");

    let slow = Impostor::start(Manner::Slow(server.port));
    assert_eq!(suffers(&tier(&slow.url()), "slow").errors, 500);

    // In the midst of a run.
    let tier_of_run = tier(&server.url());
    tier_of_run.fetch(&keys());
    assert_eq!(tier_of_run.statistics().misses, 500);
    server.signal("KILL");
    keys().iter().for_each(|key| tier_of_run.put(key, b"parsed"));
    tier_of_run.flush();
    assert_eq!(tier_of_run.statistics().dropped, 500);
    assert!(tier_of_run.take_warning().is_some());

    let full = start(&["--maxmemory", "2mb", "--maxmemory-policy", "noeviction"]);
    let tier_of_full = tier(&full.url());
    let noise: Vec<u8> = (0..4_000u32).flat_map(|at| *blake3::hash(&at.to_le_bytes()).as_bytes()).collect();
    keys()[..40].iter().for_each(|key| tier_of_full.put(key, &noise));
    tier_of_full.flush();
    let told = tier_of_full.statistics();
    assert!(told.dropped > 0 && told.stored + told.dropped == 40, "{told:?}");
    let warning = tier_of_full.take_warning().unwrap();
    assert!(warning.contains("stores nothing more"), "{warning}");
}
