//! A graph that one process leaves to the next: what takes long to work out, part by part, as bytes. The rest follows from the corpus.

mod columns;
mod parts;

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

pub(crate) use self::parts::read_overview;
pub(super) use self::parts::{read_base, read_imports, read_used, read_walk};
use super::ReferenceGraph;
use crate::{Corpus, Preset};

/// A part of a graph. Each is of use without the others, but for [`Base`](Self::Base), without which there is no graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GraphPart {
    /// Who uses which name, and what files are for.
    Base,
    /// Groups of names and the weights of the edges to them.
    Walk,
    /// How much each file is used.
    Used,
    /// Which files import which.
    Imports,
    /// The order of an overview.
    Overview,
}

/// Where the parts of a graph are kept. What it gives has to be of the corpus and preset that the graph is restored with, and of this
/// version of the crate: bytes that are none are found out, those of another tree are not.
pub trait KeptGraph: Debug + Send + Sync {
    /// Hands the bytes of a part to `read`, if they are there.
    fn part(&self, part: GraphPart, read: &mut dyn FnMut(&[u8]));
}

/// The parts of a graph that are kept, and which of them were of use.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    from: Arc<dyn KeptGraph>,
    taken: Arc<AtomicU8>,
}

impl GraphPart {
    /// All parts.
    pub const ALL: [Self; 5] = [Self::Base, Self::Walk, Self::Used, Self::Imports, Self::Overview];

    /// A number that stands for the part in keys: never another one.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl Kept {
    pub(super) fn new(from: Arc<dyn KeptGraph>) -> Self {
        Self { from, taken: Arc::default() }
    }

    /// What the bytes of a part say.
    pub(super) fn take<T>(&self, part: GraphPart, mut read: impl FnMut(&[u8]) -> Option<T>) -> Option<T> {
        let mut found = None;
        self.from.part(part, &mut |bytes| found = read(bytes));
        if found.is_some() {
            self.taken.fetch_or(1 << part.code(), Ordering::Relaxed);
        }
        found
    }

    fn has_given(&self, part: GraphPart) -> bool {
        self.taken.load(Ordering::Relaxed) & 1 << part.code() != 0
    }
}

impl ReferenceGraph {
    /// The graph of a corpus from what was kept of it; the same as [`build`](Self::build) gives. `None` where the [base](GraphPart::Base) is not
    /// there or is none; a further part is asked for when it is needed, and worked out where it is not there.
    pub fn restore(corpus: &Corpus, preset: Preset, kept: Arc<dyn KeptGraph>) -> Option<Self> {
        super::build::restore(corpus, preset, Kept::new(kept))
    }

    /// The parts that were worked out here, and not restored, as bytes.
    pub fn new_parts(&self) -> impl Iterator<Item = (GraphPart, Vec<u8>)> + '_ {
        let is_new = |part: &GraphPart| !self.kept.as_ref().is_some_and(|kept| kept.has_given(*part));
        GraphPart::ALL.into_iter().filter(is_new).filter_map(|part| Some((part, parts::write(self, part)?)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Mutex;

    use repo_map_model::{DefinitionKind, RepoPath};

    use super::*;
    use crate::{Evidence, RankRequest, Signal, Weights, combine, rank};

    #[derive(Debug, Default)]
    struct Parts(Mutex<HashMap<GraphPart, Vec<u8>>>);

    impl KeptGraph for Parts {
        fn part(&self, part: GraphPart, read: &mut dyn FnMut(&[u8])) {
            if let Some(bytes) = self.0.lock().unwrap().get(&part) {
                read(bytes);
            }
        }
    }

    fn corpus() -> Corpus {
        let mut corpus = Corpus::new();
        let names: Vec<String> =
            (0..90).map(|at| format!("{}name_{at}", ["", "_", "Long"][at % 3])).collect();
        for at in 0..50_usize {
            let kinds = [DefinitionKind::Function, DefinitionKind::Class, DefinitionKind::Module];
            let defined = (0..at % 4).map(|n| (names[(at * 3 + n) % 90].as_str(), kinds[n % 3], n == 2));
            let used = (0..at % 7).map(|n| (names[(at * 11 + n * 5) % 90].as_str(), 1 + (n as u32) * 200));
            let path =
                RepoPath::new(&format!("{}p{}/f{at}.py", ["", "tests/", "docs/"][at % 3], at % 5)).unwrap();
            let file = corpus.set_file(&path, defined, used);
            corpus.set_imports(file, [names[at].as_str(), "f7", "f12"]);
            corpus.set_mentions(file, [names[(at * 7) % 90].as_str()]);
        }
        corpus.remove_file("p3/f33.py");
        corpus
    }

    /// All that a graph is asked, to the last bit.
    fn told(corpus: &Corpus, graph: &ReferenceGraph) -> String {
        let chat = [RepoPath::new("p0/f15.py").unwrap()];
        let mut told = String::new();
        for (chat, is_task) in [(&chat[..], false), (&[], false), (&[], true), (&chat, true)] {
            let request = RankRequest { chat_files: chat, limit: 60, ..RankRequest::default() };
            let mut evidence = Evidence::new();
            if is_task {
                evidence.set_task();
                let found = (0..20).map(|at| (crate::FileId(at), at as f32 / 20.0));
                evidence.files(Signal::Body, found);
            }
            let chances = combine(corpus, graph, &request, &evidence, &Weights::default());
            told += &format!("{:?} {:?}\n", chances.files, chances.definitions);
            told += &format!("{:?}\n", rank(corpus, graph, &request));
        }
        told
    }

    #[test]
    fn a_graph_that_was_kept_is_the_one_that_was_built_and_works_nothing_out() {
        let (corpus, preset) = (corpus(), Preset::default());
        let built = ReferenceGraph::build(&corpus, preset.clone());
        let expected = told(&corpus, &built);
        let kept = Arc::new(Parts::default());
        kept.0.lock().unwrap().extend(built.new_parts());
        assert_eq!(kept.0.lock().unwrap().len(), GraphPart::ALL.len());
        let restored = ReferenceGraph::restore(&corpus, preset.clone(), kept.clone()).unwrap();
        assert_eq!(told(&corpus, &restored), expected);
        assert_eq!(restored.new_parts().count(), 0);
        // What is missing is worked out.
        for part in GraphPart::ALL {
            let bytes = kept.0.lock().unwrap().remove(&part).unwrap();
            let restored = ReferenceGraph::restore(&corpus, preset.clone(), kept.clone());
            assert_eq!(restored.is_none(), part == GraphPart::Base);
            if let Some(restored) = restored {
                assert_eq!(told(&corpus, &restored), expected);
                assert_eq!(restored.new_parts().collect::<Vec<_>>(), [(part, bytes.clone())]);
            }
            kept.0.lock().unwrap().insert(part, bytes);
        }
    }

    /// Checksums hold for who writes to the store as this product does; this is for others.
    #[test]
    fn parts_that_are_damaged_or_of_another_graph_do_not_panic() {
        let (corpus, preset) = (corpus(), Preset::default());
        let built = ReferenceGraph::build(&corpus, preset.clone());
        drop(told(&corpus, &built));
        let parts: Vec<_> = built.new_parts().collect();
        let kept = Arc::new(Parts::default());
        for (part, bytes) in &parts {
            kept.0.lock().unwrap().extend(parts.iter().cloned());
            for at in (0..=bytes.len()).step_by((bytes.len() / 24).max(1)) {
                let mut damaged = bytes.clone();
                match damaged.get_mut(at) {
                    Some(byte) => *byte ^= 0xff,
                    None => drop(damaged.pop()),
                }
                kept.0.lock().unwrap().insert(*part, damaged);
                let restored = ReferenceGraph::restore(&corpus, preset.clone(), kept.clone());
                restored.into_iter().for_each(|graph| drop(told(&corpus, &graph)));
            }
        }
        let mut other = Corpus::new();
        other.set_file(&RepoPath::new("a.py").unwrap(), [("name_0", DefinitionKind::Class, false)], []);
        kept.0.lock().unwrap().extend(parts);
        assert!(ReferenceGraph::restore(&other, preset, kept).is_none());
    }
}
