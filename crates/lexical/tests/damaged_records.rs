//! Stored bytes that are not what they were must never stop the program.

use proptest::prelude::*;
use repo_map_lexical::{FileWords, Index, Query, ScoreOptions};
use repo_map_model::{Definition, DefinitionKind, FileTags, LineSpan, RepoPath};

fn record() -> FileWords {
    let mut tags = FileTags::builder();
    for line in [0, 3] {
        let name = tags.name("open_session");
        tags.definition(Definition {
            name,
            kind: DefinitionKind::Function,
            declaration: false,
            line,
            name_start: 0,
            signature: LineSpan::new(line, line),
            signature_end: 0,
            end_line: line + 2,
            scope: None,
        });
    }
    let text = "def open_session():\n  alpha\n  beta\ndef open_session():\n  beta gamma\n  delta\n";
    FileWords::of(text, &tags.build())
}

fn read(bytes: &[u8]) {
    if let Ok(words) = FileWords::from_bytes(bytes) {
        let path = RepoPath::new("a.rs").expect("a relative path");
        let mut index = Index::new();
        index.set_file(&path, &words);
        index.score(&Query::parse("open_session alpha gamma"), &ScoreOptions::default(), |_| Some(words));
        index.remove_file(&path);
        assert!(index.is_empty());
    }
}

proptest! {
    #[test]
    fn changed_bytes_are_refused_or_scored(at in any::<prop::sample::Index>(), value in any::<u8>(), keep in any::<prop::sample::Index>()) {
        let mut bytes = record().as_bytes().to_vec();
        read(&bytes[..keep.index(bytes.len())]);
        let at = at.index(bytes.len());
        bytes[at] = value;
        read(&bytes);
    }

    #[test]
    fn foreign_bytes_are_refused_or_scored(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&bytes);
        if let Some(head) = bytes.get_mut(..8) {
            head.copy_from_slice(&[1, 0, 0, 0, 2, 0, 0, 0]);
        }
        read(&bytes);
    }
}

#[test]
fn records_of_another_version_are_refused() {
    let mut bytes = record().as_bytes().to_vec();
    assert!(FileWords::from_bytes(bytes.as_slice()).is_ok());
    bytes[0] ^= 0xff;
    assert!(FileWords::from_bytes(bytes.as_slice()).is_err());
    assert!(FileWords::from_bytes([].as_slice()).is_err());
}
