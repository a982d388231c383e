//! The folders of the chat files as a tree.

use ahash::{HashMap, HashSet};

use super::dice;

pub(super) struct Folders<'c> {
    all: HashSet<&'c str>,
    /// A folder by the number of the one around it and its name; 0 is the root.
    numbers: HashMap<(u32, &'c str), u32>,
    /// The least depth of what is in each folder, at any depth below it.
    least: Vec<usize>,
}

impl<'c> Folders<'c> {
    pub(super) fn new(folders: impl Iterator<Item = &'c str>) -> Self {
        let mut this = Self { all: HashSet::default(), numbers: HashMap::default(), least: vec![usize::MAX] };
        folders.for_each(|folder| this.add(folder));
        this
    }

    fn add(&mut self, folder: &'c str) {
        if !self.all.insert(folder) {
            return;
        }
        let depth = parts(folder).count();
        let mut number = 0;
        self.least[0] = self.least[0].min(depth);
        for part in parts(folder) {
            let next = self.least.len() as u32;
            number = *self.numbers.entry((number, part)).or_insert(next);
            if number == next {
                self.least.push(depth);
            }
            let least = &mut self.least[number as usize];
            *least = depth.min(*least);
        }
    }

    /// Whether a chat file is in the folder, and the share of the folders of both ways that are common, of the nearest chat file: 1 for
    /// two at the root.
    ///
    /// All in one folder have its way in common with the folder, so the least deep one is the nearest of them; those that have more
    /// in common are come upon further down.
    pub(super) fn nearest(&self, folder: &str) -> (bool, f32) {
        let own = parts(folder).count();
        let mut near = dice(0, own + self.least[0]).unwrap_or(1.0);
        let mut number = 0;
        for (part, common) in parts(folder).zip(1..) {
            let Some(&next) = self.numbers.get(&(number, part)) else { break };
            number = next;
            near = near.max(dice(common, own + self.least[number as usize]).unwrap_or(1.0));
        }
        (self.all.contains(folder), near)
    }
}

fn parts(folder: &str) -> impl Iterator<Item = &str> {
    folder.split('/').filter(|part| !part.is_empty())
}
