//! The risk: who looks into the log cannot tell which lookup came to what, or what had to go.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use repo_map_cache_core::{
    Codec, Fingerprint, Key, Keyspace, MemoryBounds, Payload, StorageBackend, Store, StoreOptions,
    TieredCache,
};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

const SPACE: Keyspace = Keyspace::new("space");
const VERSION: Fingerprint = Fingerprint::new(1);

/// Keeps what is said at the level of debugging: the message, the tier, and whether there is a key.
struct Log(Arc<Mutex<BTreeSet<(String, String, bool)>>>);

#[derive(Default)]
struct Fields {
    message: String,
    tier: String,
    key: String,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = match field.name() {
            "message" => &mut self.message,
            "tier" => &mut self.tier,
            "key" => &mut self.key,
            _ => return,
        };
        let _ = write!(text, "{value:?}");
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "repo_map_cache" && *metadata.level() == Level::DEBUG
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let Fields { message, tier, key } = fields;
        self.0.lock().expect("nobody panics with it").insert((message, tier, key.len() == 64));
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

struct Bytes;

impl Codec<Arc<[u8]>> for Bytes {
    fn encode(&self, value: &Arc<[u8]>) -> Vec<u8> {
        value.to_vec()
    }

    fn decode(&self, payload: &Payload<'_>) -> Option<Arc<[u8]>> {
        Some(Arc::from(&payload[..]))
    }

    fn weigh(&self, value: &Arc<[u8]>) -> usize {
        value.len()
    }
}

fn key(number: u64) -> Key {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    Key::new(bytes)
}

#[test]
fn every_outcome_is_told_with_key_and_tier() {
    let events = Arc::new(Mutex::default());
    tracing::subscriber::set_global_default(Log(events.clone())).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mut options = LmdbOptions::new(&[SPACE]);
    options.max_size = 8 << 20;
    let backend = Arc::new(LmdbBackend::open(&directory, &options).unwrap());
    let store = Arc::new(Store::new(backend.clone(), &[SPACE], StoreOptions::default()).unwrap());
    let cache = TieredCache::new(store, SPACE, Bytes, MemoryBounds { items: 100, bytes: 1 << 30 });
    let value: Arc<[u8]> = Arc::from(&[1; 1500][..]);

    // More than either tier holds: the first entries go.
    (0..8_000).for_each(|number| cache.put(key(number), VERSION, value.clone(), &[]));
    cache.flush().unwrap();
    cache.memory().clear();
    let newest = key(7_999);
    assert!(cache.get(&newest, VERSION).is_some(), "of the store");
    assert!(cache.get(&newest, VERSION).is_some(), "of memory");
    assert_eq!(cache.get(&newest, Fingerprint::new(2)), None);
    assert_eq!(cache.get(&key(0), VERSION), None);
    let mut write = backend.write().unwrap();
    write.put(SPACE, &key(9_999), &[7; 64]).unwrap();
    write.commit().unwrap();
    assert_eq!(cache.get(&key(9_999), VERSION), None);

    let events = events.lock().unwrap();
    let tell = |message: &str, tier: &str| {
        let event = (message.to_owned(), format!("{tier:?}"), true);
        assert!(events.contains(&event), "{event:?} of {events:?}");
        let without_key = (event.0, event.1, false);
        assert!(!events.contains(&without_key), "{without_key:?}");
    };
    ["hit", "miss", "stale", "evict"].iter().for_each(|message| tell(message, "l1"));
    ["hit", "miss", "stale", "evict", "corrupt"].iter().for_each(|message| tell(message, "lmdb"));
}
