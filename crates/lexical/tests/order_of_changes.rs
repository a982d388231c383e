//! An index must answer the same whatever the order in which its files came and went.

use std::collections::BTreeMap;

use proptest::prelude::*;
use repo_map_lexical::{FileWords, Index, Query, ScoreOptions, Scores};
use repo_map_model::{FileTags, RepoPath};

const WORDS: &[&str] = &["alpha", "beta", "gamma", "delta", "alphaBeta", "zeta_one"];

fn words_of(choice: &[usize]) -> FileWords {
    let text: Vec<&str> = choice.iter().map(|&word| WORDS[word]).collect();
    FileWords::of(&text.join(" "), &FileTags::default())
}

fn ask(index: &Index, files: &BTreeMap<RepoPath, FileWords>) -> Scores {
    let query = Query::parse("alpha, zeta: beta in zeta/alpha\n\ngamma alphaBeta");
    index.score(&query, &ScoreOptions::default(), |path| files.get(path).cloned())
}

proptest! {
    #[test]
    fn changes_leave_no_trace(
        changes in prop::collection::vec((0..12_usize, prop::option::of(prop::collection::vec(0..WORDS.len(), 0..20))), 0..60),
        compact in any::<bool>(),
    ) {
        let mut files = BTreeMap::new();
        let mut changed = Index::new();
        for (file, content) in changes {
            let path = RepoPath::new(&format!("zeta/{}{file}.rs", WORDS[file % WORDS.len()])).unwrap();
            match content {
                Some(content) => {
                    let words = words_of(&content);
                    changed.set_file(&path, &words);
                    files.insert(path, words);
                }
                None => {
                    prop_assert_eq!(changed.remove_file(&path), files.remove(&path).is_some());
                }
            }
        }
        if compact {
            changed.compact();
        }
        let mut fresh = Index::new();
        files.iter().rev().for_each(|(path, words)| fresh.set_file(path, words));
        prop_assert_eq!(changed.len(), files.len());
        prop_assert_eq!(ask(&changed, &files), ask(&fresh, &files));
    }
}

#[test]
fn an_index_that_is_changed_forever_does_not_grow_forever() {
    let mut index = Index::new();
    let path = RepoPath::new("a.rs").unwrap();
    let words = words_of(&[0, 1, 2, 3]);
    for _ in 0..20_000 {
        index.set_file(&path, &words);
    }
    let mut once = Index::new();
    once.set_file(&path, &words);
    assert!(index.memory() < once.memory() + (1 << 20));
}
