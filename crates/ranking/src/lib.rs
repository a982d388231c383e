//! Builds the reference graph of a repository, runs personalised PageRank on it and orders files and definitions.
//!
//! ```text
//!            build                    rank (a request: chat files, mentions)
//! Corpus ────────────► ReferenceGraph ──────────────────────────────────────► Ranking
//!  tags of all files     files ⇄ names            files and definitions, best first
//! ```
//!
//! A reader who follows references at random is often where much leads to. The walk goes from a file through a name
//! that it references into a file that defines the name, and now and then restarts at what the request is
//! about. How often it comes by is a file's rank; what flows through a name into a file is the rank of the
//! definition.
//!
//! ```
//! use repo_map_model::{DefinitionKind, RepoPath};
//! use repo_map_ranking::{Corpus, Preset, RankRequest, ReferenceGraph, rank};
//!
//! let path = |text| RepoPath::new(text).unwrap();
//! let mut corpus = Corpus::new();
//! corpus.set_file(&path("engine.py"), [("Engine", DefinitionKind::Class, false)], []);
//! corpus.set_file(&path("main.py"), [("main", DefinitionKind::Function, false)], [("Engine", 2)]);
//! corpus.set_file(&path("shop.py"), [("Shop", DefinitionKind::Class, false)], [("Engine", 1)]);
//!
//! let graph = ReferenceGraph::build(&corpus, Preset::default());
//! let chat = [path("main.py")];
//! let mut request = RankRequest::default();
//! request.chat_files = &chat;
//! let ranking = rank(&corpus, &graph, &request);
//! let best = ranking.definitions[0];
//! assert_eq!(corpus.definition_name(best.file, best.definition), Some("Engine"));
//! ```
//!
//! # All signals together
//!
//! [`combine`] weighs what [`Evidence`] other stages have (words of a task, the git log, content) beside paths, references and chat files: a conditional
//! logit over files and one over definitions, whose [`Weights`] are fitted to what commits edit. The [`Chances`] are what a map
//! may expect to gain by a line, and each can be [explained](Chances::file_signals).
//!
//! ```text
//! Evidence ─┐
//! graph ────┼─► signals of files ──► chances of files ──► signals of definitions ──► chances of definitions
//! paths ────┘        ▲ Weights: by occasion (task, chat files, both, neither)
//! ```
//!
//! Without a task and a chat file nothing is asked: definitions are weighed by the files that use and name them, and a file has what its
//! definitions have together.
//!
//! # Invariants
//!
//! - The same files and request give the same bytes, however the corpus was filled and whatever the number of threads.
//! - A request changes vectors, never the graph: it costs a solve, not a build.
//! - Every input has an answer: an empty corpus, files without references, a request that no file matches.
#![forbid(unsafe_code)]

mod combine;
mod corpus;
mod family;
mod graph;
mod path_class;
mod preset;
mod prompt;
mod rank;
mod request;
mod score;
mod solve;
mod symbols;
mod top;
mod weights;

pub use combine::{
    Chances, DefinitionChance, DefinitionEvidence, Evidence, FileChance, InvalidWeight, InvalidWeights,
    Occasion, Signal, SignalShare, Weights, combine,
};
pub use corpus::{
    Corpus, DefinedAt, FileId, KeptDefinition, KeptFile, NumberedTags, Occurrences, Standing, UsedIn,
};
pub use graph::{GraphPart, KeptGraph, ReferenceGraph};
pub use path_class::PathClass;
pub use preset::Preset;
pub use rank::{RankedDefinition, RankedFile, Ranking, rank};
pub use request::RankRequest;
pub use weights::EdgeWeights;
