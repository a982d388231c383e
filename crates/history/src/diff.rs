//! What a commit changed: the difference of two trees, with moves.

use std::collections::BTreeMap;
use std::rc::Rc;

use repo_map_git::{ObjectError, ObjectId, TreeEntries, TreeEntry};

use crate::repository::Repository;

/// A difference of more files is an import: not even its moves are looked for.
const MAX_CHANGES: usize = 10_000;
/// What one difference may take: bytes of trees, of paths of folders, and of those of files as often as they are compared.
const MAX_BYTES: u64 = 64 << 20;
/// What a file that differs takes, and how often its path is copied and compared until it is known what was moved.
const CHANGE: usize = 256;
const PATH_USES: usize = 4;
/// What a folder that waits takes beside its path.
const WAITING: usize = 128;
/// How many trees it may read; so many folders of no bytes cost time too.
const MAX_TREES: usize = 1 << 16;
/// What operating systems take; no map can show a longer one.
const MAX_PATH: usize = 4096;
/// What is decoded for one difference, bases of deltas counted: far more than honest packs need for `MAX_BYTES`.
const MAX_WORK: u64 = 2 << 30;

/// What a commit changed, by path. Paths that are not UTF-8 are left out: a map cannot name them.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// Each once, in no order: by the name after the commit where there is one. As many as of an import, when it went over a budget.
    pub(crate) files: Vec<String>,
    /// From, to.
    pub(crate) moves: Vec<(String, String)>,
    /// The files of which there is a new text, with the one before, if any, and the new one.
    pub(crate) texts: Vec<(String, Option<ObjectId>, ObjectId)>,
    /// The bytes of the trees that were compared, the same in however few bytes they are stored.
    pub(crate) bytes: u64,
}

impl Difference {
    /// What turns the tree `old`, or nothing, into `new`. `None` when a tree is missing or damaged.
    pub(crate) fn of(repository: &mut Repository, old: Option<ObjectId>, new: ObjectId) -> Option<Self> {
        let mut comparison = Comparison {
            work: repository.work() + MAX_WORK,
            repository,
            found: Found::default(),
            waiting: vec![Folder { path: Vec::new(), old, new: Some(new) }],
            bytes: 0,
            trees: 0,
        };
        let end = comparison.run();
        let Comparison { found, bytes, .. } = comparison;
        match end {
            Ok(()) => Some(found.difference(bytes)),
            Err(Stop::TooMuch) => Some(Self::too_large(bytes)),
            Err(Stop::Unreadable) => None,
        }
    }

    /// Of an import: enough files for nobody to look at them.
    fn too_large(bytes: u64) -> Self {
        let files = (0..=crate::Log::MAX_FILES).map(|file| file.to_string()).collect();
        Self { files, bytes, ..Self::default() }
    }
}

/// Why a comparison ends before its end.
enum Stop {
    TooMuch,
    Unreadable,
}

/// A folder that differs, or is on one side alone.
struct Folder {
    path: Vec<u8>,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
}

/// Compares folder by folder, the last one that was found first: those that wait are few, however deep or wide the trees are.
struct Comparison<'r> {
    repository: &'r mut Repository,
    found: Found,
    waiting: Vec<Folder>,
    bytes: u64,
    trees: usize,
    /// Where the repository's work must not come to.
    work: u64,
}

impl Comparison<'_> {
    fn run(&mut self) -> Result<(), Stop> {
        while let Some(folder) = self.waiting.pop() {
            let (old, new) = (self.tree(folder.old)?, self.tree(folder.new)?);
            let hash = self.repository.hash;
            let (mut old_entries, mut new_entries) =
                (TreeEntries::new(&old, hash), TreeEntries::new(&new, hash));
            // What is the same is passed over without a look at what it is.
            old_entries.pass_common(&mut new_entries);
            let (mut before, mut after) = (old_entries.next(), new_entries.next());
            while before.is_some() || after.is_some() {
                let order = match (&before, &after) {
                    (Some(before), Some(after)) => name_order(before, after),
                    (Some(_), None) => std::cmp::Ordering::Less,
                    _ => std::cmp::Ordering::Greater,
                };
                let (old, new) = (before.filter(|_| order.is_le()), after.filter(|_| order.is_ge()));
                if order.is_eq() {
                    old_entries.pass_common(&mut new_entries);
                }
                if order.is_le() {
                    before = old_entries.next();
                }
                if order.is_ge() {
                    after = new_entries.next();
                }
                self.pair(&folder.path, old, new)?;
            }
            if old_entries.is_damaged() || new_entries.is_damaged() {
                return Err(Stop::Unreadable);
            }
        }
        Ok(())
    }

    fn tree(&mut self, id: Option<ObjectId>) -> Result<Rc<Vec<u8>>, Stop> {
        let Some(id) = id else { return Ok(Rc::default()) };
        self.trees += 1;
        if self.trees > MAX_TREES || self.repository.work() > self.work {
            return Err(Stop::TooMuch);
        }
        let tree = self.repository.tree(&id).map_err(|error| match error {
            ObjectError::TooLarge => Stop::TooMuch,
            _ => Stop::Unreadable,
        })?;
        self.count(tree.len())?;
        Ok(tree)
    }

    fn count(&mut self, bytes: usize) -> Result<(), Stop> {
        self.bytes += bytes as u64;
        if self.bytes > MAX_BYTES { Err(Stop::TooMuch) } else { Ok(()) }
    }

    /// What has one name on both sides, or is on one alone.
    fn pair(
        &mut self,
        folder: &[u8],
        old: Option<TreeEntry<'_>>,
        new: Option<TreeEntry<'_>>,
    ) -> Result<(), Stop> {
        let is_same = |old: &TreeEntry<'_>, new: &TreeEntry<'_>| {
            old.id == new.id && (old.mode == new.mode || old.is_folder())
        };
        let Some(name) = old.as_ref().or(new.as_ref()).map(|entry| entry.name) else { return Ok(()) };
        if let (Some(old), Some(new)) = (&old, &new)
            && is_same(old, new)
        {
            return Ok(());
        }
        let is_folder = |entry: &Option<TreeEntry<'_>>| entry.is_some_and(|entry| entry.is_folder());
        // Folders come with their files; submodules have a history of their own.
        let is_file = |entry: &Option<TreeEntry<'_>>| entry.is_some_and(|entry| entry.is_file());
        if !is_folder(&old) && !is_folder(&new) && !is_file(&old) && !is_file(&new) {
            return Ok(());
        }
        let mut path = folder.to_vec();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        if path.len() > MAX_PATH {
            return Err(Stop::TooMuch);
        }
        if is_folder(&old) || is_folder(&new) {
            self.count(path.len() + WAITING)?;
            let id = |entry: Option<TreeEntry<'_>>| entry.map(|entry| entry.id);
            self.waiting.push(Folder { path, old: id(old), new: id(new) });
            return Ok(());
        }
        self.count(CHANGE + PATH_USES * path.len())?;
        match (old, new) {
            (Some(old), Some(new)) => self.found.modified.push((path, old.id, new.id)),
            (Some(old), None) => drop(self.found.removed.insert(path, old.id)),
            (None, Some(new)) => drop(self.found.added.insert(path, new.id)),
            (None, None) => {}
        }
        if self.found.is_too_large() { Err(Stop::TooMuch) } else { Ok(()) }
    }
}

/// Git's order: a folder's name counts as one with `/` at its end. So a file and a folder never are a pair.
fn name_order(a: &TreeEntry<'_>, b: &TreeEntry<'_>) -> std::cmp::Ordering {
    let common = a.name.len().min(b.name.len());
    a.name[..common].cmp(&b.name[..common]).then_with(|| {
        let a_next = a.name.get(common).or_else(|| a.is_folder().then_some(&b'/'));
        let b_next = b.name.get(common).or_else(|| b.is_folder().then_some(&b'/'));
        a_next.cmp(&b_next)
    })
}

/// Collects the differences of two trees.
#[derive(Default)]
struct Found {
    added: BTreeMap<Vec<u8>, ObjectId>,
    removed: BTreeMap<Vec<u8>, ObjectId>,
    modified: Vec<(Vec<u8>, ObjectId, ObjectId)>,
}

impl Found {
    fn is_too_large(&self) -> bool {
        self.added.len() + self.removed.len() + self.modified.len() > MAX_CHANGES
    }

    fn difference(mut self, bytes: u64) -> Difference {
        let mut moves = self.moves_by(|_, content| Some(*content));
        moves.extend(self.moves_by(|path, _| path.rsplit(|&byte| byte == b'/').next().map(<[u8]>::to_vec)));
        let text = |path: &Vec<u8>| std::str::from_utf8(path).ok().map(str::to_owned);
        let modified = self.modified.iter().map(|(path, old, new)| (path, Some(*old), *new));
        let added = self.added.iter().map(|(path, new)| (path, None, *new));
        let texts = modified.chain(added).filter_map(|(path, old, new)| Some((text(path)?, old, new)));
        let texts = texts.collect();
        let moves: Vec<_> = moves.iter().filter_map(|(from, to)| Some((text(from)?, text(to)?))).collect();
        let modified = self.modified.iter().map(|(path, ..)| path);
        let alone = self.added.keys().chain(self.removed.keys()).chain(modified);
        let files = alone.filter_map(text).chain(moves.iter().map(|(_, to)| to.clone())).collect();
        Difference { files, moves, texts, bytes }
    }

    /// Takes out the pairs of a removed and an added file that alone have the same key.
    fn moves_by<K: Ord>(
        &mut self,
        key: impl Fn(&Vec<u8>, &ObjectId) -> Option<K>,
    ) -> Vec<(Vec<u8>, Vec<u8>)> {
        let unique = |files: &BTreeMap<Vec<u8>, ObjectId>| {
            let mut by_key: BTreeMap<K, Option<Vec<u8>>> = BTreeMap::new();
            for (path, content) in files {
                let Some(key) = key(path, content) else { continue };
                by_key.entry(key).and_modify(|path| *path = None).or_insert_with(|| Some(path.clone()));
            }
            by_key
        };
        if self.added.is_empty() || self.removed.is_empty() {
            return Vec::new();
        }
        let mut added = unique(&self.added);
        let moves: Vec<_> = unique(&self.removed)
            .into_iter()
            .filter_map(|(key, from)| Some((from?, added.remove(&key)??)))
            .collect();
        for (from, to) in &moves {
            self.removed.remove(from);
            self.added.remove(to);
        }
        moves
    }
}
