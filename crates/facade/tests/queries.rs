//! The risk: a query of the user's that is not heeded, or tags of one query that answer for another.

use std::path::Path;

use repo_map_cache::{
    CacheConfig, CacheDirectory, CacheManager, ErrorKind, Extractor, MapRequest, RepoMapper,
};

const SOURCE: &str = "def ready():\n    register(\"engine\")\n";

/// Calls of `register` name what they register.
const REGISTERS: &str =
    "(call function: (identifier) @_register arguments: (argument_list (string (string_content) @name))
  (#eq? @_register \"register\")) @definition.constant\n";

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("the folder can be written");
}

fn map(root: &Path, cache: &Path, queries: Option<&Path>) -> String {
    let mut builder = RepoMapper::builder(root).subtree_only(true).cache(CacheConfig::at(cache));
    if let Some(folder) = queries {
        builder = builder.queries(folder);
    }
    let mapper = builder.build().expect("nothing contradicts");
    mapper.map(&MapRequest::new(500)).expect("the tree can be mapped").text
}

#[test]
fn a_query_is_heeded_and_other_tags_are_not_taken_for_its_own() {
    let (root, cache, queries) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(root.path(), "a.py", "register(\"engine\")\n\n\ndef ready():\n    pass\n");
    let plain = map(root.path(), cache.path(), None);
    assert!(plain.contains("ready") && !plain.contains("register"), "{plain}");

    write(queries.path(), "python.scm", REGISTERS);
    write(queries.path(), "notes.txt", "left alone");
    let added = map(root.path(), cache.path(), Some(queries.path()));
    assert!(added.contains("ready") && added.contains("register"), "{added}");

    write(queries.path(), "python.scm", &format!("; replaces\n{REGISTERS}"));
    let replaced = map(root.path(), cache.path(), Some(queries.path()));
    assert!(!replaced.contains("ready") && replaced.contains("register"), "{replaced}");

    assert_eq!(map(root.path(), cache.path(), None), plain);
}

#[test]
fn a_mapper_finds_what_was_warmed_with_its_queries() {
    let (root, cache, queries) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(root.path(), "a.py", "register(\"engine\")\n\n\ndef ready():\n    pass\n");
    write(queries.path(), "python.scm", REGISTERS);
    let config = CacheConfig::at(cache.path());
    let manager = CacheManager::open(&config).unwrap().queries(queries.path()).unwrap();
    let warming = manager.warm([root.path().join("a.py")], 1).unwrap();
    assert!(warming.wait(None));
    let names: Vec<_> =
        manager.tags().get(root.path().join("a.py")).unwrap().iter().map(|tag| tag.name.clone()).collect();
    assert!(names.contains(&"engine".to_owned()), "{names:?}");
    manager.flush().unwrap();

    let misses = |queries: &Path| {
        let builder = RepoMapper::builder(root.path()).subtree_only(true).cache(config.clone());
        builder.queries(queries).build().unwrap().map(&MapRequest::new(500)).unwrap().cache.misses
    };
    let directory = CacheDirectory::open(&config).unwrap().unwrap();
    let a = root.path().join("a.py");
    assert!(directory.inspect(&a).unwrap().tags.is_none(), "none of our own query");
    let directory = directory.queries(queries.path()).unwrap();
    assert_eq!(directory.inspect(&a).unwrap().tags.unwrap().definitions, 2);
    assert_eq!(misses(queries.path()), 0);
    write(queries.path(), "python.scm", "; replaces\n");
    assert_eq!(misses(queries.path()), 1);
}

#[test]
fn a_single_file_is_read_with_the_queries() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.py", SOURCE);
    write(folder.path(), "python.scm", "; replaces\n");
    let extractor = Extractor::in_process().queries(folder.path()).unwrap();
    assert!(extractor.read(&folder.path().join("a.py")).unwrap().tags.definitions().is_empty());
}

#[test]
fn what_cannot_be_used_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |name: &str, text: &str| {
        write(folder.path(), name, text);
        let error = Extractor::in_process().queries(folder.path()).err().expect("it is refused");
        std::fs::remove_file(folder.path().join(name)).unwrap();
        assert!(error.to_string().contains(name), "{error}");
        error.kind()
    };
    assert_eq!(refused("klingon.scm", ""), ErrorKind::Misconfigured);
    assert_eq!(refused("python.scm", "(no_such_kind) @name"), ErrorKind::Misconfigured);
    let missing = Extractor::in_process().queries(&folder.path().join("missing")).err();
    assert_eq!(missing.map(|error| error.kind()), Some(ErrorKind::Unreadable));
}
