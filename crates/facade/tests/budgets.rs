//! The risk: a page over its budget for a request that nobody thought of, or other bytes on another machine.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use repo_map_cache::{MapRequest, RefreshMode, RepoMap, RepoMapper, Style, TokenCounter as _, Tokenizer};
use tempfile::TempDir;

const FILES: [&str; 5] = ["c.c", "java.java", "python.py", "rust.rs", "tsx.tsx"];
const FOLDERS: [&str; 2] = ["src/queue", "tests"];
const THREADS: [usize; 2] = [1, 4];

/// What a task may be made of: names of the tree, words, paths, lines of a trace.
const WORDS: &[&str] = &[
    "Queue",
    "push",
    "is full",
    "drain the jobs",
    "src/queue/rust.rs",
    "python.py:12",
    "größe",
    "`Job`",
    "fix",
    "\n",
    "  File \"tests/python.py\", line 63, in put\n",
    "at submit (tsx.tsx:20:5)",
    "\u{202e}",
    "x",
    "limit worker",
];

struct Tree {
    root: TempDir,
    /// For each tokenizer, a mapper for each number of threads.
    mappers: Vec<(Tokenizer, Vec<RepoMapper>)>,
}

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages");
    let root = tempfile::tempdir().unwrap();
    for folder in FOLDERS {
        fs::create_dir_all(root.path().join(folder)).unwrap();
        for name in FILES {
            fs::copy(fixtures.join(name), root.path().join(folder).join(name)).unwrap();
        }
    }
    fs::write(root.path().join("README.md"), "# Jobs\n\nA `Queue` holds each `Job` until it is run.\n")
        .unwrap();
    fs::write(root.path().join("src/queue/│odd: name.py"), "def f(a, b=[1, 2]): pass\n").unwrap();
    let mapper = |tokenizer: &Tokenizer, threads| {
        support::builder(root.path())
            .subtree_only(true)
            .tokenizer(tokenizer.clone())
            .threads(threads)
            .build()
            .unwrap()
    };
    let mappers = Tokenizer::NAMES.iter().map(|name| {
        let tokenizer = Tokenizer::by_name(name).unwrap();
        let mappers = THREADS.map(|threads| mapper(&tokenizer, threads));
        (tokenizer, mappers.into())
    });
    Tree { mappers: mappers.collect(), root }
});

fn paths(most: usize) -> impl Strategy<Value = Vec<String>> {
    let all: Vec<String> =
        FOLDERS.iter().flat_map(|folder| FILES.map(|name| format!("{folder}/{name}"))).collect();
    prop_oneof![2 => Just(Vec::new()), 1 => subsequence(all, 0..=most)]
}

fn request() -> impl Strategy<Value = MapRequest> {
    let words = prop::collection::vec(select(WORDS), 1..8).prop_map(|words| words.join(" "));
    let idents = subsequence(vec!["Queue", "push", "Job", "run", "nowhere"], 0..=2);
    (
        prop_oneof![Just(String::new()), words],
        (paths(3), paths(2)),
        prop_oneof![2 => Just(Vec::new()), 1 => idents],
        prop_oneof![0..60_usize, 0..400_usize, 0..1500_usize],
        any::<[bool; 3]>(),
        prop::option::of(select(vec!["src", "src/queue", "tests", "nowhere"])),
    )
        .prop_map(|(task, (chat, mentioned), idents, budget, [is_tree, line_numbers, full], folder)| {
            let request = MapRequest::new(budget)
                .task(task)
                .chat_files(chat)
                .mentioned_files(mentioned)
                .mentioned_idents(idents)
                .style(if is_tree { Style::Tree } else { Style::Outline })
                .line_numbers(line_numbers)
                .full_ranking(full)
                .refresh(RefreshMode::Manual);
            match folder {
                Some(folder) => request.folder(TREE.root.path().join(folder)),
                None => request,
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_page_is_over_its_budget_and_threads_change_no_byte(
        request in request(),
        tokenizer in 0..Tokenizer::NAMES.len(),
    ) {
        let (tokenizer, mappers) = &TREE.mappers[tokenizer];
        let maps: Vec<RepoMap> = mappers.iter().map(|mapper| mapper.map(&request).unwrap()).collect();
        for map in &maps {
            let counted = tokenizer.count(&map.text);
            prop_assert!(counted <= request.token_budget, "{} > {}: {}", counted, request.token_budget, map.text);
            prop_assert_eq!(map.tokens_used, counted);
            prop_assert_eq!(&map.text, &maps[0].text);
            prop_assert_eq!(&map.files, &maps[0].files);
            prop_assert_eq!(&map.ranking, &maps[0].ranking);
        }
    }
}
