//! The paths of a tree taken apart once, so that a request asks of each folder, name and word, not of each path.

use std::hash::Hash;
use std::mem;

use ahash::HashMap;
use repo_map_model::RepoPath;

use super::names::words;
use super::{ChatPaths, subject};

/// The parts of all paths, each once, with who has it. A path stands at the place of its node.
#[derive(Clone, Debug)]
pub(crate) struct TreePaths {
    folders: Parts,
    stems: Parts,
    kinds: Parts,
    /// Stems by a word of theirs, in small letters.
    having: HashMap<String, Vec<u32>>,
    /// Stems by what is named so and what tests it.
    about: HashMap<String, Vec<u32>>,
}

/// One part of each path by a number.
#[derive(Clone, Debug, Default)]
struct Parts {
    of_node: Vec<u32>,
    /// A node that has the part, by its number.
    first: Vec<u32>,
}

impl Parts {
    fn of<'p, K: Eq + Hash>(paths: &'p [RepoPath], part: impl Fn(&'p RepoPath) -> K) -> Self {
        let (mut numbers, mut this) = (HashMap::default(), Self::default());
        for (path, node) in paths.iter().zip(0..) {
            let next = this.first.len() as u32;
            let number = *numbers.entry(part(path)).or_insert(next);
            if number == next {
                this.first.push(node);
            }
            this.of_node.push(number);
        }
        this
    }

    /// A value for each node, from one for each part.
    fn spread(&self, values: &[f32]) -> Vec<f32> {
        self.of_node.iter().map(|&number| values[number as usize]).collect()
    }
}

/// The signals of all paths against all chat files: the best that any of these gives, each for itself.
pub(crate) struct AllNear {
    /// In the folder of a chat file.
    pub(crate) same_folder: Vec<f32>,
    /// The share of the folders on both ways that are common, of the nearest chat file.
    pub(crate) near: Vec<f32>,
    /// Named like a chat file but for its extension and what marks a test.
    pub(crate) same_stem: Vec<f32>,
    /// How many of the words of both names are common: Dice's coefficient, of the likest chat file.
    pub(crate) shared_words: Vec<f32>,
    /// With the extension of a chat file.
    pub(crate) same_kind: Vec<f32>,
}

impl TreePaths {
    pub(crate) fn of(paths: &[RepoPath]) -> Self {
        let stems = Parts::of(paths, RepoPath::stem);
        let (mut having, mut about) =
            (HashMap::<String, Vec<u32>>::default(), HashMap::<_, Vec<u32>>::default());
        for (&node, stem) in stems.first.iter().zip(0..) {
            let text = paths[node as usize].stem();
            about.entry(subject(text)).or_default().push(stem);
            for word in words(text) {
                let those = having.entry(word.to_ascii_lowercase()).or_default();
                if those.last() != Some(&stem) {
                    those.push(stem);
                }
            }
        }
        Self {
            folders: Parts::of(paths, RepoPath::parent),
            kinds: Parts::of(paths, RepoPath::extension),
            stems,
            having,
            about,
        }
    }

    /// What each path has to do with the chat files. Costs a look at each folder and at the names that share a word with a chat file's.
    pub(crate) fn near(&self, paths: &[RepoPath], chat: &[RepoPath]) -> AllNear {
        let mut of_chat = ChatPaths::new(chat);
        let path = |node: &u32| &paths[*node as usize];
        let flag = |is: bool| if is { 1.0 } else { 0.0 };
        let folders: Vec<(bool, f32)> =
            self.folders.first.iter().map(|node| of_chat.folders.nearest(path(node).parent())).collect();
        let same_folder: Vec<f32> = folders.iter().map(|(is, _)| flag(*is)).collect();
        let near: Vec<f32> = folders.iter().map(|(_, near)| *near).collect();
        let is_kind = |node: &u32| flag(of_chat.kinds.contains(&path(node).extension()));
        let kinds: Vec<f32> = self.kinds.first.iter().map(is_kind).collect();
        let mut same_stem = vec![0.0; self.stems.first.len()];
        let about = of_chat.subjects.iter().filter_map(|subject| self.about.get(subject));
        about.flatten().for_each(|&stem| same_stem[stem as usize] = 1.0);
        let mut shared_words = vec![0.0; self.stems.first.len()];
        let mut is_asked = vec![false; self.stems.first.len()];
        let having = of_chat.names.all_words().filter_map(|word| self.having.get(word));
        let sharing: Vec<u32> = having.flatten().copied().collect();
        for stem in sharing {
            if !mem::replace(&mut is_asked[stem as usize], true) {
                let text = path(&self.stems.first[stem as usize]).stem();
                shared_words[stem as usize] = of_chat.names.likest(text);
            }
        }
        AllNear {
            same_folder: self.folders.spread(&same_folder),
            near: self.folders.spread(&near),
            same_stem: self.stems.spread(&same_stem),
            shared_words: self.stems.spread(&shared_words),
            same_kind: self.kinds.spread(&kinds),
        }
    }
}
