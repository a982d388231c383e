//! What a corpus forgets, and what it takes.

use repo_map_model::RepoPath;

use super::{Corpus, CorpusFile, FileId};
use crate::symbols::Symbol;

/// What is dropped before it is worth a look at all files.
const WORTH_A_COUNT: usize = 16_384;

impl Corpus {
    /// Forgets the names and paths that no file has any more, if they are more than those that some file has; says whether it did. Then
    /// all files have new ids, and graphs that were built before mean nothing. Worth a call after files were set or removed: it costs
    /// time for what was dropped since the last call, and one pass over all files now and then.
    pub fn compact(&mut self) -> bool {
        let is_mostly_gone = self.files.len() > 2 * self.present + WORTH_A_COUNT;
        if self.dropped < self.symbols.len().max(WORTH_A_COUNT) && !is_mostly_gone {
            return false;
        }
        self.dropped = 0;
        let mut is_used = vec![false; self.symbols.len()];
        let present = || self.files.iter().filter(|file| file.present);
        present().flat_map(CorpusFile::symbols).for_each(|symbol| is_used[symbol.0 as usize] = true);
        let used = is_used.iter().filter(|is| **is).count();
        if used > is_used.len() / 2 && !is_mostly_gone {
            return false;
        }
        let new = self.symbols.retain(&is_used);
        let renamed = |symbol: &mut Symbol| *symbol = new[symbol.0 as usize];
        self.files.retain(|file| file.present);
        self.files.shrink_to_fit();
        for file in &mut self.files {
            file.definitions.iter_mut().for_each(|definition| renamed(&mut definition.symbol));
            file.references.iter_mut().for_each(|reference| renamed(&mut reference.symbol));
            file.imports.iter_mut().chain(&mut file.mentions).for_each(renamed);
        }
        self.by_path = self.files.iter().zip(0..).map(|(file, id)| (file.path.clone(), FileId(id))).collect();
        true
    }

    /// The memory that the corpus takes, in bytes: an estimate.
    pub fn memory(&self) -> usize {
        let of_path = |path: &RepoPath| path.as_str().len() + 2 * size_of::<usize>();
        let of_file = |file: &CorpusFile| {
            size_of_val(&*file.definitions)
                + size_of_val(&*file.references)
                + size_of_val(&*file.imports)
                + size_of_val(&*file.mentions)
                + of_path(&file.path)
        };
        self.symbols.bytes()
            + self.files.iter().map(of_file).sum::<usize>()
            + self.files.capacity() * size_of::<CorpusFile>()
            + self.by_path.capacity() * (size_of::<(RepoPath, FileId)>() + 1)
    }
}

#[cfg(test)]
mod tests {
    use repo_map_model::DefinitionKind;

    use super::*;
    use crate::{Preset, RankRequest, ReferenceGraph, rank};

    const FILES: usize = 40;

    /// Files of a hundred functions, which call those of the next file. The names change with the edition.
    fn set(corpus: &mut Corpus, file: usize, edition: usize) {
        let names: Vec<String> = (0..100).map(|at| format!("function_{file}_{edition}_{at}")).collect();
        let calls: Vec<String> =
            (0..100).map(|at| format!("function_{}_{edition}_{at}", (file + 1) % FILES)).collect();
        let path = RepoPath::new(&format!("f{file}.py")).unwrap();
        let defined = names.iter().map(|name| (name.as_str(), DefinitionKind::Function, false));
        let id = corpus.set_file(&path, defined, calls.iter().map(|name| (name.as_str(), 1)));
        corpus.set_imports(id, [format!("f{}", (file + 1) % FILES).as_str()]);
        corpus.set_mentions(id, [mention(file, edition).as_str(), "Queue"]);
    }

    /// A name that nothing else of its file has.
    fn mention(file: usize, edition: usize) -> String {
        format!("mention_{file}_{edition}")
    }

    fn ranked(corpus: &Corpus) -> Vec<(String, String, u64)> {
        let graph = ReferenceGraph::build(corpus, Preset::default());
        let ranking = rank(corpus, &graph, &RankRequest::default());
        let named = |of: &crate::RankedDefinition| {
            let name = corpus.definition_name(of.file, of.definition).unwrap();
            (corpus.path(of.file).to_string(), name.to_owned(), of.score.to_bits())
        };
        ranking.definitions.iter().map(named).collect()
    }

    #[test]
    fn names_and_paths_that_are_gone_take_no_memory_and_change_no_rank() {
        let mut corpus = Corpus::new();
        let (mut most, mut compactions) = (0, 0);
        for edition in 0..100 {
            // A file of each edition goes with it.
            let gone = RepoPath::new(&format!("gone{edition}.py")).unwrap();
            corpus.set_file(&gone, [("gone", DefinitionKind::Function, false)], []);
            (0..FILES).for_each(|file| set(&mut corpus, file, edition));
            corpus.remove_file(gone.as_str());
            compactions += usize::from(corpus.compact());
            most = most.max(corpus.memory());
        }
        let mut fresh = Corpus::new();
        (0..FILES).for_each(|file| set(&mut fresh, file, 99));
        assert_eq!(ranked(&corpus), ranked(&fresh));
        for file in 0..FILES {
            let id = corpus.file(&format!("f{file}.py")).unwrap();
            let mut mentions: Vec<_> = corpus.mentions(id).collect();
            mentions.sort_unstable();
            assert_eq!(mentions, ["Queue", &mention(file, 99)]);
        }
        assert!(compactions > 5, "{compactions}");
        // Half of the names may be gone before a count, and as many again until the next.
        assert!(most < 6 * fresh.memory() + 20 * WORTH_A_COUNT, "{most} {}", fresh.memory());
        assert!(corpus.file("gone99.py").is_none() && corpus.slots().len() <= FILES + 100);
    }

    #[test]
    fn what_is_still_used_is_not_counted_again_and_again() {
        let mut corpus = Corpus::new();
        (0..FILES).for_each(|file| set(&mut corpus, file, 0));
        let id = corpus.file("f0.py");
        assert!(!corpus.compact());
        (0..FILES * 10).for_each(|file| set(&mut corpus, file % FILES, 0));
        assert!(!corpus.compact(), "all names are used");
        assert_eq!(corpus.file("f0.py"), id);
    }
}
