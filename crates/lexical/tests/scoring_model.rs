//! The index must score as the plain formula of BM25 does.

use std::collections::BTreeMap;

use proptest::prelude::*;
use repo_map_lexical::{FileWords, Index, Query, ScoreOptions};
use repo_map_model::{Definition, DefinitionKind, FileTags, LineSpan, RepoPath};

const WORDS: &[&str] = &["alpha", "beta", "gamma", "delta", "zeta", "kappa"];

/// BM25 with k1 = 1.2 over texts of words, as in the books, divided by the best text's.
fn model(texts: &[Vec<&str>], query: &[&str], b: f64) -> Vec<f64> {
    let n = texts.len() as f64;
    let average = texts.iter().map(Vec::len).sum::<usize>() as f64 / n;
    let mut scores = vec![0.0; texts.len()];
    for word in query {
        let holders = texts.iter().filter(|text| text.contains(word)).count() as f64;
        let idf = (1.0 + (n - holders + 0.5) / (holders + 0.5)).ln();
        for (score, text) in scores.iter_mut().zip(texts) {
            let count = text.iter().filter(|own| own == &word).count() as f64;
            let norm = 1.2 * (1.0 - b + b * text.len() as f64 / average.max(1.0));
            *score += idf * count * 2.2 / (count + norm);
        }
    }
    let best = scores.iter().copied().fold(0.0, f64::max);
    scores.iter().map(|score| if best > 0.0 { score / best } else { 0.0 }).collect()
}

proptest! {
    #[test]
    fn contents_score_as_the_formula_says(texts in prop::collection::vec(prop::collection::vec(0..WORDS.len(), 0..30), 1..20)) {
        let texts: Vec<Vec<&str>> = texts.iter().map(|text| text.iter().map(|&word| WORDS[word]).collect()).collect();
        let mut index = Index::new();
        for (at, text) in texts.iter().enumerate() {
            let path = RepoPath::new(&format!("{at}")).unwrap();
            index.set_file(&path, &FileWords::of(&text.join(" "), &FileTags::default()));
        }
        let scores = index.score(&Query::parse("\nalpha gamma kappa missing"), &ScoreOptions::default(), |_| None::<FileWords>);
        let found: BTreeMap<String, f32> =
            scores.files.iter().map(|file| (file.path.to_string(), file.signals.content)).collect();
        for (at, expected) in model(&texts, &["alpha", "gamma", "kappa"], 0.4).into_iter().enumerate() {
            let found = f64::from(found.get(&at.to_string()).copied().unwrap_or_default());
            prop_assert!((found - expected).abs() < 1e-4, "{at}: {found}, not {expected}");
        }
    }
}

fn definition(
    tags: &mut repo_map_model::FileTagsBuilder,
    name: &str,
    kind: DefinitionKind,
    line: u32,
    end_line: u32,
) {
    let name = tags.name(name);
    let signature = LineSpan::new(line, line);
    tags.definition(Definition {
        name,
        kind,
        declaration: false,
        line,
        name_start: 0,
        signature,
        signature_end: 0,
        end_line,
        scope: None,
    });
}

#[test]
fn definitions_are_told_apart_by_body_and_by_name() {
    let text = "class Pool:\n  def grow(self):\n    resize(limit)\n  def drop_all(self):\n    clear(limit)\n";
    let mut tags = FileTags::builder();
    definition(&mut tags, "Pool", DefinitionKind::Class, 0, 4);
    definition(&mut tags, "grow", DefinitionKind::Method, 1, 2);
    definition(&mut tags, "drop_all", DefinitionKind::Method, 3, 4);
    let words = FileWords::of(text, &tags.build());
    let path = RepoPath::new("src/pool.py").unwrap();
    let mut index = Index::new();
    index.set_file(&path, &words);
    index.set_file(&RepoPath::new("src/other.py").unwrap(), &FileWords::of("nothing", &FileTags::default()));
    let scores = index.score(&Query::parse("Pool.grow must resize"), &ScoreOptions::default(), |_| {
        FileWords::from_bytes(words.as_bytes()).ok()
    });
    let file = &scores.files[0];
    assert_eq!((file.path.as_str(), file.signals.content, file.signals.body), ("src/pool.py", 1.0, 1.0));
    let [pool, grow, drop_all] = file.definitions[..] else {
        panic!("each definition hits: {:?}", file.definitions)
    };
    assert_eq!((pool.definition, grow.definition, drop_all.definition), (0, 1, 2));
    assert_eq!((grow.signals.body, grow.signals.body_in_file, grow.signals.qualified), (1.0, 1.0, 1.0));
    assert!(pool.signals.exact > 0.0 && grow.signals.exact > 0.0);
    assert!(pool.signals.body < 1.0);
    // Of the last one only the type around it is asked for.
    assert_eq!((drop_all.signals.body, drop_all.signals.name), (0.0, 0.0));
    assert!(drop_all.signals.qualified > 0.0 && drop_all.signals.qualified < grow.signals.qualified);
}

#[test]
fn a_word_of_one_body_says_more_within_its_file_than_one_of_all() {
    let text = "fn send() { cluster packet }\nfn load() { cluster file }\nfn save() { cluster disk }\n";
    let mut tags = FileTags::builder();
    for (line, name) in (0..).zip(["send", "load", "save"]) {
        definition(&mut tags, name, DefinitionKind::Function, line, line);
    }
    let words = FileWords::of(text, &tags.build());
    let mut index = Index::new();
    index.set_file(&RepoPath::new("src/cluster.c").unwrap(), &words);
    let ask = |task: &str| {
        let record = |_: &RepoPath| FileWords::from_bytes(words.as_bytes()).ok();
        let scores = index.score(&Query::parse(task), &ScoreOptions::default(), record);
        scores.files[0].definitions.iter().map(|found| found.signals).collect::<Vec<_>>()
    };
    // What all bodies hold comes to ln(1 + 0.5 / 3.5), what one of three holds to ln(1 + 2.5 / 1.5).
    let [send, load, save] = ask("cluster packets")[..] else { panic!("each body hits") };
    let shared = (1.0 + 0.5_f32 / 3.5).ln();
    let expected = shared / (shared + (1.0 + 2.5_f32 / 1.5).ln());
    assert_eq!(send.distinctive, 1.0);
    assert!((load.distinctive - expected).abs() < 1e-6 && load.distinctive == save.distinctive, "{load:?}");
    assert!(load.body > 0.4 && load.distinctive < 0.2);
}

#[test]
fn the_scope_of_a_title_is_the_share_of_its_words_in_the_path() {
    let mut index = Index::new();
    for path in ["storage/wal/log.rs", "storage/index.rs", "web/log.rs", "web/ui.rs"] {
        index.set_file(&RepoPath::new(path).unwrap(), &FileWords::of("last segment", &FileTags::default()));
    }
    let scopes = |task: &str| {
        let scores = index.score(&Query::parse(task), &ScoreOptions::default(), |_| None::<FileWords>);
        let of =
            |path: &str| scores.files.iter().find(|file| file.path.as_str() == path).unwrap().signals.scope;
        ["storage/wal/log.rs", "storage/index.rs", "web/log.rs", "web/ui.rs"].map(of)
    };
    // One of four paths holds `wal`: ln(1 + 3.5 / 1.5); two hold `storage`: ln(1 + 2.5 / 2.5). None holds `missing`.
    let (wal, storage) = ((1.0 + 3.5_f32 / 1.5).ln(), 2.0_f32.ln());
    let [both, one, none, other] = scopes("fix(storage/wal/missing): keep the last segment");
    assert!((both - 1.0).abs() < 1e-6 && (one - storage / (storage + wal)).abs() < 1e-6, "{both} {one}");
    assert_eq!([none, other], [0.0; 2]);
    // Each of several places is one.
    assert_eq!(scopes("wal, web/ui: keep the last segment")[0], 1.0);
    assert_eq!(scopes("wal, web/ui: keep the last segment")[3], 1.0);
    assert_eq!(scopes("keep the last segment of the log in storage"), [0.0; 4]);
    assert_eq!(scopes("missing: keep the last segment"), [0.0; 4]);
}

#[test]
fn only_the_best_files_are_kept_and_looked_into() {
    let mut index = Index::new();
    for at in 0..9_usize {
        let path = RepoPath::new(&format!("{at}.txt")).unwrap();
        index.set_file(&path, &FileWords::of(&"alpha ".repeat(at + 1), &FileTags::default()));
    }
    let mut options = ScoreOptions::default();
    (options.files, options.candidates) = (4, 2);
    let mut asked = Vec::new();
    let scores = index.score(&Query::parse("alpha"), &options, |path| {
        asked.push(path.to_string());
        None::<FileWords>
    });
    let files: Vec<_> = scores.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(files, ["8.txt", "7.txt", "6.txt", "5.txt"]);
    assert_eq!(asked, ["8.txt", "7.txt"]);
    assert!(index.score(&Query::default(), &options, |_| None::<FileWords>).files.is_empty());
}
