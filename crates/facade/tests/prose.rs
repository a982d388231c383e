//! The risk: names that documents write as code count as uses of them, and move the map of the code.
#![cfg(all(feature = "core", feature = "outline"))]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;

use repo_map_cache::{MapRequest, TaggedFile};

const CODE: [(&str, &str); 4] = [
    (
        "shop/queue.py",
        "class Queue:\n    def push(self, job):\n        return self.jobs\n\ndef rarely_used():\n    pass\n",
    ),
    ("shop/clock.py", "class Clock:\n    def tick(self):\n        return 1\n"),
    ("shop/app.py", "from shop.clock import Clock\n\ndef main():\n    Clock().tick()\n"),
    ("shop/tests.py", "from shop.queue import Queue\n\ndef test_push():\n    Queue().push(1)\n"),
];

const DOCUMENTS: [(&str, &str); 6] = [
    ("README.md", "# Shop\n\nCall `rarely_used` and `Queue.push`.\n"),
    ("HISTORY.rst", "History\n=======\n\nSee :func:`rarely_used`, ``Queue``.\n"),
    ("docs/guide.txt", "Use ``rarely_used`` and :meth:`shop.queue.Queue.push`.\n"),
    ("docs/guide.adoc", "= Guide\n\nUse `rarely_used`.\n"),
    ("README", "Use ``rarely_used``.\n"),
    ("shop/notes.py", "# Calls `rarely_used` and `Queue`.\nlimit = 1\n"),
];

/// The maps of the tree, without a task and with one, with the documents' texts as `edit` makes them.
fn maps(edit: impl Fn(&str) -> String) -> [String; 2] {
    let root = tempfile::tempdir().unwrap();
    let texts = CODE.map(|(path, text)| (path, text.to_owned()));
    for (path, text) in texts.into_iter().chain(DOCUMENTS.map(|(path, text)| (path, edit(text)))) {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mapper = support::builder(root.path()).build().unwrap();
    let requests = [MapRequest::new(200), MapRequest::new(200).task("fix how the queue pushes jobs")];
    requests.map(|request| mapper.map(&request).unwrap().text)
}

#[test]
fn names_in_prose_move_no_map() {
    // As many bytes and the same words, and no code among them.
    let plain = |text: &str| text.replace('`', " ");
    assert_eq!(maps(str::to_owned), maps(plain));
}

#[test]
fn names_in_prose_are_listed_as_mentions() {
    for (path, text) in DOCUMENTS {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(path.rsplit('/').next().unwrap());
        fs::write(&path, text).unwrap();
        let file = TaggedFile::read(&path).unwrap();
        let mentions = file.tags.references().iter().filter(|reference| reference.kind.as_str() == "mention");
        let mut names = mentions.map(|mention| file.tags.name(mention.name));
        assert!(names.any(|name| name == "rarely_used"), "{}", path.display());
    }
}
