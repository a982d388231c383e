//! The paths that a log names.

use ahash::HashMap;

use crate::commit::Commit;

/// Of all paths of a log: twenty times those of Linux.
const MAX_BYTES: usize = 64 << 20;
/// Of all commits of a log.
const MAX_MOVES: usize = 1 << 20;

/// Numbers for paths, in the order that they come.
#[derive(Default)]
pub(crate) struct PathTable {
    /// Whoever made the repository chose the paths: the hash has a secret.
    numbers: HashMap<Box<str>, u32>,
    bytes: usize,
    moves: usize,
}

impl PathTable {
    /// Takes note of a commit's moves; whether there is room for them and for the paths. A commit that finds none counts as one of too many files.
    pub(crate) fn have_room<'p>(&mut self, paths: impl Iterator<Item = &'p str>, moves: usize) -> bool {
        let bytes = paths.map(str::len).sum::<usize>();
        let have_room = self.bytes + bytes <= MAX_BYTES && self.moves + moves <= MAX_MOVES;
        self.moves += if have_room { moves } else { 0 };
        have_room
    }

    pub(crate) fn index(&mut self, path: &str) -> u32 {
        if let Some(&number) = self.numbers.get(path) {
            return number;
        }
        let number = u32::try_from(self.numbers.len()).expect("a log names fewer than 2^32 paths");
        self.numbers.insert(path.into(), number);
        self.bytes += path.len();
        number
    }

    /// The paths in order; the commits' numbers become positions in it.
    pub(crate) fn sorted(self, commits: &mut [Commit]) -> Vec<Box<str>> {
        let mut paths: Vec<_> = self.numbers.into_iter().collect();
        paths.sort_unstable();
        let mut positions = vec![0; paths.len()];
        for (position, (_, number)) in (0..).zip(&paths) {
            positions[*number as usize] = position;
        }
        for commit in commits {
            commit.files.iter_mut().for_each(|file| *file = positions[*file as usize]);
            commit.files.sort_unstable();
            commit.names.iter_mut().flatten().for_each(|(file, _)| *file = positions[*file as usize]);
            commit.names.iter_mut().for_each(|names| names.sort_unstable());
            commit.moves.iter_mut().for_each(|(from, to)| {
                (*from, *to) = (positions[*from as usize], positions[*to as usize]);
            });
            commit.moves.sort_unstable();
        }
        paths.into_iter().map(|(path, _)| path).collect()
    }
}
