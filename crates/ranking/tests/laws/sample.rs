//! Small repositories with everything that weights tell apart: shapes of names, many definers, names that nobody defines
//! or references, files with neither.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use repo_map_model::{DefinitionKind, RepoPath};
use repo_map_ranking::{Corpus, Preset, RankRequest, Ranking, ReferenceGraph, rank};

#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) files: Vec<SampleFile>,
    pub(crate) chat_files: Vec<RepoPath>,
    pub(crate) mentioned_files: Vec<RepoPath>,
    pub(crate) mentioned_idents: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct SampleFile {
    pub(crate) path: RepoPath,
    pub(crate) definitions: Vec<&'static str>,
    pub(crate) references: Vec<(&'static str, u32)>,
}

const NAMES: [&str; 10] = [
    "a",
    "run",
    "_hidden",
    "_hidden_long_name",
    "read_all_lines",
    "HttpServer",
    "data-source-x",
    "plainlongname",
    "x1",
    "__init__",
];

/// What files reference: the names, and some that nobody defines.
const REFERENCED: [&str; 8] =
    ["a", "run", "_hidden", "read_all_lines", "HttpServer", "data-source-x", "__init__", "undefined_name"];

/// Names of samples, of nothing, and parts of paths.
const MENTIONS: [&str; 6] = ["run", "read_all_lines", "HttpServer", "nowhere", "src", "file3"];

impl Sample {
    pub(crate) fn corpus(&self) -> Corpus {
        let mut corpus = Corpus::new();
        self.files.iter().for_each(|file| file.put_into(&mut corpus));
        corpus
    }

    pub(crate) fn request(&self) -> RankRequest<'_> {
        let mut request = RankRequest::default();
        request.chat_files = &self.chat_files;
        request.mentioned_files = &self.mentioned_files;
        request.mentioned_idents = &self.mentioned_idents;
        request.limit = usize::MAX;
        request
    }

    pub(crate) fn rank(&self, preset: Preset) -> Ranking {
        let corpus = self.corpus();
        rank(&corpus, &ReferenceGraph::build(&corpus, preset), &self.request())
    }
}

impl SampleFile {
    pub(crate) fn put_into(&self, corpus: &mut Corpus) {
        let definitions = self.definitions.iter().map(|&name| (name, DefinitionKind::Function, false));
        corpus.set_file(&self.path, definitions, self.references.iter().copied());
    }
}

/// A ranking as text, with paths for ids: what two corpora filled in different orders must agree on to the bit.
pub(crate) fn printed(corpus: &Corpus, ranking: &Ranking) -> String {
    let files = ranking.files.iter().map(|of| format!("{} {:x}\n", corpus.path(of.file), of.score.to_bits()));
    let definitions = ranking.definitions.iter().map(|of| {
        let name = corpus.definition_name(of.file, of.definition).unwrap();
        format!("{} {} {name} {:x}\n", corpus.path(of.file), of.definition, of.score.to_bits())
    });
    files.chain(definitions).collect()
}

pub(crate) fn sample() -> impl Strategy<Value = Sample> {
    let file = (vec(select(&NAMES[..]), 0..6), vec((select(&REFERENCED[..]), 1..6_u32), 0..8));
    (vec(file, 0..14), vec(any::<Index>(), 0..3), vec(any::<Index>(), 0..3), subsequence(&MENTIONS[..], 0..4))
        .prop_map(|(files, chat, mentioned, idents)| {
            let files: Vec<SampleFile> = files
                .into_iter()
                .enumerate()
                .map(|(number, (definitions, references))| SampleFile {
                    path: path(number),
                    definitions,
                    references,
                })
                .collect();
            let pick = |indexes: Vec<Index>| -> Vec<RepoPath> {
                indexes
                    .into_iter()
                    .filter(|_| !files.is_empty())
                    .map(|at| at.get(&files).path.clone())
                    .collect()
            };
            Sample {
                chat_files: pick(chat),
                mentioned_files: pick(mentioned),
                mentioned_idents: idents.into_iter().map(str::to_owned).collect(),
                files,
            }
        })
}

fn path(number: usize) -> RepoPath {
    let folder = ["src", "lib/deep", "tests"][number % 3];
    RepoPath::new(&format!("{folder}/file{number}.py")).unwrap()
}
