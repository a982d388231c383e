//! What a commit changed: the difference of two trees, with moves.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::ops::ControlFlow;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::diff::tree::visit::{Action, Change};
use gix::diff::tree::{State, Visit};
use gix::objs::{FindExt as _, TreeRefIter};

use crate::repository::Repository;

/// A difference of more files is an import: not even its moves are looked for.
const MAX_CHANGES: usize = 10_000;

/// What a commit changed, by path. Paths that are not UTF-8 are left out: a map cannot name them.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// Each once, in no order: by the name after the commit where there is one.
    pub(crate) files: Vec<String>,
    /// From, to.
    pub(crate) moves: Vec<(String, String)>,
    /// The files of which there is a new text, with the one before, if any, and the new one.
    pub(crate) texts: Vec<(String, Option<ObjectId>, ObjectId)>,
}

/// Compares trees; holds the buffers between them.
#[derive(Default)]
pub(crate) struct Differ {
    state: State,
    old: Vec<u8>,
    new: Vec<u8>,
}

impl Differ {
    /// What turns the tree `old`, or nothing, into `new`. `None` when a tree is missing or damaged.
    pub(crate) fn compare(
        &mut self,
        repository: &Repository,
        old: Option<ObjectId>,
        new: ObjectId,
    ) -> Option<Difference> {
        let objects = &repository.git.objects;
        let old = match old {
            Some(old) => objects.find_tree_iter(&old, &mut self.old).ok()?,
            None => TreeRefIter::from_bytes(&[], new.kind()),
        };
        let new = objects.find_tree_iter(&new, &mut self.new).ok()?;
        let mut found = Found::default();
        match gix::diff::tree(old, new, &mut self.state, objects, &mut found) {
            Ok(()) => Some(found.difference()),
            Err(_) if found.is_too_large() => Some(Difference::too_large()),
            Err(_) => None,
        }
    }
}

impl Difference {
    /// Of an import: enough files for nobody to look at them.
    fn too_large() -> Self {
        Self { files: (0..=crate::Log::MAX_FILES).map(|file| file.to_string()).collect(), ..Self::default() }
    }
}

/// Collects the differences of two trees.
#[derive(Default)]
struct Found {
    path: BString,
    waiting: VecDeque<BString>,
    added: BTreeMap<BString, ObjectId>,
    removed: BTreeMap<BString, ObjectId>,
    modified: Vec<(BString, ObjectId, ObjectId)>,
}

impl Found {
    fn is_too_large(&self) -> bool {
        self.added.len() + self.removed.len() + self.modified.len() > MAX_CHANGES
    }

    fn difference(mut self) -> Difference {
        let mut moves = self.moves_by(|_, content| Some(*content));
        moves.extend(self.moves_by(|path, _| path.rsplit_str("/").next().map(<[u8]>::to_vec)));
        let text = |path: &BString| path.to_str().ok().map(str::to_owned);
        let modified = self.modified.iter().map(|(path, old, new)| (path, Some(*old), *new));
        let added = self.added.iter().map(|(path, new)| (path, None, *new));
        let texts = modified.chain(added).filter_map(|(path, old, new)| Some((text(path)?, old, new)));
        let texts = texts.collect();
        let moves: Vec<_> = moves.iter().filter_map(|(from, to)| Some((text(from)?, text(to)?))).collect();
        let modified = self.modified.iter().map(|(path, ..)| path);
        let alone = self.added.keys().chain(self.removed.keys()).chain(modified);
        let files = alone.filter_map(text).chain(moves.iter().map(|(_, to)| to.clone())).collect();
        Difference { files, moves, texts }
    }

    /// Takes out the pairs of a removed and an added file that alone have the same key.
    fn moves_by<K: Ord>(
        &mut self,
        key: impl Fn(&BString, &ObjectId) -> Option<K>,
    ) -> Vec<(BString, BString)> {
        let unique = |files: &BTreeMap<BString, ObjectId>| {
            let mut by_key: BTreeMap<K, Option<BString>> = BTreeMap::new();
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

impl Visit for Found {
    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.path = self.waiting.pop_front().expect("a folder is entered once after it was pushed");
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.push_path_component(component);
        self.waiting.push_back(self.path.clone());
    }

    fn push_path_component(&mut self, component: &BStr) {
        if !self.path.is_empty() {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(component);
    }

    fn pop_path_component(&mut self) {
        let end = self.path.rfind_byte(b'/').unwrap_or(0);
        self.path.truncate(end);
    }

    fn visit(&mut self, change: Change) -> Action {
        // Folders come with their files; submodules have a history of their own.
        let is_file = |mode: gix::objs::tree::EntryMode| !mode.is_tree() && !mode.is_commit();
        match change {
            Change::Addition { entry_mode, oid, .. } if is_file(entry_mode) => {
                self.added.insert(self.path.clone(), oid);
            }
            Change::Deletion { entry_mode, oid, .. } if is_file(entry_mode) => {
                self.removed.insert(self.path.clone(), oid);
            }
            Change::Modification { entry_mode, previous_entry_mode, previous_oid, oid }
                if is_file(entry_mode) || is_file(previous_entry_mode) =>
            {
                self.modified.push((self.path.clone(), previous_oid, oid));
            }
            _ => {}
        }
        if self.is_too_large() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
