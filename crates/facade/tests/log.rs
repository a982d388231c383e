//! The risk: the log says that something misses, and nobody can tell which file.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;
use std::sync::{Arc, Mutex};

use repo_map_cache::{CacheConfig, Tag, TagCache, TagKind};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// What is logged, each line with the path of the span around it.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    paths: Vec<String>,
    entered: Vec<u64>,
    lines: Vec<String>,
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Journal {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "repo_map_cache"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let mut state = self.0.lock().unwrap();
        state.paths.push(fields.0.remove("path").unwrap_or_default());
        Id::from_u64(state.paths.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut state = self.0.lock().unwrap();
        let of = |name: &str| fields.0.get(name).cloned().unwrap_or_default();
        let path = state.entered.last().map(|&id| state.paths[id as usize - 1].clone()).unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        state.lines.push(format!("{name} {} {} {}", of("message"), of("keyspace"), of("tier")));
    }

    fn enter(&self, span: &Id) {
        self.0.lock().unwrap().entered.push(span.into_u64());
    }

    fn exit(&self, _: &Id) {
        self.0.lock().unwrap().entered.pop();
    }
}

#[test]
fn a_look_up_is_logged_with_the_file_that_it_is_for() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a.py", "b.py"].map(|name| folder.path().join(name));
    fs::write(&a, "one").unwrap();
    fs::write(&b, "two").unwrap();
    let journal = Journal::default();
    tracing::subscriber::with_default(journal.clone(), || {
        let cache = TagCache::open(&CacheConfig::in_memory()).unwrap();
        cache.set(&a, &[Tag::new("one", TagKind::Definition, 0)]);
        assert!(cache.get(&a).is_some() && cache.get(&b).is_none());
        fs::write(&a, "three").unwrap();
        assert!(cache.get(&a).is_none());
        assert!(cache.get_or_compute(&b, || Err(())).is_err());
    });
    let lines = journal.0.lock().unwrap().lines.clone();
    let mut outcomes = Vec::new();
    for line in &lines {
        outcomes.extend(line.strip_suffix(" tag-lists \"l1\"").map(str::to_owned));
    }
    assert_eq!(outcomes, ["a.py hit", "b.py miss", "a.py stale", "b.py miss"], "{lines:#?}");
}
