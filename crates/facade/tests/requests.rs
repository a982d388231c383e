//! The risk: an answer to another question, or to none.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;

use std::path::Path;

use repo_map_cache::{CacheConfig, ErrorKind, MapRequest, Preset, RepoMapper, Style, Tokenizer};
use support::Stored as _;

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    // Without headings, which count as definitions in builds that outline Markdown.
    fs::write(root.path().join("README.md"), "Engines.\n").unwrap();
    fs::write(root.path().join("core.py"), "class Engine:\n    def start(self):\n        return 1\n")
        .unwrap();
    fs::write(root.path().join("gears.py"), "def shift_gear_upwards():\n    return 2\n").unwrap();
    fs::write(
        root.path().join("app.py"),
        "from core import Engine\nfrom gears import shift_gear_upwards\n\ndef main():\n    Engine().start()\n    shift_gear_upwards()\n",
    )
    .unwrap();
    root
}

#[test]
fn a_budget_of_zero_touches_nothing() {
    let root = tempfile::tempdir().unwrap();
    let mapper = RepoMapper::builder(root.path()).cache(CacheConfig::at("/no/such/cache")).build().unwrap();
    drop(root);
    let map = mapper.map(&MapRequest::new(0)).unwrap();
    assert_eq!((map.text.as_str(), map.tokens_used, map.freshness.files), ("", 0, 0));
}

#[test]
fn the_kind_of_a_bad_root_is_told() {
    let root = tree();
    let error = |path: &str| support::builder(root.path().join(path)).build().unwrap_err();
    assert_eq!(error("nowhere").kind(), ErrorKind::RootNotFound);
    let error = error("core.py");
    assert_eq!(error.kind(), ErrorKind::RootNotAFolder);
    assert_eq!(error.path(), Some(root.path().join("core.py").as_path()));
    // One that goes later.
    let gone = tempfile::tempdir().unwrap();
    let mapper = support::builder(gone.path()).build().unwrap();
    drop(gone);
    let error = mapper.map(&MapRequest::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RootNotFound);
    let cause = std::error::Error::source(&error).and_then(std::error::Error::source);
    assert!(cause.is_some_and(|cause| cause.is::<std::io::Error>()), "{cause:?}");
}

#[test]
fn chat_files_are_left_out_and_unknown_ones_are_told() {
    let root = tree();
    let mapper = support::builder(root.path()).build().unwrap();
    let request = MapRequest::new(512).chat_files(["app.py", "gone.py"]).mentioned_files(["../elsewhere.py"]);
    let map = mapper.map(&request).unwrap();
    assert!(!map.text.contains("app.py"), "{}", map.text);
    assert_eq!(map.notices.len(), 2, "{:?}", map.notices);
    let absolute = mapper.map(&MapRequest::new(512).chat_files([root.path().join("app.py")])).unwrap();
    assert_eq!(absolute.text, map.text);
}

#[test]
fn where_the_tree_lies_is_no_mention_however_a_path_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("engine/gears");
    std::fs::create_dir_all(&root).unwrap();
    for (name, text) in [("core.py", "class Engine:\n    pass\n"), ("other.py", "class Other:\n    pass\n")] {
        std::fs::write(root.join(name), text).unwrap();
    }
    let mapper = support::builder(&root).build().unwrap();
    let weighed = |path: &Path| {
        let request = MapRequest::new(512).mentioned_files([path]);
        mapper.explain(&request, &[]).unwrap().files
    };
    assert_eq!(weighed(Path::new("other.py")), weighed(&root.join("other.py")));
}

#[test]
fn a_map_ranked_for_other_mentions_is_never_served() {
    let root = tree();
    let mapper = support::builder(root.path()).build().unwrap();
    // Room for one definition only, so that the order decides.
    let ask = |ident: &str| {
        mapper.map(&MapRequest::new(24).mentioned_idents([ident]).chat_files(["app.py"])).unwrap()
    };
    let (gear, engine) = (ask("shift_gear_upwards"), ask("Engine"));
    let first = |map: &repo_map_cache::RepoMap| {
        map.files.iter().find(|file| !file.definitions.is_empty()).map(|file| file.path.to_string())
    };
    assert_eq!(first(&gear).as_deref(), Some("gears.py"), "{}", gear.text);
    assert_eq!(first(&engine).as_deref(), Some("core.py"), "{}", engine.text);
    assert_eq!(ask("shift_gear_upwards").text, gear.text);
}

#[test]
fn the_order_of_the_request_does_not_matter() {
    let root = tree();
    let mapper = support::builder(root.path()).build().unwrap();
    let one = MapRequest::new(512).chat_files(["app.py", "core.py"]).mentioned_idents(["start", "Engine"]);
    let two = MapRequest::new(512)
        .chat_files(["core.py", "app.py", "app.py"])
        .mentioned_idents(["Engine", "start"]);
    assert_eq!(mapper.map(&one).unwrap().text, mapper.map(&two).unwrap().text);
}

#[test]
fn every_style_tokenizer_and_preset_keeps_the_ceiling_and_the_account() {
    let root = tree();
    for tokenizer in Tokenizer::NAMES {
        for preset in [Preset::Default, Preset::Aider] {
            let tokenizer = Tokenizer::by_name(tokenizer).unwrap();
            let mapper =
                support::builder(root.path()).tokenizer(tokenizer.clone()).preset(preset).build().unwrap();
            for style in [Style::Outline, Style::Tree] {
                for budget in [1, 7, 20, 40, 1024] {
                    let map = mapper.map(&MapRequest::new(budget).style(style)).unwrap();
                    let counted = repo_map_cache::TokenCounter::count(&tokenizer, &map.text);
                    assert_eq!(map.tokens_used, counted);
                    assert!(counted <= budget, "{counted} > {budget}: {}", map.text);
                    let shown: usize = map.files.iter().map(|file| file.definitions.len()).sum();
                    assert_eq!(shown + map.omitted.definitions, 4, "{}", map.text);
                    assert_eq!(map.files.len() + map.omitted.files, 4, "{}", map.text);
                }
            }
        }
    }
}

#[test]
fn the_full_ranking_lists_every_file_once() {
    let root = tree();
    let mapper = support::builder(root.path()).build().unwrap();
    let map = mapper.map(&MapRequest::new(64).full_ranking(true)).unwrap();
    let mut paths: Vec<_> = map.ranking.iter().map(|file| file.path.as_str()).collect();
    for file in &map.files {
        assert_eq!(map.ranking[file.rank - 1].path, file.path);
    }
    paths.sort_unstable();
    assert_eq!(paths, ["README.md", "app.py", "core.py", "gears.py"]);
}

#[test]
fn an_unusable_cache_is_a_notice_and_the_map_is_the_same() {
    let root = tree();
    let blocked = tempfile::NamedTempFile::new().unwrap();
    let plain = support::builder(root.path()).build().unwrap().map(&MapRequest::default()).unwrap();
    let mapper = RepoMapper::builder(root.path()).cache(CacheConfig::at(blocked.path())).build().unwrap();
    let map = mapper.map(&MapRequest::default()).unwrap();
    assert_eq!(map.text, plain.text);
    assert_eq!(map.notices.len(), 1, "{:?}", map.notices);
    assert!(mapper.map(&MapRequest::default()).unwrap().notices.is_empty(), "said once");
}

#[test]
fn two_mappers_and_two_threads_share_one_cache_folder() {
    let root = tree();
    let cache = tempfile::tempdir().unwrap();
    let open = || support::builder(root.path()).stored_in(cache.path()).build().unwrap();
    let (one, two) = (open(), open());
    let ask = |mapper: &RepoMapper| mapper.map(&MapRequest::default()).unwrap().text;
    let texts: Vec<String> = std::thread::scope(|scope| {
        let threads = [scope.spawn(|| ask(&one)), scope.spawn(|| ask(&two)), scope.spawn(|| ask(&one))];
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(texts.iter().all(|text| *text == texts[0]));
}

#[test]
fn an_answer_says_how_sure_it_is_and_says_the_same_again() {
    let root = tree();
    let mapper = support::builder(root.path()).build().unwrap();
    let sure = |task: &str| mapper.map(&MapRequest::new(512).task(task)).unwrap().confidence;
    let of = |task: &str| sure(task).unwrap();
    let (known, unknown) = (of("shift the gear upwards in gears.py"), of("zzzz qqqq wwww"));
    assert!(unknown < 0.12 && unknown < known, "{unknown} {known}");
    assert!((0.0..=1.0).contains(&known));
    assert_eq!(sure("shift the gear upwards in gears.py"), Some(known));
    assert_eq!(sure(""), None);
    let explained = mapper.explain(&MapRequest::new(512).task("zzzz qqqq wwww"), &[]).unwrap();
    assert_eq!(explained.confidence.map(|confidence| confidence.chance), Some(unknown));
}
