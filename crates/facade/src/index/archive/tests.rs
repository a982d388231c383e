use std::sync::Arc;

use repo_map_model::DefinitionKind;
use repo_map_ranking::GraphPart;
use repo_map_tags::LanguageSet;

use super::*;
use crate::cache::OpenCache;
use crate::config::CacheConfig;

const PLACE: Key = Key::new([7; 32]);

fn store() -> TagStore {
    let open = OpenCache::in_memory(&CacheConfig::default()).unwrap();
    TagStore::speaking(open, Arc::new(LanguageSet::default()))
}

fn sample(files: u32) -> Index {
    let mut index = Index::default();
    for at in 0..files {
        let path = RepoPath::new(&format!("p{}/m{at:04}.txt", at % 7)).unwrap();
        let name = format!("name_{at}");
        let defined = [(name.as_str(), DefinitionKind::Class, false)];
        let used = [("common", at + 1), (name.as_str(), 1)];
        index.corpus.set_file(&path, defined, used);
        let file = IndexedFile {
            stat: StatFingerprint { size: at.into(), mtime_ns: 1, ctime_ns: 2, inode: 3 },
            recorded_ns: 4,
            identity: (at % 3 > 0)
                .then_some(Identity { content: ContentHash([at as u8; 32]), language: None }),
            definitions: 1,
            misfit_bytes: (at % 5 == 0).then_some(at),
            passed_over: (at % 11 == 0).then_some(SkipCause::Untagged(SkipReason::Binary)),
            summary: (at % 100 == 0).then(|| "Says something.".into()),
        };
        index.files.insert(path, file);
    }
    index
}

fn told(index: &Index) -> Vec<String> {
    let told = index.files.iter().map(|(path, file)| {
        let id = index.corpus.file(path.as_str()).unwrap();
        let IndexedFile { stat, identity, definitions, misfit_bytes, passed_over, summary, .. } = file;
        let name = index.corpus.definition_name(id, 0);
        format!(
            "{path} {stat:?} {identity:?} {definitions} {misfit_bytes:?} {passed_over:?} {summary:?} {name:?}"
        )
    });
    told.collect()
}

#[test]
fn an_index_comes_back_as_it_was_and_unchanged_parts_stay() {
    let (store, mut index) = (store(), sample(3_000));
    index.keep(&store, &PLACE, &Preset::default(), &HashSet::new());
    let table = Table::read(&store, &PLACE, &Preset::default()).unwrap();
    let parts = table.parts();
    assert!(parts.len() > 2, "{}", parts.len());
    let again = table.restore(&store).unwrap();
    assert_eq!(told(&again), told(&index));
    // The graph comes with it, as soon as there is one.
    again.graph(&Preset::default());
    assert_eq!(again.graph(&Preset::default()).new_parts().count(), 1);
    again.keep_graph();
    let again = Table::read(&store, &PLACE, &Preset::default()).unwrap().restore(&store).unwrap();
    assert_eq!(again.graph(&Preset::default()).new_parts().count(), 0);
    index.corpus.set_file(&RepoPath::new("p3/m0003.txt").unwrap(), [], []);
    index.keep(&store, &PLACE, &Preset::default(), &parts);
    let after = Table::read(&store, &PLACE, &Preset::default()).unwrap();
    assert_eq!(
        parts.difference(&after.parts()).count(),
        1 + GraphPart::ALL.len(),
        "the part of the file, and all of the graph"
    );
    parts.difference(&after.parts()).for_each(|gone| assert!(store.kept_index(gone, |_| ()).is_none()));
    assert!(after.restore(&store).is_some());
}

/// Checksums hold for who writes to the store as this product does; this is for others.
#[test]
fn parts_that_are_missing_damaged_or_of_another_index_give_none() {
    let (store, index) = (store(), sample(600));
    index.keep(&store, &PLACE, &Preset::default(), &HashSet::new());
    let table = || Table::read(&store, &PLACE, &Preset::default());
    let bytes_of = |key: &Key| store.kept_index(key, <[u8]>::to_vec).unwrap();
    let mut parts: Vec<Key> = table().unwrap().parts().into_iter().collect();
    // Nobody has asked for a graph.
    parts.retain(|part| store.kept_index(part, |_| ()).is_some());
    parts.sort_unstable();
    for part in &parts {
        let whole = bytes_of(part);
        for at in (0..whole.len()).step_by((whole.len() / 200).max(1)) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            store.keep_index(*part, &bytes);
            // Some bytes are as good as others: nothing panics, and what comes back has all files.
            let restored = table().unwrap().restore(&store);
            assert!(restored.is_none_or(|restored| restored.len() == index.len()));
        }
        for bytes in [&whole[..whole.len() / 2], &[], &bytes_of(&PLACE)[..], &bytes_of(&parts[0])[..]] {
            store.keep_index(*part, bytes);
            assert!(bytes == whole || table().unwrap().restore(&store).is_none());
        }
        store.forget_index(*part);
        assert!(table().unwrap().restore(&store).is_none());
        store.keep_index(*part, &whole);
    }
    assert!(table().unwrap().restore(&store).is_some());
    let whole = bytes_of(&PLACE);
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        store.keep_index(PLACE, &bytes);
        drop(table().and_then(|table| table.restore(&store)));
    }
}

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/cache/index-v1");

/// The risk: a field moves and the version does not, so that a later build reads what an earlier one wrote as something else.
#[test]
fn an_index_that_this_version_wrote_is_read_byte_for_byte() {
    let (store, golden) = (store(), std::path::Path::new(GOLDEN));
    let index = sample(40);
    index.keep(&store, &PLACE, &Preset::default(), &HashSet::new());
    let mut records = vec![PLACE];
    let table = Table::read(&store, &PLACE, &Preset::default()).unwrap();
    records.extend(table.names.iter().chain(table.rows.iter().map(|(key, _)| key)));
    for (at, key) in records.iter().enumerate() {
        let written = store.kept_index(key, <[u8]>::to_vec).unwrap();
        assert!(
            std::fs::read(golden.join(at.to_string())).unwrap() == written,
            "raise the version, and write record {at} anew"
        );
    }
    assert_eq!(told(&table.restore(&store).unwrap()), told(&index));
}
