//! The risk: what documents say is lost on the way from the file, or from the store, to the index.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::Session;
use crate::limits::Limits;
use crate::{CacheConfig, MapRequest, RepoMapper, Timings};

const README: &str = "# Shop\n\nA shop for books.\n\nCall `rarely_used` and `Queue.push`.\n";

fn session(root: &Path, cache: &Path) -> Session {
    let plan = RepoMapper::builder(root).cache(CacheConfig::at(cache)).plan().unwrap();
    let session = Session::open(&Arc::new(plan)).unwrap();
    look(&session);
    session
}

fn look(session: &Session) {
    session.look(&MapRequest::new(100), &Limits::default(), &mut Timings::default()).unwrap();
}

fn summary(session: &Session, path: &str) -> Option<String> {
    let index = session.tree().index.clone();
    let found = index.files().find(|(known, _)| known.as_str() == path);
    found.and_then(|(_, file)| file.summary()).map(ToOwned::to_owned)
}

fn mentions(session: &Session, path: &str) -> Vec<String> {
    let index = session.tree().index.clone();
    let corpus = index.corpus();
    let mut names: Vec<_> = corpus.mentions(corpus.file(path).unwrap()).map(str::to_owned).collect();
    names.sort_unstable();
    names
}

#[test]
fn mentions_and_summaries_are_in_the_index_however_they_come_there() {
    let (root, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("README.md", README);
    write("shop/__init__.py", "\"\"\"Sells books, see `Queue`.\"\"\"\n");
    write("shop/queue.py", "\"\"\"Holds jobs until they run.\"\"\"\n");
    write("docs/guide.txt", "Use :meth:`Queue.push`.\n");
    write("tests/data.txt", "Use :meth:`Queue.push`.\n");
    // From the files, then from the store.
    for _ in 0..2 {
        let session = session(root.path(), cache.path());
        assert_eq!(mentions(&session, "README.md"), ["Queue", "push", "rarely_used"]);
        assert_eq!(mentions(&session, "docs/guide.txt"), ["Queue", "push"]);
        assert_eq!(mentions(&session, "shop/__init__.py"), ["Queue"]);
        assert!(mentions(&session, "tests/data.txt").is_empty(), "it is no document");
        assert_eq!(summary(&session, "README.md").as_deref(), Some("A shop for books."));
        assert_eq!(summary(&session, "shop/__init__.py").as_deref(), Some("Sells books, see Queue."));
        assert_eq!(summary(&session, "shop/queue.py").as_deref(), None, "it speaks for itself alone");
    }
    let session = session(root.path(), cache.path());
    write("README.md", "# Shop\n\nA shop for games, see `Dice`.\n");
    look(&session);
    assert_eq!(mentions(&session, "README.md"), ["Dice"]);
    assert_eq!(summary(&session, "README.md").as_deref(), Some("A shop for games, see Dice."));
}
