//! What holds of chances, whatever the files, the evidence and the weights.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use repo_map_model::{DefinitionKind, RepoPath};
use repo_map_ranking::{
    Chances, Corpus, Evidence, Preset, RankRequest, ReferenceGraph, Signal, Weights, combine,
};

/// A file: the names that it defines and uses, and how well a task's words fit it, in eighths.
#[derive(Clone, Debug)]
struct File {
    path: String,
    defines: Vec<u8>,
    uses: Vec<u8>,
    content: u8,
}

fn files() -> impl Strategy<Value = Vec<File>> {
    let names = || prop::collection::vec(0_u8..12, 0..5);
    let path = prop::sample::select(vec!["src/", "src/core/", "tests/", "docs/", "vendor/lib/", ""]);
    let file =
        (path, 0_u8..20, names(), names(), 0_u8..=8).prop_map(|(folder, name, defines, uses, content)| {
            File { path: format!("{folder}m{name}.py"), defines, uses, content }
        });
    prop::collection::vec(file, 1..16).prop_map(|files| {
        let unique: BTreeMap<String, File> =
            files.into_iter().map(|file| (file.path.clone(), file)).collect();
        unique.into_values().collect()
    })
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn chances<'a>(files: impl Iterator<Item = &'a File>, task: bool, chat: &[RepoPath]) -> (Corpus, Chances) {
    let mut corpus = Corpus::new();
    let mut evidence = Evidence::new();
    let mut bodies = Vec::new();
    let mut content = Vec::new();
    for file in files {
        let name = |number: &u8| format!("name_number_{number}");
        let (defines, uses): (Vec<String>, Vec<String>) =
            (file.defines.iter().map(name).collect(), file.uses.iter().map(name).collect());
        let definitions = defines.iter().map(|name| (name.as_str(), DefinitionKind::Function, false));
        let id = corpus.set_file(&path(&file.path), definitions, uses.iter().map(|name| (name.as_str(), 1)));
        content.push((id, f32::from(file.content) / 8.0));
        for definition in 0..defines.len() as u32 {
            bodies.push((id, definition, f32::from(file.content) / 8.0));
        }
    }
    evidence.files(Signal::Content, content);
    let words = evidence.definitions(&[Signal::Body, Signal::Coverage]);
    bodies.into_iter().for_each(|(file, definition, body)| words.set(file, definition, &[body, 0.5]));
    if task {
        evidence.set_task();
    }
    let graph = ReferenceGraph::build(&corpus, Preset::default());
    let mut request = RankRequest::default();
    request.chat_files = chat;
    let chances = combine(&corpus, &graph, &request, &evidence, &Weights::default());
    (corpus, chances)
}

/// Paths with chances, and definitions with theirs: what does not depend on ids.
type Listing = (Vec<(String, f64)>, Vec<(String, u32, f64)>);

fn listing((corpus, chances): &(Corpus, Chances)) -> Listing {
    let name = |file| corpus.path(file).as_str().to_owned();
    let files = chances.files.iter().map(|of| (name(of.file), of.chance));
    let definitions = chances.definitions.iter().map(|of| (name(of.file), of.definition, of.chance));
    (files.collect(), definitions.collect())
}

proptest! {
    #[test]
    fn chances_are_shares_and_chat_files_have_none(files in files(), task in any::<bool>(), chat in any::<bool>()) {
        let chat: Vec<RepoPath> = files.iter().take(usize::from(chat)).map(|file| path(&file.path)).collect();
        let (files_listed, definitions) = listing(&chances(files.iter(), task, &chat));
        prop_assert_eq!(files_listed.len(), files.len());
        let sum: f64 = files_listed.iter().map(|(_, chance)| chance).sum();
        let expected = if files.len() > chat.len() { 1.0 } else { 0.0 };
        prop_assert!((sum - expected).abs() < 1e-6, "{}", sum);
        prop_assert!(files_listed.is_sorted_by(|a, b| a.1 >= b.1));
        let sum: f64 = definitions.iter().map(|(.., chance)| chance).sum();
        prop_assert!(definitions.is_empty() || (sum - 1.0).abs() < 1e-6, "{}", sum);
        for chat in &chat {
            prop_assert!(files_listed.iter().any(|(path, chance)| path == chat.as_str() && *chance == 0.0));
            prop_assert!(definitions.iter().all(|(path, ..)| path != chat.as_str()));
        }
    }

    #[test]
    fn the_order_of_filling_does_not_count(files in files(), task in any::<bool>(), chat in any::<bool>()) {
        let chat: Vec<RepoPath> = files.iter().take(usize::from(chat)).map(|file| path(&file.path)).collect();
        let forth = listing(&chances(files.iter(), task, &chat));
        let back = listing(&chances(files.iter().rev(), task, &chat));
        prop_assert_eq!(forth, back);
    }
}
